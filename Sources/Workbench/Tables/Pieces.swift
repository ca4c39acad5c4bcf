import Safepoint
import Tensors

/// Loops over many rows, which look in between whether the work must stop.
enum Pieces {
  /// The rows that are done without a look, a millisecond's work or less.
  private static let size = 1 << 14
  /// The rows that one thread does before it takes more.
  private static let share = 1 << 16

  /// Goes through the places below `count`, a piece after the other; throws when the work must stop.
  @inline(__always)
  static func forEach(_ count: Int, _ body: (Range<Int>) throws -> Void) throws { try forEach(0..<count, body) }

  /// Goes through some places, a piece after the other; throws when the work must stop.
  @inline(__always)
  static func forEach(_ places: Range<Int>, _ body: (Range<Int>) throws -> Void) throws {
    var start = places.lowerBound
    while start < places.upperBound {
      let end = min(start + size, places.upperBound)
      try body(start..<end)
      try Safepoint.check()
      start = end
    }
  }

  /// What a function makes of each place below `count`, one after the other.
  @inline(__always)
  static func map<Element>(_ count: Int, _ element: (Int) throws -> Element) throws -> [Element] {
    try Safepoint.reserve(MemoryLayout<Element>.stride, times: count, for: "a column")
    var elements: [Element] = []
    elements.reserveCapacity(count)
    try forEach(count) { for place in $0 { elements.append(try element(place)) } }
    return elements
  }

  /// What a function makes of each place below `count`, of many places on several threads: it only reads what others may read as well.
  @inline(__always)
  static func filled<Element: BitwiseCopyable>(_ count: Int, _ element: (Int) -> Element) throws -> [Element] {
    try Safepoint.reserve(MemoryLayout<Element>.stride, times: count, for: "a column")
    return try Parallel.filled(count, piece: share) { places, elements in
      for offset in elements.indices { elements[offset] = element(places.lowerBound + offset) }
    }
  }

  /// What a function makes of each of some values. That both spans are as long is told before the loop, so that it has no checks and the
  /// compiler makes vectors of it.
  @inline(__always)
  static func filled<A: BitwiseCopyable, Element: BitwiseCopyable>(
    from values: [A], _ element: (A) -> Element
  ) throws -> [Element] {
    try Safepoint.reserve(MemoryLayout<Element>.stride, times: values.count, for: "a column")
    return try Parallel.filled(values.count, piece: share) { places, elements in
      let part = values.span.extracting(places)
      precondition(part.count == elements.count, "a piece of another length")
      for offset in elements.indices { elements[offset] = element(part[offset]) }
    }
  }

  /// What a function makes of each of some values and another at the same place.
  @inline(__always)
  static func filled<A: BitwiseCopyable, B: BitwiseCopyable, Element: BitwiseCopyable>(
    from values: [A], _ others: [B], _ element: (A, B) -> Element
  ) throws -> [Element] {
    precondition(values.count == others.count, "columns of several lengths")
    try Safepoint.reserve(MemoryLayout<Element>.stride, times: values.count, for: "a column")
    return try Parallel.filled(values.count, piece: share) { places, elements in
      let (part, other) = (values.span.extracting(places), others.span.extracting(places))
      precondition(part.count == elements.count && other.count == elements.count, "a piece of another length")
      for offset in elements.indices { elements[offset] = element(part[offset], other[offset]) }
    }
  }

  /// What a function makes of each of some parts of the places below `count`, in order, on several threads. The parts depend on `count` alone,
  /// so that sums over them are rounded alike on any machine; there are at most `most` of them.
  static func parts<Result>(_ count: Int, most: Int = 16, _ body: (Range<Int>) throws -> Result) throws -> [Result] {
    let parts = max(1, min(most, count / share))
    return try Parallel.map(parts, threads: Parallel.available) { part in
      try body(count * part / parts..<count * (part + 1) / parts)
    }
  }

  /// The places below `count` of which a function says so; it only reads what others may read as well.
  @inline(__always)
  static func places(_ count: Int, where isWanted: (Int) -> Bool) throws -> [Int] {
    try Safepoint.reserve(2 * MemoryLayout<Int>.stride, times: count, for: "the places of rows")
    let found = try parts(count) { part in
      var places: [Int] = []
      try forEach(part) { for place in $0 where isWanted(place) { places.append(place) } }
      return places
    }
    return found.count == 1 ? found[0] : Array(found.joined())
  }
}
