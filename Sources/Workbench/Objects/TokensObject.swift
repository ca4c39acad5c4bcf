import PixelBytes
import PixelScript
import Safepoint
import Tensors

/// A tokenizer in a script.
public final class TokenizerObject: ScriptObject {
  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// The name it was loaded by.
  public let name: String

  /// Wraps a tokenizer.
  public init(_ tokenizer: Tokenizer, name: String) { (self.tokenizer, self.name) = (tokenizer, name) }

  /// "tokenizer".
  public static let scriptName = "tokenizer"
  /// The name and the number of tokens.
  public var displayText: String { "tokenizer \(Display.quoted(name)): \(tokenizer.vocabulary.count) tokens" }
  /// What every tokenizer has.
  public var fieldNames: [String] { ["name", "vocabulary", "bytes", "palette", "levels"] }

  /// `name`; `vocabulary`, the number of tokens; its groups: `bytes`, a list of numbers, `palette` and `levels`.
  public func field(_ name: String) throws -> Value? {
    let vocabulary = tokenizer.vocabulary
    return switch name {
    case "name": .string(self.name)
    case "vocabulary": .number(vocabulary.count)
    case "bytes": .list(vocabulary.bytes.map { .number(Int($0)) })
    case "palette": .object(PaletteObject(vocabulary.palette, name: self.name))
    case "levels": .list(vocabulary.values.map { .number($0) })
    default: nil
    }
  }

  /// True for the same tokens in the same order.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? TokenizerObject)?.tokenizer == tokenizer }
}

extension TokenizerObject: Savable {
  /// JSON.
  public static var fileEndings: [String] { ["json"] }
  /// Writes the tokens, one a line.
  public func save(to path: String, ending: String) throws { try tokenizer.vocabulary.write(to: path) }
}

/// A sequence of token patches in a script, of shape [length, 3, 3].
public final class TokensObject {
  /// The patches.
  public let patches: PatchSequence
  /// The tokenizer that made them.
  public let tokenizer: Tokenizer

  /// Wraps patches.
  public init(_ patches: PatchSequence, _ tokenizer: Tokenizer) {
    (self.patches, self.tokenizer) = (patches, tokenizer)
  }

  private var shape: Shape { [patches.count] + patches.shape.dimensions }

  /// The ids of all cells.
  var tensor: TensorObject {
    TensorObject(Tensor(Tensor.counted(patches.ids.count) { Float(patches.ids[$0]) }, shape, elementType: .uint8))
  }
}

extension TokensObject: ScriptObject {
  /// "tokens".
  public static let scriptName = "tokens"
  /// The number of patches and the first ids.
  public var displayText: String {
    let ids = patches.tokens
    let shown = ids.prefix(12).map { "\($0)" }.joined(separator: ", ")
    return "tokens: \(ids.count), [\(shown)\(ids.count > 12 ? ", ..." : "")]"
  }
  /// What all tokens have.
  public var fieldNames: [String] { ["ids", "patches", "shape"] }
  /// The number of patches.
  public var length: Int? { patches.count }
  /// A byte a cell.
  public var memoryCost: Int { 192 + patches.ids.count }

  /// `ids` is the list of the tokens, `patches` a tensor [length, 3, 3], `shape` its shape.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "ids": try Self.ids(patches.tokens)
    case "patches": .object(tensor)
    case "shape": .list(shape.map { .number($0) })
    default: nil
    }
  }

  /// Token ids as a list.
  static func ids(_ ids: [UInt8]) throws -> Value { try .list(count: ids.count) { .number(Int(ids[$0])) } }

  /// `tokens[0]` is the id of a position, `tokens[2:9]` a part.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1 else { return nil }
    switch index[0] {
    case .position(let place):
      let place = try PixelScript.Index.resolve(place, in: patches.count, of: "sequence of tokens")
      return .number(Int(patches[place..<place + 1].tokens[0]))
    case .slice(let slice):
      var ids: [UInt8] = []
      for place in try slice.positions(in: patches.count) {
        try Safepoint.check(after: 16)
        ids += patches.ids[patches.shape.places(place..<place + 1)]
      }
      return .object(TokensObject(PatchSequence(ids: ids, shape: patches.shape), tokenizer))
    default: return nil
    }
  }

  /// `a + b` is one sequence behind the other, the patches of both as they are.
  public func binary(_ operation: Operation, _ other: Value, reflected: Bool) throws -> Value? {
    guard operation == .add, !reflected, case .object(let object as TokensObject) = other else { return nil }
    guard object.tokenizer == tokenizer, object.patches.shape == patches.shape else {
      throw ScriptError(.value, "tokens of two tokenizers cannot be joined")
    }
    try Safepoint.reserve(patches.shape.cells, times: patches.count + object.patches.count, for: "tokens")
    var joined = patches
    joined.append(object.patches)
    return .object(TokensObject(joined, tokenizer))
  }

  /// True when all patches are equal.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? TokensObject)?.patches == patches }
}
