import Tensors

/// Sprites of creatures with captions that state their traits, drawn by the program itself without end.
///
/// A row is a pure function of its number and of the fields here, the same on any machine. The traits stay with the
/// row: kind, color, eyes, pattern, size, hat, item, mouth, wings and background. The color is the dominant one of the
/// picture, and the only color word of the caption.
public struct Sprites: Equatable, Sendable {
  /// The width and height of every picture in pixels.
  public let size: Int
  /// What decides which creatures there are.
  public let seed: UInt64

  /// The sizes there are, in pixels a side.
  public static let sizes = 8...32

  /// Creates the rows of a seed; a size outside 8...32 throws.
  public init(size: Int = 16, seed: UInt64 = 0) throws(DataError) {
    guard Self.sizes.contains(size) else {
      throw DataError(
        .value, "a sprite has \(Self.sizes.lowerBound) to \(Self.sizes.upperBound) pixels a side, not \(size)")
    }
    (self.size, self.seed) = (size, seed)
  }

  /// Returns the row of a number, 0 or more.
  public func row(_ number: Int) -> DataRow {
    var random = Random(seed: seed, stream: "sprite \(size) \(number)")
    let traits = SpriteTraits(size: size, using: &random)
    let image = IndexedImage(width: size, height: size, indices: traits.drawn(size: size))
    return DataRow(
      caption: traits.caption(using: &random), image: image.raster, indexed: image, traits: traits.named)
  }
}

extension SpriteTraits {
  /// The traits by name, in a fixed order.
  var named: [NamedText] {
    [
      NamedText("kind", kind.rawValue), NamedText("color", color.rawValue), NamedText("eyes", eyes.rawValue),
      NamedText("pattern", pattern.rawValue), NamedText("size", size.rawValue), NamedText("hat", hat.rawValue),
      NamedText("item", item.rawValue), NamedText("mouth", mouth.rawValue), NamedText("wings", wings ? "yes" : "no"),
      NamedText("background", ground.rawValue),
    ]
  }
}
