import Formats
import PixelBytes
import PixelScript

extension Sprites.Captions: ScriptChoice {}
extension Sprites.Combinations: ScriptChoice {}
extension CopyTask.Kind: ScriptChoice {}

/// Data sets that are drawn by rules, and what can be read back from such pictures and captions.
extension CommandGroup {
  static var spritesCommand: Command {
    Command(
      "sprites", "Makes the embedded data set: creatures drawn by rules, with captions that are true of them.",
      Parameter<Int>("count", "number of rows, each drawn when it is asked for", default: 512),
      Parameter<Int>("size", "width and height in pixels, 8 to 32", default: 16),
      Parameter<Int>("seed", "the same seed gives the same rows on any machine", default: 0),
      Parameter<Sprites.Captions>("captions", "a short caption, or several sentences", default: .simple, byName: true),
      Parameter<Sprites.Combinations>(
        "combinations", "\"seen\" leaves one color of each kind out, \"unseen\" has only these", default: .all,
        byName: true),
      example: """
        data = sprites(count: 3, size: 12, seed: 1)
        print len(data), data[0].image  # expect: 3 image 12x12
        """
    ) { _, count, size, seed, captions, combinations in
      let sprites = try Sprites(
        size: size, seed: UInt64(bitPattern: Int64(seed)), captions: captions, combinations: combinations)
      return .object(DataSetObject(try DataSet.sprites(count: count, sprites)))
    }
  }

  static var copyTask: Command {
    Command(
      "copy_task", "Makes rows that repeat a random pattern after a gap, for models to learn to copy.",
      Parameter<Int>("count", "number of rows, each made when it is asked for", default: 512),
      Parameter<CopyTask.Kind>("kind", "a pattern of pixels, or of letters without a picture", default: .image),
      Parameter<Int>("size", "the pixels a side of the pattern, or its letters, 1 to 64", default: 8),
      Parameter<Int>("gap", "the black rows, or the points, before the copy, 0 to 256", default: 2),
      Parameter<Int>("symbols", "how many colors or letters there are, 2 to 26", default: 4),
      Parameter<Int>("seed", "the same seed gives the same rows on any machine", default: 0),
      example: """
        caption = copy_task(count: 1, kind: "text", size: 5, gap: 3)[0].caption
        print caption[0:5] == caption[8:13], copy_task(count: 1)[0].image  # expect: true image 8x18
        """
    ) { _, count, kind, size, gap, symbols, seed in
      let task = try CopyTask(
        kind: kind, size: size, gap: gap, symbols: symbols, seed: UInt64(bitPattern: Int64(seed)))
      return .object(DataSetObject(try DataSet.copyTask(count: count, task)))
    }
  }

  /// The forms of `traits`.
  static var traits: [Command] {
    let reader = PictureReader()
    return [traitsOfRow, traitsOfOutput(reader), traitsOfImage(reader), traitsOfText]
  }

  private static var traitsOfRow: Command {
    Command(
      "traits", "Gives the traits that are known of a row, as a map; empty when none are.",
      Parameter<RowObject>("row", "a row of `sprites`"),
      example: """
        row = sprites(count: 1, seed: 3)[0]
        print contains(row.caption, traits(row).color)  # expect: true
        """
    ) { _, row in .map(row.row.traits.map { ($0.name, .string($0.text)) }) }
  }

  private static func captionParameter() -> Parameter<String?> {
    Parameter("caption", "a text to compare with: adds `agreement`, the share of its traits that the picture has")
  }

  private static func traitsOfOutput(_ reader: PictureReader) -> Command {
    Command(
      "traits", "Reads traits back from the first picture of an output, as from an image; empty without a picture.",
      Parameter<OutputObject>("output", "what `generate` gave"), captionParameter(),
      example: """
        row = sprites(count: 1, seed: 3)[0]
        print traits(decode(encode(row).ids)).color == row.traits.color  # expect: true
        """
    ) { _, output, caption in .map(try reader.traits(of: output.decoding.images.first, caption)) }
  }

  private static func traitsOfImage(_ reader: PictureReader) -> Command {
    Command(
      "traits",
      "Reads traits back from a picture: its dominant color, and of a sprite all others, with `match`, the share of pixels.",
      Parameter<ImageObject>("image", "the picture"), captionParameter(),
      example: """
        row = sprites(count: 1, seed: 3)[0]
        seen = traits(row.image, caption: row.caption)
        print seen.kind == row.traits.kind, seen.match, seen.agreement  # expect: true 1 1
        """
    ) { _, image, caption in .map(try reader.traits(of: image.image.quantized(), caption)) }
  }

  /// Throws for a text that is no caption but a book, in which words would be looked for all day.
  fileprivate static func checkCaption(_ text: String, _ argument: String) throws(ScriptError) {
    let limit = 1 << 14
    guard text.utf8.count <= limit else {
      throw ScriptError(
        .limit, "traits are read from at most \(limit) bytes of text, found \(text.utf8.count)", argument: argument)
    }
  }

  private static var traitsOfText: Command {
    Command(
      "traits", "Gives the traits of a sprite that a text states, as a map.",
      Parameter<String>("text", "the text, such as a caption"),
      example: """
        print traits("a tiny red cat, wearing a crown")  # expect: {kind: "cat", color: "red", size: "small", hat: "crown"}
        """
    ) { _, text in
      try checkCaption(text, "text")
      return .map(Sprites.traits(statedIn: text).map { ($0.name, .string($0.text)) })
    }
  }
}

/// Reads traits from pictures, and keeps what makes the next reading fast.
private final class PictureReader {
  private var reader = TraitReader()

  func traits(of image: IndexedImage?, _ caption: String?) throws(ScriptError) -> [(String, Value)] {
    if let caption { try CommandGroup.checkCaption(caption, "caption") }
    guard let (traits, match) = image.map({ reader.read($0) }), !traits.isEmpty else { return [] }
    var values = match.map { [("match", Value.number($0))] } ?? []
    if let share = caption.flatMap({ Sprites.agreement(of: traits, with: $0) }) {
      values.append(("agreement", .number(share)))
    }
    return traits.map { ($0.name, .string($0.text)) } + values
  }
}
