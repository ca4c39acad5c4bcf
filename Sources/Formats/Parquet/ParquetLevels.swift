/// The levels of a column's entries: how much of each is there, and at which list it goes on.
struct ParquetLevels {
  var count = 0
  /// Empty when every value is there because none may be null.
  var definitions: [UInt8] = []
  /// Empty when the values lie in no list.
  var repetitions: [UInt8] = []
  /// Whether each entry has a value: no null is among them, and no list without elements.
  private(set) var isWhole = false
  /// When it is whole, where the lists end among the lists or values inside them, the outermost lists first.
  private(set) var ends: [[Int]] = []

  /// Finds the ends of all lists of levels that are whole; `depth` tells how many lists a value lies in.
  mutating func findEnds(depth: Int) {
    isWhole = true
    // A list begins where an entry goes on with no more than the lists around it. From the inside out, only the beginnings
    // of lists need to be looked at again.
    var beginnings = repetitions
    for depth in (0..<depth).reversed() {
      let (ends, outer) = Self.ends(beginnings, depth: UInt8(depth))
      self.ends.insert(ends, at: 0)
      beginnings = outer
    }
  }

  /// The row of a value, counted among those that are there, which are so from a definition level on.
  func row(ofValue value: Int, definition: Int) -> Int {
    var (row, left) = (-1, value)
    for entry in 0..<count {
      if repetitions.isEmpty || repetitions[entry] == 0 { row += 1 }
      if !definitions.isEmpty, definitions[entry] < definition { continue }
      if left == 0 { break }
      left -= 1
    }
    return max(0, row)
  }

  private static func ends(_ levels: [UInt8], depth: UInt8) -> (ends: [Int], beginnings: [UInt8]) {
    let span = levels.span
    var count = 0
    for index in span.indices { count &+= span[index] <= depth ? 1 : 0 }
    var ends: [Int] = []
    var beginnings: [UInt8] = []
    ends.append(addingCapacity: count) { ends in
      beginnings.append(addingCapacity: count) { beginnings in
        for index in span.indices where span[index] <= depth {
          // A list ends where the next begins.
          if index > 0 { ends.append(index) }
          beginnings.append(span[index])
        }
      }
      if count > 0 { ends.append(levels.count) }
    }
    return (ends, beginnings)
  }
}
