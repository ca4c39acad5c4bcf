import Safepoint
import Tensors

/// Figures of the numbers of each group of rows, missing ones left out.
struct GroupFigures {
  private let numbers: [Double]
  private let keys: RowKeys
  /// What the numbers of each group add up to, once that was asked for.
  private var known: [CompensatedSum]?

  /// Figures of one number for each row of the keys.
  init(_ numbers: [Double], _ keys: RowKeys) { (self.numbers, self.keys) = (numbers, keys) }

  /// The sums, 0 of groups without numbers.
  mutating func sums() throws -> [Double] {
    try figures { figures, scale in try figures.totals(times: scale).map(\.value) }
  }

  mutating func means() throws -> [Double] { try figures { figures, scale in try figures.means(times: scale) } }

  /// The variances (n - 1), missing for fewer than two numbers.
  mutating func variances() throws -> [Double] { try variances(times: 1) }

  /// The standard deviations (n - 1), missing for fewer than two numbers.
  mutating func deviations() throws -> [Double] {
    try figures { figures, scale in
      try figures.variances(times: scale).map { MissingNumber.isMissing($0) ? $0 : $0.squareRoot() }
    }
  }

  /// The standard errors of the means, missing for fewer than two numbers.
  mutating func errors() throws -> [Double] {
    let (deviations, totals) = (try deviations(), try totals(times: 1))
    return zip(deviations, totals).map { deviation, total in
      MissingNumber.isMissing(deviation) ? deviation : deviation / Double(total.count).squareRoot()
    }
  }

  func products() throws -> [Double] {
    var products = [Double](repeating: 1, count: keys.count)
    try forEachNumber { code, number in products[code] *= number }
    return products
  }

  func extremes(isMaximum: Bool) throws -> [Double] {
    var best = [Double](repeating: MissingNumber.value, count: keys.count)
    try forEachNumber { code, number in NumberFigures.take(number, into: &best[code], isMaximum: isMaximum) }
    return best
  }

  /// The numbers below which a share of each group lies.
  func quantiles(_ share: Double) throws -> [Double] {
    let (gathered, starts, ends) = try keys.gathered(numbers)
    let parts = Swift.min(keys.count, 32)
    return try Parallel.map(parts, threads: Parallel.available) { part -> [Double] in
      let codes = keys.count * part / parts..<keys.count * (part + 1) / parts
      let first = starts[codes.lowerBound]
      var numbers = Array(gathered[first..<starts[codes.upperBound]])
      return try codes.map { code in
        let group = starts[code] - first..<ends[code] - first
        return numbers[group].contains(where: \.isNaN) ? .nan : try numbers.quantile(share, in: group)
      }
    }.flatMap { $0 }
  }

  @inline(__always) private func forEachNumber(_ body: (Int, Double) -> Void) throws {
    let codes = keys.codes
    try Pieces.forEach(numbers.count) { piece in
      for row in piece where !MissingNumber.isMissing(numbers[row]) { body(Int(codes[row]), numbers[row]) }
    }
  }

  /// Figures that grow with their numbers, of numbers times 1; of groups whose figure is not finite, of smaller ones.
  private mutating func figures(
    _ ofNumbersTimes: (inout GroupFigures, Double) throws -> [Double]
  ) throws -> [Double] {
    var found = try ofNumbersTimes(&self, 1)
    func isBeyond(_ figure: Double) -> Bool { !figure.isFinite && !MissingNumber.isMissing(figure) }
    var small: [Double]?
    for group in found.indices where isBeyond(found[group]) {
      let figures = try small ?? ofNumbersTimes(&self, 0x1p-600)
      small = figures
      found[group] = figures[group] / 0x1p-600
    }
    return found
  }

  private mutating func means(times scale: Double) throws -> [Double] {
    try totals(times: scale).map { $0.count > 0 ? $0.mean : MissingNumber.value }
  }

  /// The most parts in which groups are worked out, which depends on sizes alone: many groups in one.
  private var parts: Int { 64 * keys.count <= numbers.count ? 16 : 1 }

  /// What the numbers of each group, times a factor, add up to.
  private mutating func totals(times scale: Double) throws -> [CompensatedSum] {
    if scale == 1, let known { return known }
    let (numbers, codes, count) = (numbers, keys.codes, keys.count)
    let parts = try Pieces.parts(numbers.count, most: parts) { part in
      var totals = [CompensatedSum](repeating: CompensatedSum(), count: count)
      try Pieces.forEach(part) { piece in
        for row in piece where !MissingNumber.isMissing(numbers[row]) {
          totals[Int(codes[row])].add(numbers[row] * scale)
        }
      }
      return totals
    }
    let totals = parts.dropFirst().reduce(into: parts[0]) { totals, part in
      for code in totals.indices { totals[code].add(part[code]) }
    }
    if scale == 1 { known = totals }
    return totals
  }

  /// The variances of numbers times a factor, from their distances from the means.
  private mutating func variances(times scale: Double) throws -> [Double] {
    let means = scale == 1 ? try self.means() : try self.means().map { $0 * scale }
    let (numbers, codes, count) = (numbers, keys.codes, keys.count)
    let parts = try Pieces.parts(numbers.count, most: parts) { part in
      var spreads = [Spread](repeating: Spread(), count: count)
      try Pieces.forEach(part) { piece in
        for row in piece where !MissingNumber.isMissing(numbers[row]) {
          let code = Int(codes[row])
          spreads[code].add(numbers[row] * scale - means[code], count: 1)
        }
      }
      return spreads
    }
    return parts.dropFirst().reduce(into: parts[0]) { spreads, part in
      for code in spreads.indices { spreads[code].add(part[code]) }
    }.map { $0.variance(correction: 1) }
  }
}
