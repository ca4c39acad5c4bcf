import Tensors

extension DataSet {
  /// The sizes of sprites, in pixels a side.
  public static let spriteSizes = 8...32

  /// Returns sprites of creatures with captions that state their traits, drawn by the program itself without end.
  ///
  /// Row `i` depends on `seed`, `i` and `size` alone, on any machine. The traits stay with the row: kind, color, eyes,
  /// pattern, size, hat, item, mouth, wings and background. The color is the dominant one of the picture, and the only
  /// color word of the caption. A count below 0, a size outside 8...32 and more rows than `memoryLimit` holds throw.
  /// `poll` is called for each row and stops the work by throwing.
  public static func sprites(
    count: Int = 512, size: Int = 16, seed: UInt64 = 0, poll: () throws -> Void = {}
  ) throws -> DataSet {
    guard count >= 0 else { throw DataError(.value, "the number of sprites is 0 or more, not \(count)") }
    guard spriteSizes.contains(size) else {
      throw DataError(
        .value, "a sprite has \(spriteSizes.lowerBound) to \(spriteSizes.upperBound) pixels a side, not \(size)")
    }
    // Four samples, an index and the tokens of a later build stand behind every pixel.
    let most = memoryLimit / (16 * size * size)
    guard count <= most else {
      throw DataError(.limit, "at most \(most) sprites of \(size) pixels a side fit in memory, not \(count)")
    }
    return DataSet(
      try (0..<count).map { index in
        try poll()
        return sprite(index, size: size, seed: seed)
      })
  }

  private static func sprite(_ index: Int, size: Int, seed: UInt64) -> DataRow {
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
