/// The colors that pictures are reduced to, in the order of their indices.
public struct Palette: Equatable, Sendable {
  /// The colors; the index of one is its place here.
  public let colors: [Color]
  package let lab: [LabColor]

  /// The largest number of colors, so that every token id of a vocabulary fits in a byte.
  public static let limit = 198

  /// Creates a palette of 1 to 198 different colors; anything else throws a `DataError`.
  public init(_ colors: [Color]) throws(DataError) {
    guard (1...Self.limit).contains(colors.count) else {
      throw DataError(.value, "a palette holds 1 to \(Self.limit) colors, not \(colors.count)")
    }
    var places: [Color: Int] = [:]
    for (place, color) in colors.enumerated() {
      if let first = places.updateValue(place, forKey: color) {
        throw DataError(.value, "the palette holds \(color.hex) twice, as colors \(first) and \(place)")
      }
    }
    self.init(unchecked: colors)
  }

  private init(unchecked colors: [Color]) {
    self.colors = colors
    lab = colors.map { LabColor($0) }
  }

  /// Returns the index of the color that is nearest by Euclidean distance in CIE Lab, the first one on ties.
  public func nearest(to color: Color) -> UInt8 {
    let target = LabColor(color)
    var best = 0
    var shortest = Double.infinity
    for (index, candidate) in lab.enumerated() {
      let distance = candidate.squaredDistance(to: target)
      if distance < shortest { (best, shortest) = (index, distance) }
    }
    return UInt8(best)
  }

  /// The 55 colors of the published system, those of the Nintendo Entertainment System.
  public static let nes = Palette(
    unchecked: [
      0x000000, 0xfcfcfc, 0xf8f8f8, 0xbcbcbc, 0x7c7c7c, 0xa4e4fc, 0x3cbcfc, 0x0078f8, 0x0000fc, 0xb8b8f8, 0x6888fc,
      0x0058f8, 0x0000bc, 0xd8b8f8, 0x9878f8, 0x6844fc, 0x4428bc, 0xf8b8f8, 0xf878f8, 0xd800cc, 0x940084, 0xf8a4c0,
      0xf85898, 0xe40058, 0xa80020, 0xf0d0b0, 0xf87858, 0xf83800, 0xa81000, 0xfce0a8, 0xfca044, 0xe45c10, 0x881400,
      0xf8d878, 0xf8b800, 0xac7c00, 0x503000, 0xd8f878, 0xb8f818, 0x00b800, 0x007800, 0xb8f8b8, 0x58d854, 0x00a800,
      0x006800, 0xb8f8d8, 0x58f898, 0x00a844, 0x005800, 0x00fcfc, 0x00e8d8, 0x008888, 0x004058, 0xf8d8f8, 0x787878,
    ].map { Color(hex: $0) })
}
