import PixelScript
import Tensors

/// A part of a tensor of floats that nobody records, where it stands: `x[i] += y` changes it there, and `z[i] = x[j]` copies it from
/// there. It stays what it was when the script named it, whatever happens to the tensor.
final class TensorPart: ScriptObject {
  private let whole: TensorObject
  /// The tensor as it was.
  private var before: Tensor?
  private let axes: [AxisIndex]
  private var isChanged = false

  /// The part that an index takes of a tensor; nil where it must be taken out.
  init?(_ whole: TensorObject, _ index: [PixelScript.Index]) throws {
    guard whole.isPlain, let axes = try Self.axes(index, of: whole) else { return nil }
    (self.whole, self.axes, before) = (whole, axes, whole.tensor)
  }

  /// The index of each axis, where it takes elements at even distances; nil for any other.
  static func axes(_ index: [PixelScript.Index], of tensor: TensorObject) throws -> [AxisIndex]? {
    let isRegular = index.allSatisfy {
      switch $0 {
      case .position, .slice, .all, .rest: true
      default: false
      }
    }
    return isRegular ? try Picking(index, of: tensor).axes : nil
  }

  /// Whether this is a part of a tensor that was changed in it.
  func isChanged(in tensor: TensorObject) -> Bool { isChanged && tensor === whole }

  /// The tensor that it is a part of and what it takes of it; nil where these are the values of `target` itself.
  func source(for target: TensorObject) -> (Tensor, [AxisIndex])? {
    guard let before, !before.isSame(as: target.tensor) else { return nil }
    return (before, axes)
  }

  /// Changes the tensor, where that is as it was, nothing is recorded and the shapes fit.
  func update(_ operation: PixelScript.Operation, _ other: Value) throws -> Bool {
    guard let small = operation.small, let operand = try TensorOperand.convert(other)?.object,
      operand.parameter == nil, whole.isPlain, before?.isSame(as: whole.tensor) == true
    else { return false }
    let tensor = operand.tensor
    // As long as another holds the values they are copied to be changed.
    before = nil
    isChanged = whole.changeInPlace { $0.updateInPlace(axes, small, with: tensor) }
    if !isChanged { before = whole.tensor }
    return isChanged
  }

  /// The part, taken out once and for all, after which this holds nothing of the tensor.
  func takenOut() -> TensorObject {
    defer { before = nil }
    return element
  }

  /// The part, taken out.
  func taken() throws -> Value? { .object(element) }

  private var element: TensorObject { TensorObject((before ?? whole.tensor).indexed(axes)) }

  static let scriptName = "tensor"
  var displayText: String { element.displayText }
}
