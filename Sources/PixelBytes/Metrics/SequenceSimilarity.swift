import Foundation

/// How alike a sequence of ids is to the one it should be, of the same length, by the measures of the published evaluation.
public struct SequenceSimilarity: Equatable, Sendable {
  /// The share of places that differ (SciPy's `hamming`).
  public let hamming: Double
  /// The cosine of the angle between the two as vectors (1 less SciPy's `cosine`); NaN where one is 0 everywhere.
  public let cosine: Double
  /// BLEU of one to four ids in a row, against one reference and without smoothing (Papineni et al. 2002, as NLTK's
  /// `sentence_bleu` has it: a length without a match counts as the smallest number there is).
  public let bleu: Double

  /// Compares ids with those that they should be; sequences of several lengths, or empty ones, are a programmer's mistake.
  public init(of ids: [UInt8], to reference: [UInt8]) {
    precondition(ids.count == reference.count && !ids.isEmpty, "\(ids.count) ids beside \(reference.count)")
    hamming = Double(zip(ids, reference).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }) / Double(ids.count)
    func product(_ x: [UInt8], _ y: [UInt8]) -> Double { Double(zip(x, y).reduce(0) { $0 + Int($1.0) * Int($1.1) }) }
    // At most 1: the products are exact, and rounding and roots keep the order of Cauchy's inequality.
    cosine = product(ids, reference) / (product(ids, ids) * product(reference, reference)).squareRoot()
    bleu = Self.bleu(ids, reference)
  }

  private static func bleu(_ ids: [UInt8], _ reference: [UInt8]) -> Double {
    var mean = 0.0
    for length in 1...4 {
      let (found, known) = (runs(of: ids, length), runs(of: reference, length))
      let matches = common(found, known)
      // Where not even a single id is right, there is nothing to weigh.
      if length == 1, matches == 0 { return 0 }
      let precision = matches == 0 ? Double.leastNormalMagnitude : Double(matches) / Double(found.count)
      mean += log(precision) / 4
    }
    return exp(mean)
  }

  /// All runs of a length as numbers, sorted.
  private static func runs(of ids: [UInt8], _ length: Int) -> [UInt32] {
    guard ids.count >= length else { return [] }
    return (0...ids.count - length).map { start in
      ids[start..<start + length].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }.sorted()
  }

  /// How many of the first are among the second, each as often as it is there.
  private static func common(_ x: [UInt32], _ y: [UInt32]) -> Int {
    var (i, j, count) = (0, 0, 0)
    while i < x.count, j < y.count {
      if x[i] == y[j] { count += 1 }
      (i, j) = (x[i] <= y[j] ? i + 1 : i, y[j] <= x[i] ? j + 1 : j)
    }
    return count
  }
}
