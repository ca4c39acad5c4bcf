import Safepoint

/// Long work in pieces, between which it asks whether it must stop; what was not reached then keeps its values.
enum Pieces {
  /// Calls `body` for 0 ..< count in pieces one after the other until the work must stop; one of `count` costs about `cost`
  /// nanoseconds.
  @inline(__always)
  static func walk(_ count: Int, cost: Int = 1, _ body: (Range<Int>) -> Void) {
    let size = max(1, (1 << 18) / max(1, cost))
    var first = 0
    while first < count {
      let end = min(count, first + size)
      if Safepoint.mustStop(after: (end - first) * cost) { return }
      body(first..<end)
      first = end
    }
  }
}

extension Pieces {
  /// Calls `body` with each of `rows` and all of its places 0 ..< width, many short rows or a part of a long one between two
  /// looks; a place costs about `cost` nanoseconds.
  @inline(__always)
  static func walk(rows: Int, width: Int, cost: Int = 1, _ body: (_ row: Int, _ places: Range<Int>) -> Void) {
    let (whole, overflow) = width.multipliedReportingOverflow(by: cost)
    if !overflow, whole < 1 << 17 {
      return walk(rows, cost: whole + 8) { for row in $0 { body(row, 0..<width) } }
    }
    for row in 0..<rows {
      if Safepoint.mustStop { break }
      walk(width, cost: cost) { body(row, $0) }
    }
  }
}

extension [Float] {
  /// The same elements in memory of their own, in pieces.
  var copied: [Float] { Kernel.copy(self) }

  /// Adds elements at the end, in pieces where many are copied.
  package mutating func append(inPieces other: [Float]) {
    let total = count + other.count
    guard other.count > 1 << 20 || total > Swift.max(capacity, 1 << 20) else { return self += other }
    // Room for as many again, so that the next few are not the reason for another copy of all.
    var whole = Kernel.uninitialized(total, capacity: total + total / 2)
    whole.copy(from: self, 0, to: 0, count: count)
    whole.copy(from: other, 0, to: count, count: other.count)
    self = whole
  }

  /// The elements at some places, in pieces.
  func picked(_ places: [Int]) -> [Float] {
    var result = Kernel.uninitialized(places.count)
    Pieces.walk(places.count, cost: 4) { for k in $0 { result[k] = self[places[k]] } }
    return result
  }

  /// Zeros to which each element is added at its place, in pieces.
  func spread(over places: [Int], count: Int) -> [Float] {
    guard places.count > count else {
      var result = Kernel.zeros(count)
      Pieces.walk(places.count, cost: 4) { for k in $0 { result[places[k]] += self[k] } }
      return result
    }
    // Some places come several times, perhaps millions of times.
    var totals = Kernel.totals(count)
    Pieces.walk(places.count, cost: 4) { for k in $0 { totals[places[k]] += Double(self[k]) } }
    return totals.rounded
  }

  /// Whether `f` holds for all elements, in pieces.
  @inline(__always)
  func allSatisfied(_ f: (Float) -> Bool) -> Bool {
    var isSatisfied = true
    Pieces.walk(count) { if isSatisfied { isSatisfied = self[$0].allSatisfy(f) } }
    return isSatisfied
  }

  /// Whether all elements equal those of an array of the same length, in pieces.
  func equals(_ other: [Float]) -> Bool {
    var areEqual = true
    Pieces.walk(count) { areEqual = areEqual && self[$0] == other[$0] }
    return areEqual
  }

  /// Replaces `count` elements from `place` on by those of `source` from `start` on, in pieces.
  mutating func copy(from source: [Float], _ start: Int, to place: Int, count: Int) {
    Pieces.walk(count) { copy(from: source, start, to: place, $0) }
  }

  /// Replaces some of the elements from `place` on by those of `source` from `start` on, without a look.
  @inline(__always)
  mutating func copy(from source: [Float], _ start: Int, to place: Int, _ part: Range<Int>) {
    for k in part { self[place + k] = source[start + k] }
  }
}

extension Tensor {
  /// `number` of 0 ..< count, in pieces.
  public static func numbers(_ count: Int, _ number: (Int) -> Double) -> [Double] {
    var numbers = Kernel.totals(count)
    Pieces.walk(count, cost: 4) { for k in $0 { numbers[k] = number(k) } }
    return numbers
  }

  /// Whether `f` holds for all floats, in pieces.
  public func allSatisfy(_ f: (Float) -> Bool) -> Bool { values.allSatisfied(f) }

  /// The number of elements that are not 0; NaN is none.
  public var setCount: Int { Kernel.setCount(MaskElements(self)) }

  /// `value` of 0 ..< count, in pieces.
  public static func counted(_ count: Int, _ value: (Int) -> Float) -> [Float] {
    var values = Kernel.uninitialized(count)
    Pieces.walk(count, cost: 4) { for k in $0 { values[k] = value(k) } }
    return values
  }

  /// `count` numbers from `start` on, `step` apart, each the nearest float.
  public static func evenly(_ count: Int, from start: Double, step: Double) -> [Float] {
    Kernel.evenly(count, from: start, step: step)
  }

  /// Rows of zeros with 1 at one place of each.
  public static func marked(_ places: [Int], width: Int) -> [Float] {
    var marked = Kernel.zeros(Size.product(places.count, width))
    Pieces.walk(places.count, cost: 4) { for row in $0 { marked[row * width + places[row]] = 1 } }
    return marked
  }
}
