/// Iteration over any value that has elements.
enum Elements {
  /// A function that returns one element after the other and then nil, or nil when the value has no elements.
  ///
  /// A map gives its keys, a string its code points. A list that grows meanwhile gives its new elements too.
  static func iterator(over value: Value) throws -> (() throws -> Value?)? {
    var position = 0
    switch value {
    case .list(let list):
      return {
        guard position < list.count else { return nil }
        defer { position += 1 }
        return list[position]
      }
    case .range(let range):
      return {
        guard position < range.count else { return nil }
        defer { position += 1 }
        return .number(range[position])
      }
    case .map(let map):
      var keys = map.keys.makeIterator()
      return { keys.next() }
    case .string(let text):
      var scalars = text.unicodeScalars.makeIterator()
      return { scalars.next().map { .string(String($0)) } }
    case .object(let object): return try object.elements()
    default: return nil
    }
  }
}
