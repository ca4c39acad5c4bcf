import PixelScript
import Tensors

/// Several values that one command gives, each with a name, as PyTorch's named tuples: `topk(x, 2).values`.
public final class NamedValues: ScriptObject {
  let entries: [(name: String, value: Value)]

  init(_ entries: (name: String, tensor: TensorObject)...) { self.entries = entries.map { ($0, .object($1)) } }

  init(entries: [(name: String, value: Value)]) { self.entries = entries }

  /// "record".
  public static let scriptName = "record"
  /// Each value with its name.
  public var displayText: String {
    entries.map { name, value in
      let margin = String(repeating: " ", count: name.count + 2)
      let text = value.description.split(separator: "\n", omittingEmptySubsequences: false)
      return "\(name): " + text.joined(separator: "\n" + margin)
    }.joined(separator: "\n")
  }
  /// The names.
  public var fieldNames: [String] { entries.map(\.name) }
  /// The number of values.
  public var length: Int? { entries.count }
  /// What the values hold.
  public var memoryCost: Int {
    entries.reduce(64) { sum, entry in
      switch entry.value {
      case .object(let object): sum + object.memoryCost
      case .list(let list): sum + 64 * list.count
      default: sum
      }
    }
  }

  /// The value of a name.
  public func field(_ name: String) -> Value? { entries.first { $0.name == name }?.value }

  /// The value at a position, so that `values, indices = topk(x, 2)` takes them apart.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1, case .position(let position) = index[0] else { return nil }
    return entries[try PixelScript.Index.resolve(position, in: entries.count, of: Self.scriptName)].value
  }

  /// True when all values are equal.
  public func isEqual(to other: any ScriptObject) -> Bool {
    guard let other = other as? NamedValues, other.fieldNames == fieldNames else { return false }
    return entries.indices.allSatisfy { entries[$0].value == other.entries[$0].value }
  }
}
