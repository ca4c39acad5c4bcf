import PixelScript
import Safepoint
import Tensors

/// Which power of the distances from 0 a norm adds up, as PyTorch's `p`.
struct NormOrder: ScriptConvertible {
  let number: Double

  static let scriptName = "number"

  static var parameter: Parameter<NormOrder> {
    Parameter(
      "p", "the power that is added up, of which the root is taken; inf for the largest, 0 for how many are not 0",
      default: NormOrder(number: 2), byName: true, aliases: ["ord"])
  }

  static func convert(_ value: Value) throws(Stopped) -> NormOrder? {
    guard let number = Double.convert(value), !number.isNaN else { return nil }
    return NormOrder(number: number)
  }

  var scriptValue: Value { .number(number) }
}

extension Command {
  /// The norm of all elements, or those along axes.
  static func norm(_ input: TensorObject, _ axes: Axes?, _ keep: Bool, _ order: NormOrder) throws -> TensorObject {
    let reduce = try axisReduction(axes, keep, of: input)
    let p = order.number
    if p.isInfinite || p < 0 { try reduce.requireElements("norm") }
    return TensorObject.result(of: input) { x in
      let result =
        switch p {
        case 2: reduce(x, whole: { $0.norm() }) { $0.norm(axis: $1) }
        case .infinity: reduce(x.abs()) { $0.max(axis: $1) }
        case -.infinity: reduce(x.abs()) { $0.min(axis: $1) }
        case 0: reduce(x.constant.compared(.notEqual, Tensor(0)).typed(.float32)) { $0.sum(axis: $1) }
        case 1: reduce(x.abs()) { $0.sum(axis: $1) }
        default: root(of: reduce(x.abs().power(Tensor(Float(p)))) { $0.sum(axis: $1) }, Float(1 / p))
        }
      return result.typed(.float32)
    }
  }

  /// A power of sums; the gradient of one that is 0 is taken as 0.
  private static func root(of sums: Tensor, _ power: Float) -> Tensor {
    let none = sums.constant.compared(.equal, Tensor(0))
    let mask = Tensor(none.values, none.shape)
    return (sums + mask).power(Tensor(power)) * (Tensor(1) - mask)
  }

  /// How axes reduce a tensor; a number that is none may have been meant as the order of the norm, which stands second in PyTorch and NumPy.
  private static func axisReduction(_ axes: Axes?, _ keep: Bool, of input: TensorObject) throws -> AxisReduction {
    do { return try AxisReduction(axes, keep, of: input) } catch let error as ShapeError {
      guard let axis = axes?.single else { throw error }
      throw ScriptError(.shape, error.description, help: "`norm(x, p: \(axis))` takes the norm of another order")
    }
  }
}
