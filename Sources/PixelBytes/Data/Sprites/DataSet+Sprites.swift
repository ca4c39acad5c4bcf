extension DataSet {
  /// The most sprites of a data set.
  public static let spriteLimit = 1 << 31

  /// Returns the first `count` rows of `sprites`, each drawn when it is asked for.
  ///
  /// A count below 0 or above `spriteLimit` throws.
  public static func sprites(count: Int = 512, _ sprites: Sprites) throws(DataError) -> DataSet {
    DataSet(
      source: try DrawnRows(count: count, called: "sprites", limit: spriteLimit, row: sprites.row), name: "sprites")
  }

  /// Returns the first `count` rows of the sprites of a size and seed; what is impossible throws.
  public static func sprites(count: Int = 512, size: Int = 16, seed: UInt64 = 0) throws(DataError) -> DataSet {
    try sprites(count: count, try Sprites(size: size, seed: seed))
  }
}
