import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Elements put where positions along an axis say.
  static var scatterings: [Command] {
    [
      scattering(
        "scatter",
        "Puts values along an axis where positions say, as PyTorch's scatter; of several for one place the last stays.",
        example: "print scatter(zeros(3), 0, tensor([2, 0]), tensor([5, 6])).to_list()  # expect: [6, 0, 5]",
        adds: false
      ),
      scattering(
        "scatter_add", "Adds values along an axis where positions say, as PyTorch's scatter_add.",
        example: "print scatter_add(zeros(3), 0, tensor([2, 2]), tensor([5, 6])).to_list()  # expect: [0, 0, 11]",
        adds: true),
    ]
  }

  private static func scattering(_ name: String, _ summary: String, example: String, adds: Bool) -> Command {
    Command(
      name, summary, TensorParameter.input, Parameter<Int>("axis", "the axis", aliases: ["dim"]),
      Parameter<TensorObject>(
        "positions", "whole numbers, of at most the tensor's sizes but for that axis", aliases: ["index"]),
      Parameter<ScatteredValues>(
        "values", "a tensor of at least the positions' sizes, a number or a bool", aliases: ["src"]),
      example: example
    ) { context, input, axis, positions, scattered in
      var values = scattered.operand
      let axis = try ShapeRule.axis(axis, of: input.shape)
      let shape = positions.shape
      guard ShapeRule.arePositions(shape, along: axis, of: input.shape) else {
        throw ShapeError("cannot scatter into \(input.shape) by positions of \(shape) along axis \(axis)")
      }
      guard values.shape.isEmpty || ShapeRule.arePositions(shape, along: -1, of: values.shape) else {
        throw ShapeError("values of \(values.shape) do not fit positions of \(shape)")
      }
      if !values.shape.isEmpty, values.shape != shape {
        values = TensorOperand(object: TensorObject.rearranged(values.object) { $0.firstEntries(shape) })
      }
      try context.reserve(bytes: 32, times: positions.tensor.count)
      try context.reserve(bytes: 8, times: input.tensor.count)
      if !positions.tensor.arePlaces(below: input.shape[axis]) {
        _ = try wholeNumbers(positions.tensor, below: input.shape[axis], what: "a position", argument: "positions")
      }
      let places = positions.tensor.constant
      guard adds else {
        let type = input.tensor.elementType
        var part = values.object
        if type != .float32, part.parameter == nil, !part.own.isRecorded {
          part = TensorObject(try part.tensor.converted(to: type))
        }
        return .object(
          TensorObject.moved([input, part], as: type) {
            $0[0].scattered($0[1], axis: axis, at: places)
          })
      }
      if input.isWhole, values.object.isWhole, [input, values.object].allSatisfy({ !$0.tensor.isRecorded }) {
        let whole = TensorObject.moved([values.object], as: .int32) { $0[0].broadcast(to: shape) }
        return .object(TensorObject(try input.tensor.wholesAdded(whole.tensor, axis: axis, at: places)))
      }
      return .object(
        TensorObject.result(of: [input, values.object]) {
          $0[0].scatterAdded($0[1].broadcast(to: shape), axis: axis, at: places)
        })
    }
  }
}

/// What is put or added: a tensor, a number, or a truth value that counts as 1 or 0.
private struct ScatteredValues: ScriptConvertible {
  let operand: TensorOperand

  static let scriptName = TensorOperand.scriptName
  static let kinds: ValueKinds = [.number, .bool, .object]

  static func convert(_ value: Value) throws(Stopped) -> ScatteredValues? {
    var value = value
    if case .bool(let truth) = value { value = .number(truth ? 1 : 0) }
    return try TensorOperand.convert(value).map { ScatteredValues(operand: $0) }
  }

  var scriptValue: Value { operand.scriptValue }
}
