import PixelScript
import Tensors

/// Several tensors that one command gives, each with a name, as PyTorch's named tuples: `topk(x, 2).values`.
public final class NamedTensors: ScriptObject {
  private let entries: [(name: String, tensor: TensorObject)]

  init(_ entries: (name: String, tensor: TensorObject)...) { self.entries = entries }

  init(entries: [(name: String, tensor: TensorObject)]) { self.entries = entries }

  /// "record of tensors".
  public static let scriptName = "record of tensors"
  /// Each tensor with its name.
  public var displayText: String {
    entries.map { name, tensor in
      let margin = String(repeating: " ", count: name.count + 2)
      let text = tensor.displayText.split(separator: "\n", omittingEmptySubsequences: false)
      return "\(name): " + text.joined(separator: "\n" + margin)
    }.joined(separator: "\n")
  }
  /// The names.
  public var fieldNames: [String] { entries.map(\.name) }
  /// The number of tensors.
  public var length: Int? { entries.count }
  /// What the tensors hold.
  public var memoryCost: Int { entries.reduce(64) { $0 + $1.tensor.memoryCost } }

  /// The tensor of a name.
  public func field(_ name: String) -> Value? { entries.first { $0.name == name }.map { .object($0.tensor) } }

  /// The tensor at a position, so that `values, indices = topk(x, 2)` takes them apart.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1, case .position(let position) = index[0] else { return nil }
    return .object(entries[try PixelScript.Index.resolve(position, in: entries.count, of: Self.scriptName)].tensor)
  }

  /// True when all tensors are equal.
  public func isEqual(to other: any ScriptObject) -> Bool {
    guard let other = other as? NamedTensors, other.fieldNames == fieldNames else { return false }
    return entries.indices.allSatisfy { entries[$0].tensor.tensor.equals(other.entries[$0].tensor.tensor) }
  }
}
