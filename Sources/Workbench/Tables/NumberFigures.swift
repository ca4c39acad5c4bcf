import Safepoint
import Tensors

/// How far numbers lie from a number that is their mean but for its rounding.
struct Spread {
  private var distances = 0.0
  private var squares = CompensatedSum()

  init() {}

  /// The distances that add up to a sum, and the sum of their squares.
  init(_ distances: CompensatedSum, squares: CompensatedSum) {
    (self.distances, self.squares) = (distances.value, squares)
  }

  /// Adds a distance that counts once, or a 0 that does not.
  @inline(__always) mutating func add(_ distance: Double, count: Int) {
    distances += distance
    squares.add(distance * distance, count: count)
  }

  /// Adds the distances of another one.
  mutating func add(_ other: Spread) {
    distances += other.distances
    squares.add(other.squares)
  }

  /// The variance, missing where no more than the correction are there, which is taken off their count.
  func variance(correction: Double) -> Double {
    let count = Double(squares.count)
    guard squares.count > 0, count > correction else { return MissingNumber.value }
    // Beyond the largest number the distances may be none.
    if squares.value == .infinity { return .infinity }
    return max(squares.value - distances * (distances / count), 0) / (count - correction)
  }
}

/// Figures of many numbers, missing ones left out; parts of them on several threads, joined in their order.
struct NumberFigures {
  let numbers: [Double]

  init(_ numbers: [Double]) { self.numbers = numbers }

  /// What a function makes of each number added up, and how many are there.
  @inline(__always)
  func total(_ part: (Double) -> Double) throws -> CompensatedSum {
    let numbers = numbers
    return try Pieces.parts(numbers.count) { places -> CompensatedSum in
      var total = CompensatedSum()
      try Pieces.forEach(places) { total.add(Self.total(numbers.span.extracting($0), part)) }
      return total
    }.reduce(into: CompensatedSum()) { $0.add($1) }
  }

  /// The same of a piece, in sums side by side, none of which waits for another.
  @inline(__always)
  private static func total(_ numbers: Span<Double>, _ part: (Double) -> Double) -> CompensatedSum {
    var (a, b, c, d) = (CompensatedSum(), CompensatedSum(), CompensatedSum(), CompensatedSum())
    let whole = numbers.count & ~3
    for place in stride(from: 0, to: whole, by: 4) {
      a.add(numbers[place], part)
      b.add(numbers[place + 1], part)
      c.add(numbers[place + 2], part)
      d.add(numbers[place + 3], part)
    }
    for place in whole..<numbers.count { a.add(numbers[place], part) }
    a.add(b)
    c.add(d)
    a.add(c)
    return a
  }

  /// The numbers times a factor and less a center added up, and their squares; pieces on several threads, joined in their order.
  private func sums(
    times factor: Double = 1, from center: Double = 0
  ) throws -> (plain: CompensatedSum, squares: CompensatedSum) {
    let numbers = numbers
    return try Pieces.parts(numbers.count) { places -> (CompensatedSum, CompensatedSum) in
      var sums = (CompensatedSum(), CompensatedSum())
      try Pieces.forEach(places) { piece in
        let more = Kernel.sums(numbers, piece, missing: MissingNumber.value, times: factor, from: center)
        sums.0.add(more.plain)
        sums.1.add(more.squares)
      }
      return sums
    }.reduce(into: (CompensatedSum(), CompensatedSum())) { sums, more in
      sums.0.add(more.0)
      sums.1.add(more.1)
    }
  }

  /// The sum, 0 where nothing is there.
  func sum() throws -> Double { try CompensatedSum.figure { try sums(times: $0).plain.value } }

  /// The sum of the squares.
  func sumOfSquares() throws -> Double { try sums().squares.value }

  /// How many are there.
  func count() throws -> Int { try sums().plain.count }

  /// The mean, missing where nothing is there.
  func mean() throws -> Double {
    let plain = try sums().plain
    guard plain.count > 0 else { return MissingNumber.value }
    return try CompensatedSum.figure { $0 == 1 ? plain.mean : try sums(times: $0).plain.mean }
  }

  /// What becomes of a start and each number in turn, of parts that `join` puts together.
  func folded(
    _ start: Double, _ add: @escaping @Sendable (Double, Double) -> Double, _ join: (Double, Double) -> Double
  ) throws -> Double {
    let numbers = numbers
    return try Pieces.parts(numbers.count) { part -> Double in
      var total = start
      try Pieces.forEach(part) { piece in
        for place in piece where !MissingNumber.isMissing(numbers[place]) { total = add(total, numbers[place]) }
      }
      return total
    }.reduce(start, join)
  }

  /// The variance of numbers times a factor, missing where no more than the correction are there, which is taken off their count.
  func variance(correction: Double = 1, times scale: Double = 1) throws -> Double {
    // The distances, which add up to 0 but for the rounding of the mean, and their squares (Chan, Golub and LeVeque 1983).
    let sums = try sums(times: scale, from: try mean() * scale)
    return Spread(sums.plain, squares: sums.squares).variance(correction: correction)
  }

  /// The standard deviation, missing where the variance is.
  func deviation(correction: Double = 1) throws -> Double {
    let variance = try variance(correction: correction)
    guard !MissingNumber.isMissing(variance) else { return variance }
    return try CompensatedSum.figure { scale in
      scale == 1 ? variance.squareRoot() : try self.variance(correction: correction, times: scale).squareRoot()
    }
  }

  /// The standard error of the mean, missing where the variance is.
  func error() throws -> Double {
    let deviation = try deviation()
    return MissingNumber.isMissing(deviation) ? deviation : deviation / Double(try count()).squareRoot()
  }

  /// The smallest or the largest, missing where nothing is there; NaN where all are.
  func extreme(isMaximum: Bool) throws -> Double {
    let numbers = numbers
    return try Pieces.parts(numbers.count) { part -> Double in
      var best = MissingNumber.value
      try Pieces.forEach(part) { piece in
        for place in piece { Self.take(numbers[place], into: &best, isMaximum: isMaximum) }
      }
      return best
    }.reduce(into: MissingNumber.value) { best, number in Self.take(number, into: &best, isMaximum: isMaximum) }
  }

  /// The first place of the smallest or the largest, of a NaN where all are; nil where there is none.
  func place(ofExtreme isMaximum: Bool) throws -> Int? {
    let numbers = numbers
    let parts = try Pieces.parts(numbers.count) { part -> Int? in
      var best: Int?
      var bound = isMaximum ? -Double.infinity : .infinity
      try Pieces.forEach(part) { piece in
        // Most pieces hold nothing better, which a loop without branches tells.
        var most = bound
        for number in numbers[piece] { most = isMaximum ? Self.larger(most, number) : Self.smaller(most, number) }
        guard best == nil || most != bound else { return }
        guard let place = piece.first(where: { numbers[$0] == most }) else { return }
        (best, bound) = (place, most)
      }
      return best
    }
    let best = parts.compactMap(\.self).reduce(nil as Int?) { best, place in
      guard let best else { return place }
      return (isMaximum ? numbers[place] > numbers[best] : numbers[place] < numbers[best]) ? place : best
    }
    if let best { return best }
    var nan: Int?
    try Pieces.forEach(numbers.count) { piece in
      nan = nan ?? piece.first { numbers[$0].isNaN && !MissingNumber.isMissing(numbers[$0]) }
    }
    return nan
  }

  @inline(__always) private static func larger(_ best: Double, _ number: Double) -> Double {
    number > best ? number : best
  }
  @inline(__always) private static func smaller(_ best: Double, _ number: Double) -> Double {
    number < best ? number : best
  }

  /// Puts a number in the place of one that comes behind it, or before it when the largest is looked for; a NaN only in the place of a
  /// missing value.
  @inline(__always) static func take(_ number: Double, into best: inout Double, isMaximum: Bool) {
    if isMaximum ? number > best : number < best {
      best = number
    } else if best.isNaN, !MissingNumber.isMissing(number), MissingNumber.isMissing(best) || !number.isNaN {
      best = number
    }
  }

  /// The value below which a share lies, between two neighbors in proportion, as NumPy and pandas have it; NaN where one is NaN.
  func quantile(_ share: Double) throws -> Double { try quantiles([share])[0] }

  /// The values below which some shares lie.
  func quantiles(_ shares: [Double]) throws -> [Double] {
    let numbers = numbers
    var there: [Double] = []
    try Safepoint.reserve(8, times: numbers.count, for: "a column")
    there.reserveCapacity(numbers.count)
    var hasNaN = false
    try Pieces.forEach(numbers.count) { piece in
      for place in piece where !MissingNumber.isMissing(numbers[place]) {
        there.append(numbers[place])
        hasNaN = hasNaN || numbers[place].isNaN
      }
    }
    // One selection leaves less work to the next.
    return try shares.map { hasNaN ? .nan : try there.quantile($0, in: there.indices) }
  }
}

extension [Double] {
  /// A quantile of some of the numbers, of which none is missing or NaN, and which change their places; missing where there are none.
  mutating func quantile(_ share: Double, in part: Range<Int>) throws -> Double {
    guard !part.isEmpty else { return MissingNumber.value }
    let place = share * Double(part.count - 1)
    let low = part.lowerBound + Int(place.rounded(.down))
    let number = try select(low, in: part)
    guard low + 1 < part.upperBound, place != place.rounded(.down) else { return number }
    var next = self[low + 1]
    for place in low + 1..<part.upperBound { next = Swift.min(next, self[place]) }
    return Quantile.between(number, next, place - place.rounded(.down))
  }

  /// The number that would stand at a place if some of them were in order; none before the place is larger then and none behind it smaller
  /// (Hoare 1961).
  private mutating func select(_ place: Int, in part: Range<Int>) throws -> Double {
    var (low, high, rounds) = (part.lowerBound, part.upperBound - 1, 0)
    while low < high {
      try Safepoint.check(after: 2 * (high - low))
      rounds += 1
      // Numbers that were laid out to make it slow.
      if rounds > 64 {
        self[low...high].sort()
        break
      }
      let (a, b, c) = (self[low], self[low + (high - low) / 2], self[high])
      let pivot = Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
      var (i, j) = (low, high)
      while i <= j {
        while self[i] < pivot { i += 1 }
        while self[j] > pivot { j -= 1 }
        if i <= j {
          swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if place <= j { high = j } else if place >= i { low = i } else { break }
    }
    return self[place]
  }
}

extension CompensatedSum {
  /// Adds what a function makes of a number, unless it is missing.
  @inline(__always) fileprivate mutating func add(_ number: Double, _ part: (Double) -> Double) {
    let isThere = !MissingNumber.isMissing(number)
    add(isThere ? part(number) : 0, count: isThere ? 1 : 0)
  }
}
