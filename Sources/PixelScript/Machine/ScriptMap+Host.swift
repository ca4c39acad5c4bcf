/// Maps as hosts see them.
extension ScriptMap {
  /// The keys and values in insertion order.
  public var entries: [(key: Value, value: Value)] {
    (0..<used).compactMap { place in
      let entry = unsafe storage[place]
      return entry.key.tag == .undefined ? nil : (entry.key.value, entry.value.value)
    }
  }

  /// The keys in insertion order.
  public var keys: [Value] { entries.map(\.key) }

  /// The keys that are strings, for suggestions; of a large map only the first, as nobody waits for the others to be compared.
  var names: [String] {
    (0..<min(used, 1000)).compactMap { place in
      guard let key = entry(at: place)?.key, key.tag == .string, key.object(StringBox.self).size <= 100 else {
        return nil
      }
      return key.object(StringBox.self).text
    }
  }

  /// What a key has that is not there, or a function that makes it; nil without one.
  public var missing: Value? {
    get { fallback.tag == .undefined ? nil : fallback.value }
    set { setFallback(owning: newValue.map { Slot($0, heap: heap) } ?? .undefined) }
  }

  /// The value of a string key; setting nil removes the entry.
  public subscript(key: String) -> Value? {
    get { value(for: .string(key)) }
    set {
      if let newValue { _ = set(newValue, for: .string(key)) } else { _ = remove(.string(key)) }
    }
  }

  /// The value of a key, or nil.
  public func value(for key: Value) -> Value? {
    withKey(key) { slot, hash in place(of: slot, hash: hash).map { self.slot(at: $0).value } } ?? nil
  }

  /// Sets the value of a key; returns false when the key is no string, number or boolean.
  public func set(_ value: Value, for key: Value) -> Bool {
    withKey(key) { slot, hash in set(slot, hash: hash, owning: Slot(value, heap: heap)) } != nil
  }

  /// Removes an entry and returns its value, or nil when there is none.
  @discardableResult public func remove(_ key: Value) -> Value? {
    let removed: Value?? = withKey(key) { slot, hash in
      place(of: slot, hash: hash).map { place in
        let value = take(at: place)
        defer { Teardown.release(value) }
        return value.value
      }
    }
    return removed ?? nil
  }

  private func withKey<R>(_ key: Value, _ body: (Slot, Int) -> R) -> R? {
    let slot = Slot(key.plain)
    defer { Teardown.release(slot) }
    return ScriptMap.hash(of: slot).map { body(slot, $0) }
  }
}
