import PixelScript
import Safepoint
import Tensors

/// A tensor, or a number where a tensor is meant.
struct TensorOperand: ScriptConvertible {
  let object: TensorObject

  static let scriptName = "tensor"
  static let kinds: ValueKinds = [.number, .object]

  static func convert(_ value: Value) -> TensorOperand? {
    switch value {
    case .object(let object as TensorObject): TensorOperand(object: object)
    case .number(let number): TensorOperand(object: TensorObject(literal: number))
    default: nil
    }
  }

  var scriptValue: Value { .object(object) }
  var tensor: Tensor { object.tensor }
  var shape: Shape { object.shape }
}

/// The sizes of a tensor's axes, `zeros(2, 3)` or `zeros([2, 3])`: all arguments left by position.
struct Dimensions: ScriptConvertible {
  let sizes: Shape

  static let scriptName = "whole number"
  static let gathering = Gathering.positional

  static func convert(_ value: Value) throws(Stopped) -> Dimensions? {
    guard case .list(let list) = value else { return nil }
    if list.count == 1, let sizes = try [Int].convert(list[0]) { return Dimensions(sizes: sizes) }
    guard let sizes = try [Int].convert(value) else { return nil }
    return Dimensions(sizes: sizes)
  }

  var scriptValue: Value { sizes.scriptValue }
}

extension ElementType: ScriptChoice {}
