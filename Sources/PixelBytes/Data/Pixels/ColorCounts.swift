import Formats
import Safepoint

/// How often each color occurs in pictures.
///
/// Beyond 65,536 different colors those that share the first five bits of their samples are counted as one, their mean, so
/// that any number of pictures takes little memory.
public struct ColorCounts: Sendable {
  private struct Sum {
    var red = 0
    var green = 0
    var blue = 0
    var count = 0

    static func += (a: inout Sum, b: Sum) {
      a.red += b.red
      a.green += b.green
      a.blue += b.blue
      a.count += b.count
    }

    var mean: Color {
      func mean(_ value: Int) -> UInt8 { UInt8((value + count / 2) / count) }
      return Color(mean(red), mean(green), mean(blue))
    }
  }

  private var sums: [UInt32: Sum] = [:]
  private var isCoarse = false
  private static let limit = 65_536

  /// Starts with no colors.
  public init() {}

  /// Counts the pixels of a picture, their alpha merged with white.
  public mutating func add(_ image: RasterImage) {
    for pixel in stride(from: 0, to: image.rgba.count, by: 4) {
      if Safepoint.mustStop(after: 32) { break }
      let alpha = image.rgba[pixel + 3]
      let color = Color(
        mergedSample(image.rgba[pixel], alpha), mergedSample(image.rgba[pixel + 1], alpha),
        mergedSample(image.rgba[pixel + 2], alpha))
      add(color)
    }
  }

  /// Counts a color once.
  mutating func add(_ color: Color) {
    add(Sum(red: Int(color.red), green: Int(color.green), blue: Int(color.blue), count: 1), of: color)
  }

  private mutating func add(_ sum: Sum, of color: Color) {
    sums[key(of: color), default: Sum()] += sum
    guard sums.count > Self.limit, !isCoarse else { return }
    let fine = sums
    (sums, isCoarse) = ([:], true)
    for (key, sum) in fine { add(sum, of: Color(hex: key)) }
  }

  /// What a color is counted under.
  func key(of color: Color) -> UInt32 {
    let key = UInt32(color.red) << 16 | UInt32(color.green) << 8 | UInt32(color.blue)
    return isCoarse ? key & 0xF8_F8F8 : key
  }

  /// The colors with their counts, in the order of their keys.
  var entries: [(key: UInt32, color: Color, count: Int)] {
    sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value.mean, $0.value.count) }
  }
}

extension Palette {
  /// Gathers the colors of pictures into at most `count` by k-means in CIE Lab, the most common first.
  ///
  /// The same counts and seed give the same palette. A count outside 1...198 and no color at all throw.
  public init(clustering counts: ColorCounts, count: Int, seed: UInt64 = 0) throws(DataError) {
    guard (1...Self.limit).contains(count) else {
      throw DataError(.value, "a palette holds 1 to \(Self.limit) colors, not \(count)")
    }
    let entries = counts.entries
    let clusters = ColorClusters(entries.map { ($0.color, $0.count) }, count: count, seed: seed)
    var totals: [Color: Int] = [:]
    for (entry, place) in zip(entries, clusters.places) { totals[clusters.centers[place], default: 0] += entry.count }
    let order = totals.sorted { ($0.value, $1.key.hex) > ($1.value, $0.key.hex) }
    try self.init(order.map(\.key))
  }

  /// The palette with its colors gathered into at most `count`; nil leaves it as it is.
  public func gathering(_ count: Int?, seed: UInt64 = 0) throws(DataError) -> Palette {
    guard let count else { return self }
    var counts = ColorCounts()
    for color in colors { counts.add(color) }
    return try Palette(clustering: counts, count: count, seed: seed)
  }
}
