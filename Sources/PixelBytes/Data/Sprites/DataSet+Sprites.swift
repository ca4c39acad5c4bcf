import Tensors

extension DataSet {
  /// The sizes of sprites, in pixels a side.
  public static let spriteSizes = 8...32
  /// The most sprites of a data set.
  public static let spriteLimit = 1 << 31

  /// Returns sprites of creatures with captions that state their traits, drawn by the program itself without end.
  ///
  /// Row `i` depends on `seed`, `i` and `size` alone, on any machine. The traits stay with the row: kind, color, eyes,
  /// pattern, size, hat, item, mouth, wings and background. The color is the dominant one of the picture, and the only
  /// color word of the caption. A row is drawn when it is asked for. A count below 0 or above `spriteLimit` and a size
  /// outside 8...32 throw.
  public static func sprites(count: Int = 512, size: Int = 16, seed: UInt64 = 0) throws(DataError) -> DataSet {
    guard count >= 0 else { throw DataError(.value, "the number of sprites is 0 or more, not \(count)") }
    guard spriteSizes.contains(size) else {
      throw DataError(
        .value, "a sprite has \(spriteSizes.lowerBound) to \(spriteSizes.upperBound) pixels a side, not \(size)")
    }
    guard count <= spriteLimit else {
      throw DataError(.limit, "a data set has at most \(spriteLimit) sprites, not \(count)")
    }
    return DataSet(source: SpriteRows(count: count, size: size, seed: seed))
  }
}

/// Sprites, each drawn when it is asked for.
private final class SpriteRows: RowSource {
  let count: Int
  let size: Int
  let seed: UInt64
  let columns: [String]
  let tokens: (any TokenStore)? = nil

  init(count: Int, size: Int, seed: UInt64) {
    (self.count, self.size, self.seed) = (count, size, seed)
    var random = Random(seed: seed, stream: "sprite \(size) 0")
    columns = ["image", "caption"] + SpriteTraits(size: size, using: &random).named.map(\.name)
  }

  func row(at index: Int) -> DataRow {
    var random = Random(seed: seed, stream: "sprite \(size) \(index)")
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
