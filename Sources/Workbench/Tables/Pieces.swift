import Safepoint

/// Loops over many rows, which look in between whether the work must stop.
enum Pieces {
  /// The rows that are done without a look, a millisecond's work or less.
  private static let size = 1 << 14

  /// Goes through the places below `count`, a piece after the other; throws when the work must stop.
  @inline(__always)
  static func forEach(_ count: Int, _ body: (Range<Int>) throws -> Void) throws {
    var start = 0
    while start < count {
      let end = min(start + size, count)
      try body(start..<end)
      try Safepoint.check()
      start = end
    }
  }

  /// What a function makes of each place below `count`.
  @inline(__always)
  static func map<Element>(_ count: Int, _ element: (Int) throws -> Element) throws -> [Element] {
    try Safepoint.reserve(MemoryLayout<Element>.stride, times: count, for: "a column")
    var elements: [Element] = []
    elements.reserveCapacity(count)
    try forEach(count) { for place in $0 { elements.append(try element(place)) } }
    return elements
  }

  /// The places below `count` of which a function says so.
  @inline(__always)
  static func places(_ count: Int, where isWanted: (Int) -> Bool) throws -> [Int] {
    try Safepoint.reserve(MemoryLayout<Int>.stride, times: count, for: "the places of rows")
    var places: [Int] = []
    try forEach(count) { for place in $0 where isWanted(place) { places.append(place) } }
    return places
  }
}
