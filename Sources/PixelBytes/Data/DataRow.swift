import Formats

/// A name and the text that belongs to it: a trait of a sprite.
public struct NamedText: Equatable, Sendable {
  /// The name.
  public let name: String
  /// The text.
  public let text: String

  /// Creates a pair.
  public init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

/// One example: a picture and the caption that describes it, or a text alone.
public struct DataRow: Equatable, Sendable {
  /// The description of the picture, or the text; empty where there is none.
  public var caption: String
  /// Whether the file that the row comes from has a caption for it.
  public var hasCaption: Bool
  /// The picture; nil for a text alone.
  public var image: RasterImage?
  /// The picture in palette colors, nil before the data set is built.
  public var indexed: IndexedImage?
  /// The tokens of the row, nil before the data set is built.
  public var patches: PatchSequence?
  /// What is known about the picture, in a fixed order; empty when nothing is.
  public var traits: [NamedText]
  /// The columns that are neither picture nor caption, in the order of the file; those that the row lacks hold null.
  public var extra: [NamedValue]

  /// Creates a row; a caption that is nil is one that a file lacks.
  public init(
    caption: String?, image: RasterImage? = nil, indexed: IndexedImage? = nil, patches: PatchSequence? = nil,
    traits: [NamedText] = [], extra: [NamedValue] = []
  ) {
    self.caption = caption ?? ""
    hasCaption = caption != nil
    self.image = image
    self.indexed = indexed
    self.patches = patches
    self.traits = traits
    self.extra = extra
  }

  /// True for rows that show the same: of one picture, caption and tokens, and with the same in every column, be it a trait or not.
  public static func == (one: DataRow, other: DataRow) -> Bool {
    one.caption == other.caption && one.hasCaption == other.hasCaption && one.patches == other.patches
      && one.shown == other.shown && one.further == other.further
  }

  private var shown: RasterImage? { indexed?.raster ?? image }

  private var further: [String: DataValue] {
    Dictionary(
      extra.map { ($0.name, $0.value) } + traits.map { ($0.name, .text($0.text)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Returns the trait called `name`, nil when it is not known.
  public func trait(_ name: String) -> String? { traits.first { $0.name == name }?.text }

  /// What the row takes in memory, about, in bytes.
  public var memoryCost: Int {
    128 + 4 * caption.utf8.count + (image?.rgba.count ?? 0) + (indexed?.indices.count ?? 0) + (patches?.ids.count ?? 0)
      + extra.reduce(0) { $0 + $1.value.memoryCost }
  }
}
