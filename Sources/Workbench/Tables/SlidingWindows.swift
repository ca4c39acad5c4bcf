import Safepoint
import Tensors

/// What is known of some numbers side by side, and of two such parts together.
protocol RunningFigure {
  /// Of none.
  init()
  /// How many are there.
  var count: Int { get }
  /// Takes a number behind the others, which is not missing.
  mutating func add(_ number: Double)
  /// Takes a number that stands before the others.
  mutating func add(before number: Double)
  /// Takes those of a part behind.
  mutating func add(_ later: Self)
}

extension RunningFigure {
  @inline(__always) mutating func add(before number: Double) {
    var all = Self()
    all.add(number)
    all.add(self)
    self = all
  }
}

/// The last numbers at each place of a column.
///
/// The places are cut into blocks of a window's length, so that a window is the end of one block and the beginning of the next, each known from
/// a walk through its block (van Herk 1992): the work does not grow with the window, and no rounding is carried on.
struct SlidingWindows {
  let numbers: [Double]
  /// The length of a window, from 1 to the count of numbers.
  let size: Int
  /// The fewest numbers that make a figure.
  let least: Int

  /// A figure of the window that ends at each place.
  @inline(__always)
  func figures<Figure: RunningFigure>(_: Figure.Type, _ value: (Figure) -> Double) throws -> [Double] {
    try Safepoint.reserve(8 * MemoryLayout<Figure>.stride, times: size, for: "a window")
    // Whole blocks, so that what a block gives does not depend on the parts.
    let blocks = max(1, (1 << 16) / size)
    return try Parallel.filled(numbers.count, piece: blocks * size) { places, found in
      var tails = [Figure](repeating: Figure(), count: size)
      if places.lowerBound > 0 { try findEnds(of: places.lowerBound - size, &tails) }
      var start = places.lowerBound
      while start < places.upperBound {
        let stop = min(start + size, places.upperBound)
        var begun = Figure()
        for place in start..<stop {
          if place & 0x3FFF == 0 { try Safepoint.check() }
          if !MissingNumber.isMissing(numbers[place]) { begun.add(numbers[place]) }
          var window = begun
          let offset = place - start
          if offset + 1 < size, start > 0 {
            window = tails[offset + 1]
            window.add(begun)
          }
          found[place - places.lowerBound] = window.count >= least ? value(window) : MissingNumber.value
        }
        if stop < places.upperBound { try findEnds(of: start, &tails) }
        start = stop
      }
    }
  }

  /// The distances from a number, which are as far from each other as the numbers are and told apart by more digits where these are large.
  func around(_ center: Double) throws -> SlidingWindows {
    guard abs(center) < 1e300 else { return self }
    let distances = try Pieces.filled(from: numbers) { MissingNumber.isMissing($0) ? $0 : $0 - center }
    return SlidingWindows(numbers: distances, size: size, least: least)
  }

  /// A figure that grows with its numbers of the window that ends at each place; where it is not finite, that of smaller numbers.
  @inline(__always)
  func linear<Figure: RunningFigure>(_: Figure.Type, _ value: (Figure) -> Double) throws -> [Double] {
    let found = try figures(Figure.self, value)
    @inline(__always) func isBeyond(_ figure: Double) -> Bool { !figure.isFinite && !MissingNumber.isMissing(figure) }
    let areBeyond = try Pieces.parts(found.count) { part -> Int in
      var count = 0
      try Pieces.forEach(part) { for figure in found[$0] { count += isBeyond(figure) ? 1 : 0 } }
      return count
    }
    guard areBeyond.contains(where: { $0 > 0 }) else { return found }
    let small = SlidingWindows(
      numbers: try Pieces.filled(from: numbers) { MissingNumber.isMissing($0) ? $0 : $0 * 0x1p-600 }, size: size,
      least: least)
    let others = try small.figures(Figure.self, value)
    return try Pieces.filled(from: found, others) { isBeyond($0) ? $1 / 0x1p-600 : $0 }
  }

  /// Works out the figure of each end of the block that begins at a place.
  @inline(__always)
  private func findEnds<Figure: RunningFigure>(of start: Int, _ ends: inout [Figure]) throws {
    var end = Figure()
    try Pieces.forEach(size) { piece in
      for back in piece {
        let offset = size - 1 - back
        if !MissingNumber.isMissing(numbers[start + offset]) {
          end.add(before: numbers[start + offset])
        }
        ends[offset] = end
      }
    }
  }

  /// How many different numbers the window that ends at each place has.
  func different() throws -> [Double] {
    let codes = try RowKeys([.numbers(numbers)], rows: numbers.count).codes
    var (counts, present, different) = ([Int32](repeating: 0, count: numbers.count), 0, 0)
    return try Pieces.map(numbers.count) { end in
      try Safepoint.check(after: 20)
      if end >= size, !MissingNumber.isMissing(numbers[end - size]) {
        counts[Int(codes[end - size])] -= 1
        if counts[Int(codes[end - size])] == 0 { different -= 1 }
        present -= 1
      }
      if !MissingNumber.isMissing(numbers[end]) {
        counts[Int(codes[end])] += 1
        if counts[Int(codes[end])] == 1 { different += 1 }
        present += 1
      }
      return present >= least ? Double(different) : MissingNumber.value
    }
  }

  /// The median of the window that ends at each place.
  func medians() throws -> [Double] {
    // A window in order, from which one number goes and to which one comes at each place; NaNs are counted.
    var (window, nans): ([Double], Int) = ([], 0)
    func place(_ number: Double) -> Int {
      var (low, high) = (0, window.count)
      while low < high {
        let middle = (low + high) / 2
        if window[middle] < number { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return try Pieces.map(numbers.count) { end in
      try Safepoint.check(after: 40 + window.count / 4)
      if end >= size, case let old = numbers[end - size], !MissingNumber.isMissing(old) {
        if old.isNaN { nans -= 1 } else { window.remove(at: place(old)) }
      }
      let number = numbers[end]
      if number.isNaN {
        nans += MissingNumber.isMissing(number) ? 0 : 1
      } else {
        window.insert(number, at: place(number))
      }
      guard window.count + nans >= max(least, 1) else { return MissingNumber.value }
      return nans > 0 ? .nan : NumberFigures.quantile(0.5, ofSorted: window)
    }
  }
}

extension CompensatedSum: RunningFigure {
  @inline(__always) mutating func add(before number: Double) { add(number) }
}

/// The product of numbers.
struct RunningProduct: RunningFigure {
  private(set) var count = 0
  private(set) var product = 1.0

  mutating func add(_ number: Double) {
    count += 1
    product *= number
  }

  mutating func add(_ later: RunningProduct) {
    count += later.count
    product *= later.product
  }
}

/// The mean of numbers and the squares of their distances from it (Chan, Golub and LeVeque 1979).
struct RunningSquares: RunningFigure {
  private(set) var count = 0
  private var mean = 0.0
  private var squares = 0.0

  /// The variance (n - 1), missing for fewer than two.
  var variance: Double { count > 1 ? squares / Double(count - 1) : MissingNumber.value }
  /// The standard deviation (n - 1), missing for fewer than two.
  var deviation: Double { count > 1 ? variance.squareRoot() : MissingNumber.value }
  /// The standard error of the mean, missing for fewer than two.
  var error: Double { count > 1 ? (variance / Double(count)).squareRoot() : MissingNumber.value }

  mutating func add(_ number: Double) {
    count += 1
    let distance = number - mean
    mean += distance / Double(count)
    squares += distance * (number - mean)
  }

  mutating func add(_ later: RunningSquares) {
    guard count > 0, later.count > 0 else {
      if count == 0 { self = later }
      return
    }
    let all = Double(count + later.count)
    let distance = later.mean - mean
    squares += later.squares + distance * distance * Double(count) * Double(later.count) / all
    mean += distance * Double(later.count) / all
    count += later.count
  }
}

/// The smallest number; NaN where all are.
struct RunningLeast: RunningFigure {
  private(set) var count = 0
  private(set) var least = MissingNumber.value

  mutating func add(_ number: Double) {
    count += 1
    NumberFigures.take(number, into: &least, isMaximum: false)
  }

  mutating func add(_ later: RunningLeast) {
    count += later.count
    NumberFigures.take(later.least, into: &least, isMaximum: false)
  }
}

/// The largest number; NaN where all are.
struct RunningMost: RunningFigure {
  private(set) var count = 0
  private(set) var most = MissingNumber.value

  mutating func add(_ number: Double) {
    count += 1
    NumberFigures.take(number, into: &most, isMaximum: true)
  }

  mutating func add(_ later: RunningMost) {
    count += later.count
    NumberFigures.take(later.most, into: &most, isMaximum: true)
  }
}

/// The first and the last number.
struct RunningEnds: RunningFigure {
  private(set) var count = 0
  private(set) var first = MissingNumber.value
  private(set) var last = MissingNumber.value

  mutating func add(_ number: Double) {
    if count == 0 { first = number }
    last = number
    count += 1
  }

  mutating func add(_ later: RunningEnds) {
    if count == 0 { first = later.first }
    if later.count > 0 { last = later.last }
    count += later.count
  }
}
