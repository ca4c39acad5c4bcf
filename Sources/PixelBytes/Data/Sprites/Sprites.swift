import Tensors

/// Sprites of creatures with captions that state their traits, drawn by the program itself without end.
///
/// A row is a pure function of its number and of the fields here, the same on any machine. The traits stay with the
/// row: kind, color, eyes, pattern, size, hat, item, mouth, wings, background, pose and shading. The color is the dominant
/// one of the picture, and the only color word of the caption.
public struct Sprites: Equatable, Sendable {
  /// How captions are written.
  public enum Captions: String, CaseIterable, Sendable {
    /// A sentence or two of 50 to 140 characters that name the color in their first and last words.
    case simple
    /// Two to five sentences that state some of the traits.
    case rich
  }

  /// Which kinds have which colors.
  public enum Combinations: String, CaseIterable, Sendable {
    /// Every kind has any color.
    case all
    /// One color of each kind is left out, 18 of the 180 combinations.
    case seen
    /// Only the colors that `seen` leaves out, to test what was learned on combinations never seen.
    case unseen
  }

  /// The width and height of every picture in pixels.
  public let size: Int
  /// What decides which creatures there are.
  public let seed: UInt64
  /// How captions are written.
  public let captions: Captions
  /// Which kinds have which colors.
  public let combinations: Combinations

  /// The sizes there are, in pixels a side.
  public static let sizes = 8...32

  /// Creates the rows of a seed; a size outside 8...32 throws.
  public init(
    size: Int = 16, seed: UInt64 = 0, captions: Captions = .simple, combinations: Combinations = .all
  ) throws(DataError) {
    guard Self.sizes.contains(size) else {
      throw DataError(
        .value, "a sprite has \(Self.sizes.lowerBound) to \(Self.sizes.upperBound) pixels a side, not \(size)")
    }
    (self.size, self.seed, self.captions, self.combinations) = (size, seed, captions, combinations)
  }

  /// Returns the row of a number, 0 or more.
  public func row(_ number: Int) -> DataRow {
    var random = Random(seed: seed, stream: "sprite \(size) \(number)")
    var traits = SpriteTraits(size: size, combinations: combinations, using: &random)
    var pixels = traits.drawn(size: size)
    if size >= 12, traits.pattern != .plain {
      // A pattern that nothing of shows is none, so that captions stay true of what is seen.
      var plain = traits
      plain.pattern = .plain
      let drawn = plain.drawn(size: size)
      if drawn == pixels { (traits, pixels) = (plain, drawn) }
    }
    let image = IndexedImage(width: size, height: size, indices: pixels)
    let caption = captions == .simple ? traits.caption(using: &random) : traits.richCaption(using: &random)
    return DataRow(caption: caption, image: image.raster, indexed: image, traits: traits.named)
  }
}
