extension ScriptList {
  /// The elements that are lists, maps, functions or values of the host, in order: plain ones are passed over.
  package var containers: [Value] {
    (0..<count).compactMap { slot(at: $0).isContainer ? slot(at: $0).value : nil }
  }
}

extension ScriptMap {
  /// The values that are lists, maps, functions or values of the host, in order.
  package var containers: [Value] {
    (0..<used).compactMap { place in
      guard let entry = entry(at: place), entry.value.isContainer else { return nil }
      return entry.value.value
    }
  }
}
