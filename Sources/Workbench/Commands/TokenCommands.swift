import Formats
import PixelBytes
import PixelScript
import Safepoint

extension CommandGroup {
  /// From rows, texts and pictures to tokens and back.
  static func tokens(_ environment: Environment) -> CommandGroup {
    CommandGroup(
      "Tokens",
      [loadTokenizer(environment.files), encodeRow, encodeImage, encodeText, encodeIDs, decodeTokens, decodeIDs])
  }

  private static func loadTokenizer(_ files: FileAccess) -> Command {
    Command(
      "load_tokenizer", "Gives a tokenizer by name, or from a file of `save`, or with tokens of its own.",
      Parameter<String>(
        "path", "\"pixelbytes\", \"action-pixelbytes\", or a .json file", default: "pixelbytes", completion: .path),
      Parameter<PaletteObject?>("palette", "colors in place of its own", byName: true),
      Parameter<String?>(
        "bytes", "the characters of text beside tab and newline, in place of its own, such as \"abc \"", byName: true),
      Parameter<Int?>("levels", "so many values, evenly spaced from -1 to 1, in place of its own", byName: true),
      example: """
        gray = load_tokenizer("pixelbytes", palette: load_palette(to_image(linspace(0, 1, 4).reshape(2, 2))))
        save gray, "gray.json"
        print load_tokenizer().vocabulary, gray.vocabulary, load_tokenizer("gray.json") == gray  # expect: 113 62 true
        """
    ) { _, path, palette, bytes, levels in
      let named = Vocabulary.named.first { $0.name == path }
      let vocabulary = try named?.vocabulary ?? Vocabulary(contentsOf: try tokenizerFile(path, files))
      if let levels, !(0...256).contains(levels) {
        throw ScriptError(.value, "levels must be from 0 to 256, found \(levels)", argument: "levels")
      }
      let replaced = try vocabulary.replacing(
        text: bytes.map { Array($0.utf8) }, palette: palette?.palette, values: levels.map(Vocabulary.evenLevels))
      return .object(TokenizerObject(Tokenizer(replaced), name: path))
    }
  }

  /// The path of a tokenizer's file; what is no path is taken for a name.
  private static func tokenizerFile(_ path: String, _ files: FileAccess) throws -> String {
    if path.contains("/") || path.contains(".") { return try files.existing(path) }
    let names = Vocabulary.named.map(\.name)
    throw ScriptError(
      .value,
      "there is no tokenizer \(Display.quoted(path)); there are \(names.joined(separator: " and ")), and .json files",
      help: Suggestion.best(for: path, in: names).map { "did you mean \(Display.quoted($0))?" }, argument: "path")
  }

  private static func tokenizerParameter() -> Parameter<TokenizerObject?> {
    Parameter("tokenizer", "the tokenizer, by default \"pixelbytes\"", byName: true)
  }

  private static var encodeRow: Command {
    Command(
      "encode", "Turns a row into token patches: shape, picture and caption.",
      Parameter<RowObject>("row", "a row of a data set"), tokenizerParameter(),
      example: """
        print len(encode(sprites(count: 1, size: 8)[0])) > 81  # expect: true
        """
    ) { _, row, tokenizer in
      var options = BuildOptions()
      (options.tokenizer, options.maxSize) = (tokenizer?.tokenizer ?? row.tokenizer, defaultMaxSize)
      return .object(TokensObject(try options.built(row.row).tokens.patches, options.tokenizer))
    }
  }

  private static var encodeImage: Command {
    Command(
      "encode", "Turns a picture into token patches: shape and picture, so that a model can go on with a caption.",
      Parameter<ImageObject>("image", "the picture"), tokenizerParameter(),
      example: """
        print len(encode(sprites(count: 1, size: 8)[0].image))  # expect: 80
        """
    ) { _, image, tokenizer in
      let tokenizer = tokenizer?.tokenizer ?? Tokenizer()
      return .object(TokensObject(tokenizer.promptPatches(image.image), tokenizer))
    }
  }

  private static var encodeText: Command {
    Command(
      "encode", "Turns a text into token patches; letters become lower case, characters without a token id 0.",
      Parameter<String>("text", "the text"), tokenizerParameter(),
      example: """
        print encode("Ab").ids  # expect: [32, 33, 2]
        """
    ) { _, text, tokenizer in
      let tokenizer = tokenizer?.tokenizer ?? Tokenizer()
      try Tokenizer.reserve(text)
      return .object(TokensObject(tokenizer.encode(text: tokenizer.normalized(text)), tokenizer))
    }
  }

  private static var encodeIDs: Command {
    Command(
      "encode", "Turns a list of token ids into token patches, each rebuilt from the tokens before it.",
      Parameter<[Int]>("ids", "the ids"), tokenizerParameter(),
      example: """
        tokens = encode([32, 33, 2])
        print tokens == encode("ab"), len(tokens + tokens[0:1])  # expect: true 4
        """
    ) { context, ids, tokenizer in
      let tokenizer = tokenizer?.tokenizer ?? Tokenizer()
      let bytes = try bytes(of: ids, tokenizer)
      try context.reserve(bytes: 32, times: bytes.count)
      var builder = PatchBuilder(vocabulary: tokenizer.vocabulary, rule: .encoded)
      for byte in bytes {
        try Safepoint.check(after: 32)
        builder.append(byte)
      }
      return .object(TokensObject(builder.patches, tokenizer))
    }
  }

  /// Ids that a tokenizer has.
  private static func bytes(of ids: [Int], _ tokenizer: Tokenizer) throws(ScriptError) -> [UInt8] {
    let count = tokenizer.vocabulary.count
    if let wrong = ids.first(where: { !(0..<count).contains($0) }) {
      throw ScriptError(.value, "token ids go from 0 to \(count - 1), found \(wrong)", argument: "ids")
    }
    return ids.map { UInt8($0) }
  }

  private static var decodeTokens: Command {
    Command(
      "decode", "Turns tokens back into texts and pictures.",
      Parameter<TokensObject>("tokens", "what `encode` gave"),
      example: """
        print decode(encode("a cat")).text  # expect: a cat
        """
    ) { _, tokens in
      let ids = tokens.patches.tokens
      return .object(OutputObject(tokens.tokenizer.decode(ids), ids: ids))
    }
  }

  private static var decodeIDs: Command {
    Command(
      "decode", "Turns a list of token ids back into texts and pictures.",
      Parameter<[Int]>("ids", "the ids"), tokenizerParameter(),
      example: """
        print decode([32, 33, 2]).text  # expect: ab
        """
    ) { _, ids, tokenizer in
      let tokenizer = tokenizer?.tokenizer ?? Tokenizer()
      let bytes = try bytes(of: ids, tokenizer)
      return .object(OutputObject(tokenizer.decode(bytes), ids: bytes))
    }
  }
}

/// What `generate` goes on from: a row, a text, a picture or tokens, or a number of a row's tokens.
struct GenerationPrompt: ScriptConvertible {
  let value: Value

  static let scriptName = "row, string, image or tokens"
  static func convert(_ value: Value) -> GenerationPrompt? {
    switch value {
    case .string: GenerationPrompt(value: value)
    case .number(let number) where Int(exactly: number) != nil: GenerationPrompt(value: value)
    case .object(let object) where object is RowObject || object is ImageObject || object is TokensObject:
      GenerationPrompt(value: value)
    default: nil
    }
  }
  var scriptValue: Value { value }

  /// How many tokens of a row it is; nil for what is a prompt itself.
  var tokenCount: Int? { if case .number(let number) = value { Int(exactly: number) } else { nil } }

  /// The patches that the model reads before it goes on.
  ///
  /// A row prompts with its caption, so that the model draws the picture; a picture prompts with its shape and pixels, so
  /// that the model writes the caption.
  func patches(_ tokenizer: Tokenizer) throws -> PatchSequence {
    switch value {
    case .string(let text):
      try Tokenizer.reserve(text)
      return tokenizer.encode(text: tokenizer.normalized(text))
    case .object(let row as RowObject):
      guard row.row.hasCaption else {
        throw ScriptError(
          .value, "the row has no caption, which is the prompt that a row is", help: "a row's `image` is a prompt too")
      }
      return tokenizer.encode(text: tokenizer.normalized(row.row.caption))
    case .object(let image as ImageObject): return tokenizer.promptPatches(image.image)
    case .object(let tokens as TokensObject): return tokens.patches
    default: preconditionFailure("a prompt of another type was accepted")
    }
  }
}

extension Tokenizer {
  /// Throws when the budget of memory has no room for the tokens of a text: nine ids each, and what they are made of.
  fileprivate static func reserve(_ text: String) throws {
    try Safepoint.reserve(32, times: text.utf8.count, for: "the tokens of a text")
  }

  /// The shape and the pixels of a picture, reduced like those of `build`.
  fileprivate func promptPatches(_ picture: RasterImage) -> PatchSequence {
    var options = BuildOptions()
    (options.tokenizer, options.maxSize) = (self, defaultMaxSize)
    return encode(options.indexed(picture), caption: "", arrangement: [.shape, .image])
  }
}
