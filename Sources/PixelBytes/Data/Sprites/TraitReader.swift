import Formats

/// Reads what is known of sprites from pictures of any kind, and keeps what makes the next reading fast.
public struct TraitReader {
  private var reader = SpriteReader()
  /// Pictures of which less is as a sprite has it are none.
  private static let leastMatch = 0.5

  /// Creates a reader.
  public init() {}

  /// The dominant color of a picture and, of one that looks like a sprite, all other traits, with the share of pixels that are as a
  /// sprite of these has them; without traits where nothing stands on the background.
  public mutating func read(_ image: IndexedImage) -> (traits: [NamedText], match: Double?) {
    guard let family = ColorFamily.dominant(of: image) else { return ([], nil) }
    guard let reading = reader.read(image), reading.match >= Self.leastMatch else {
      return ([NamedText("color", family.rawValue)], nil)
    }
    return (reading.traits, reading.match)
  }
}

extension Sprites {
  /// The names of the traits.
  static let traitNames = SpriteTraits().named.map(\.name)

  /// What is known of the picture of a row: its traits, the columns that have their names, or what its caption states.
  static func known(of row: DataRow) -> [NamedText] {
    if !row.traits.isEmpty { return row.traits }
    let columns = row.extra.compactMap { column -> NamedText? in
      guard traitNames.contains(column.name), case .plain(.string(let text)) = column.value else { return nil }
      return NamedText(column.name, text)
    }
    return columns.isEmpty ? traits(statedIn: row.caption) : columns
  }
}
