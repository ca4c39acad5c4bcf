import Safepoint
import Tensors

/// What is known of some numbers side by side, and of two such parts together.
protocol RunningPart {
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

/// What is told of the numbers of a window.
protocol RunningFigure {
  associatedtype Part: RunningPart
  /// The figure of what is known of them.
  static func value(of part: Part) -> Double
}

extension RunningPart {
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
  func figures<Figure: RunningFigure>(_: Figure.Type) throws -> [Double] {
    try Safepoint.reserve(8 * MemoryLayout<Figure.Part>.stride, times: size, for: "a window")
    // Whole blocks, so that what a block gives does not depend on the parts.
    let blocks = max(1, (1 << 16) / size)
    return try Parallel.filled(numbers.count, piece: blocks * size) { places, found in
      var tails = [Figure.Part](repeating: Figure.Part(), count: size)
      if places.lowerBound > 0 { try findEnds(of: places.lowerBound - size, &tails) }
      var start = places.lowerBound
      while start < places.upperBound {
        let stop = min(start + size, places.upperBound)
        var begun = Figure.Part()
        for place in start..<stop {
          if place & 0x3FFF == 0 { try Safepoint.check() }
          if !MissingNumber.isMissing(numbers[place]) { begun.add(numbers[place]) }
          var window = begun
          let offset = place - start
          if offset + 1 < size, start > 0 {
            window = tails[offset + 1]
            window.add(begun)
          }
          found[place - places.lowerBound] = window.count >= least ? Figure.value(of: window) : MissingNumber.value
        }
        if stop < places.upperBound { try findEnds(of: start, &tails) }
        start = stop
      }
    }
  }

  /// The distances from the mean of all, which are as far from each other as the numbers are and told apart by more digits, where all lie so
  /// near it that each distance is exact (Sterbenz 1974); else the numbers.
  func aroundTheirMean() throws -> SlidingWindows {
    let figures = NumberFigures(numbers)
    let ends = (try figures.extreme(isMaximum: false), try figures.extreme(isMaximum: true))
    let (near, far) = (min(abs(ends.0), abs(ends.1)), max(abs(ends.0), abs(ends.1)))
    guard ends.0 * ends.1 > 0, far <= 2 * near, far < 1e300 else { return self }
    let center = try figures.mean()
    let distances = try Pieces.filled(from: numbers) { MissingNumber.isMissing($0) ? $0 : $0 - center }
    return SlidingWindows(numbers: distances, size: size, least: least)
  }

  /// A figure that grows with its numbers of the window that ends at each place; where it is not finite, that of smaller numbers.
  @inline(__always)
  func linear<Figure: RunningFigure>(_: Figure.Type) throws -> [Double] {
    let found = try figures(Figure.self)
    @inline(__always) func isBeyond(_ figure: Double) -> Bool { !figure.isFinite && !MissingNumber.isMissing(figure) }
    let areBeyond = try Pieces.parts(found.count) { part -> Bool in
      var isAny = false
      try Pieces.forEach(part) { piece in
        // Where all are finite, which is quick to see, none is.
        var zeros = (0.0, 0.0, 0.0, 0.0)
        let span = found.span.extracting(piece)
        let whole = span.count & ~3
        for place in stride(from: 0, to: whole, by: 4) {
          zeros.0 += span[place] * 0
          zeros.1 += span[place + 1] * 0
          zeros.2 += span[place + 2] * 0
          zeros.3 += span[place + 3] * 0
        }
        let rest = zeros.0 + zeros.1 + zeros.2 + zeros.3 == 0 ? whole : 0
        for place in rest..<span.count { isAny = isAny || isBeyond(span[place]) }
      }
      return isAny
    }
    guard areBeyond.contains(true) else { return found }
    let small = SlidingWindows(
      numbers: try Pieces.filled(from: numbers) { MissingNumber.isMissing($0) ? $0 : $0 * 0x1p-600 }, size: size,
      least: least)
    let others = try small.figures(Figure.self)
    return try Pieces.filled(from: found, others) { isBeyond($0) ? $1 / 0x1p-600 : $0 }
  }

  /// Works out the figure of each end of the block that begins at a place.
  @inline(__always)
  private func findEnds<Part: RunningPart>(of start: Int, _ ends: inout [Part]) throws {
    var end = Part()
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
      return nans > 0 ? .nan : Quantile.of(window, 0.5)
    }
  }
}

extension CompensatedSum: RunningPart {
  @inline(__always) mutating func add(before number: Double) { add(number) }
}

enum RunningCount: RunningFigure {
  static func value(of sum: CompensatedSum) -> Double { Double(sum.count) }
}

enum RunningSum: RunningFigure {
  static func value(of sum: CompensatedSum) -> Double { sum.value }
}

enum RunningMean: RunningFigure {
  static func value(of sum: CompensatedSum) -> Double { sum.count > 0 ? sum.mean : MissingNumber.value }
}

/// The product of numbers.
struct RunningProduct: RunningPart {
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
struct RunningSquares: RunningPart {
  private(set) var count = 0
  private var mean = 0.0
  private var squares = 0.0

  /// The variance (n - 1), missing for fewer than two.
  var variance: Double { count > 1 ? squares / Double(count - 1) : MissingNumber.value }

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
struct RunningLeast: RunningPart {
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
struct RunningMost: RunningPart {
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
struct RunningEnds: RunningPart {
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

extension RunningProduct: RunningFigure {
  static func value(of part: RunningProduct) -> Double { part.product }
}

enum RunningVariance: RunningFigure {
  // Below 0 it is where it lies beyond the largest number.
  static func value(of squares: RunningSquares) -> Double { squares.variance < 0 ? .infinity : squares.variance }
}

enum RunningDeviation: RunningFigure {
  static func value(of squares: RunningSquares) -> Double {
    squares.count > 1 ? squares.variance.squareRoot() : MissingNumber.value
  }
}

/// The standard error of the mean.
enum RunningError: RunningFigure {
  static func value(of squares: RunningSquares) -> Double {
    squares.count > 1 ? (squares.variance / Double(squares.count)).squareRoot() : MissingNumber.value
  }
}

extension RunningLeast: RunningFigure {
  static func value(of part: RunningLeast) -> Double { part.least }
}

extension RunningMost: RunningFigure {
  static func value(of part: RunningMost) -> Double { part.most }
}

enum RunningFirst: RunningFigure {
  static func value(of ends: RunningEnds) -> Double { ends.first }
}

enum RunningLast: RunningFigure {
  static func value(of ends: RunningEnds) -> Double { ends.last }
}
