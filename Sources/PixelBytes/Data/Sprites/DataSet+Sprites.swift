extension DataSet {
  /// The most sprites of a data set.
  public static let spriteLimit = 1 << 31

  /// Returns the first `count` rows of `sprites`, each drawn when it is asked for.
  ///
  /// A count below 0 or above `spriteLimit` throws.
  public static func sprites(count: Int = 512, _ sprites: Sprites) throws(DataError) -> DataSet {
    guard count >= 0 else { throw DataError(.value, "the number of sprites is 0 or more, not \(count)") }
    guard count <= spriteLimit else {
      throw DataError(.limit, "a data set has at most \(spriteLimit) sprites, not \(count)")
    }
    return DataSet(source: SpriteRows(sprites, count: count))
  }

  /// Returns the first `count` rows of the sprites of a size and seed; what is impossible throws.
  public static func sprites(count: Int = 512, size: Int = 16, seed: UInt64 = 0) throws(DataError) -> DataSet {
    try sprites(count: count, try Sprites(size: size, seed: seed))
  }
}

/// Sprites as the rows of a data set.
private final class SpriteRows: RowSource {
  let count: Int
  let columns: [String]
  let tokens: (any TokenStore)? = nil
  private let sprites: Sprites

  init(_ sprites: Sprites, count: Int) {
    (self.sprites, self.count) = (sprites, count)
    columns = ["image", "caption"] + sprites.row(0).traits.map(\.name)
  }

  func row(at index: Int) -> DataRow { sprites.row(index) }
}
