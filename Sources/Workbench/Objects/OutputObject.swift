import Formats
import PixelBytes
import PixelScript

/// What a model generated, in a script: tokens, and the texts and pictures they stand for.
public final class OutputObject {
  /// The texts and pictures of prompt and generated tokens.
  public let decoding: Decoding
  /// The generated tokens; of `decode`, all of them.
  public let ids: [UInt8]
  /// How the tokens were drawn; nil for what was only decoded.
  public let generation: Generation?
  /// The contexts of prompt and tokens; nil for what was only decoded.
  private let patches: TokensObject?

  /// Wraps a decoding.
  public init(_ decoding: Decoding, ids: [UInt8]) {
    (self.decoding, self.ids, generation, patches) = (decoding, ids, nil, nil)
  }

  /// Wraps what a model drew in the tokens of a tokenizer.
  public init(_ generation: Generation, _ tokenizer: Tokenizer) {
    (decoding, ids, self.generation) = (generation.decoding, generation.ids, generation)
    patches = TokensObject(generation.patches, tokenizer)
  }
}

extension OutputObject: ScriptObject {
  /// "output".
  public static let scriptName = "output"
  /// How many tokens and pictures, and the text.
  public var displayText: String {
    let images = decoding.images.map { "\($0.width)x\($0.height)" }.joined(separator: ", ")
    return "output: \(ids.count) tokens, images [\(images)], text \(Display.quoted(decoding.text))"
  }
  /// What all outputs have.
  public var fieldNames: [String] {
    ["ids", "text", "images", "values"]
      + (generation == nil ? [] : ["patches", "log_probabilities", "tokens_per_second"])
  }
  /// A byte a token, and the pictures.
  public var memoryCost: Int {
    128 + ids.count + (patches?.memoryCost ?? 0) + decoding.images.reduce(0) { $0 + $1.indices.count }
  }

  /// `ids`, `text`, `images`, `values` of sound or control; of generated ones `patches`, prompt and tokens as a model reads them, `log_probabilities`, the natural logarithm of
  /// what the model itself gave each token, and `tokens_per_second`.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "ids": try TokensObject.ids(ids)
    case "text": .string(decoding.text)
    case "images": .list(decoding.images.map { .object(ImageObject($0.raster)) })
    case "values": try .list(count: decoding.values.count) { .number(decoding.values[$0]) }
    case "patches": patches.map { .object($0) }
    case "log_probabilities":
      try (generation?.logProbabilities).map { numbers in try .list(count: numbers.count) { .number(numbers[$0]) } }
    case "tokens_per_second": (generation?.tokensPerSecond).map { .number($0) }
    default: nil
    }
  }

  /// True when the tokens are equal.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? OutputObject)?.ids == ids }
}

extension OutputObject: Showable {
  /// What was generated is.
  public var isShownInPassing: Bool { true }
  /// The texts and pictures in the order in which they came; shapes are passed over.
  public func rendering() -> Rendering {
    let parts = decoding.parts.compactMap { part, _ -> Rendering? in
      switch part {
      case .text(let text): .text(text + "\n")
      case .shape: nil
      case .image(let image): .picture(image.raster)
      case .values(let values): .text(values.map { Value.number($0).echo }.joined(separator: " ") + "\n")
      }
    }
    if parts.count > Self.mostParts { return mixture }
    return parts.isEmpty ? .text("no text and no picture\n") : .column(parts)
  }

  /// The most texts and pictures that are shown one below the other.
  private static let mostParts = 8

  /// What a model that has learnt little gives: its texts in a line, and the scraps of pictures between them side by side.
  private var mixture: Rendering {
    let texts = decoding.parts.compactMap { part, _ in if case .text(let text) = part { text } else { nil } }
    let others = decoding.parts.compactMap { part, _ in
      if case .values(let values) = part { values.map { Value.number($0).echo }.joined(separator: " ") } else { nil }
    }
    let words = (texts + others).joined(separator: " ")
    let pictures = decoding.images.prefix(Rendering.tileLimit).map { Rendering.Tile($0.raster, "") }
    let more = decoding.images.count - pictures.count
    return .column(
      (words.isEmpty ? [] : [.text(words + "\n")]) + (pictures.isEmpty ? [] : [.grid(pictures)])
        + (more > 0 ? [.text("(\(more) more pictures)\n")] : []))
  }
}

extension OutputObject: Savable {
  /// Those of pictures for the first picture, and safetensors for the tokens.
  public static var fileEndings: [String] { RasterImage.fileEndings + ["safetensors"] }

  /// Writes the first picture or the tokens.
  public func save(to path: String, ending: String) throws {
    if ending == "safetensors" {
      var file = Safetensors()
      try file.append("ids", shape: [ids.count], uint8s: ids)
      return try file.write(to: path)
    }
    guard let image = decoding.images.first else {
      throw ScriptError(.value, "the output holds no picture to save", help: "its text is in .text")
    }
    try image.raster.write(to: path, ending: ending)
  }
}
