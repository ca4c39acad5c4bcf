/// The number below which a share of some numbers lies, between two neighbors in proportion, as NumPy and pandas have it.
public enum Quantile {
  /// The number a part, from 0 to 1, of the way from one to the next.
  public static func between(_ low: Double, _ high: Double, _ part: Double) -> Double {
    if part == 0 || low == high { return low }
    let distance = high - low
    // Two far ends have no distance, nor have infinite ones.
    let isTooFar = distance.isInfinite && low.isFinite && high.isFinite
    return isTooFar ? low * (1 - part) + high * part : low + distance * part
  }

  /// That of numbers in order; NaN where there are none.
  public static func of(_ sorted: [Double], _ share: Double) -> Double {
    if sorted.isEmpty { return .nan }
    let place = share * Double(sorted.count - 1)
    let low = min(Int(place), sorted.count - 1)
    return between(sorted[low], sorted[min(low + 1, sorted.count - 1)], place - Double(low))
  }
}
