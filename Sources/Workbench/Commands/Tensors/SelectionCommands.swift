import Formats
import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Picking elements, and leaving the world of tensors.
  static var selection: [Command] { picking + leaving }

  private static var picking: [Command] {
    [
      Command(
        "gather", "Takes along an axis the elements at given positions, as PyTorch's gather.", TensorParameter.input,
        Parameter<Int>("axis", "the axis", aliases: ["dim"]),
        Parameter<TensorObject>("positions", "whole numbers, of at most the tensor's sizes but for that axis"),
        example: """
          x = tensor([[1, 2], [3, 4]])
          print gather(x, 1, tensor([[1], [0]])).to_list()  # expect: [[2], [3]]
          """
      ) { context, input, axis, positions in
        let axis = try ShapeRule.axis(axis, of: input.shape)
        guard ShapeRule.arePositions(positions.shape, along: axis, of: input.shape) else {
          throw ShapeError("cannot gather from \(input.shape) by positions of \(positions.shape) along axis \(axis)")
        }
        try context.allow(positions.shape)
        let places = positions.tensor.constant
        if !input.tensor.isRounded,
          let taken = TensorObject.recordable([input]).tensors[0].gathered(axis: axis, inside: places)
        {
          return .object(TensorObject(taken.typed(input.tensor.elementType)))
        }
        if !places.arePlaces(below: input.shape[axis]) {
          _ = try wholeNumbers(places, below: input.shape[axis], what: "a position", argument: "positions")
        }
        return .object(TensorObject.rearranged(input) { $0.gathered(axis: axis, indices: places) })
      },
      Command(
        "where", "Takes elements of one tensor where a mask is true and of another elsewhere.",
        Parameter<TensorObject>("mask", "the mask"), Parameter<TensorOperand>("yes", "taken where it is true"),
        Parameter<TensorOperand>("no", "taken elsewhere"),
        example: "x = tensor([-1, 2])\nprint where(x > 0, x, 0)  # expect: tensor([0, 2], shape [2], float32)"
      ) { context, mask, yes, no in
        .object(try choosing(mask, yes, no, context))
      },
      Command(
        "clamp", "Holds every element between two bounds, numbers or tensors.", TensorParameter.input,
        Parameter<TensorOperand?>("min", "the lower bound"), Parameter<TensorOperand?>("max", "the upper bound"),
        example: """
          print clamp(tensor([-5, 1, 9]), 0, 3)  # expect: tensor([0, 1, 3], shape [3], float32)
          print clamp(tensor([-5, 1, 9]), max: tensor([0, 0, 4])).to_list()  # expect: [-5, 0, 4]
          """
      ) { _, input, least, most in
        if let least, let most, least.object.literal == nil || most.object.literal == nil,
          ![input, least.object, most.object].allSatisfy(\.isWhole)
        {
          let shape = try ShapeRule.broadcast(input.shape, least.shape, operation: "compare")
          try TensorObject.check(try ShapeRule.broadcast(shape, most.shape, operation: "compare"))
          return .object(TensorObject.result(of: [input, least.object, most.object]) { $0[0].held($0[1], $0[2]) })
        }
        if [least, most].contains(where: { $0 != nil && $0?.object.literal == nil }) {
          let raised = try least.map { try extreme(of: input, $0.object, isMaximum: true) } ?? input
          return .object(try most.map { try extreme(of: raised, $0.object, isMaximum: false) } ?? raised)
        }
        let (low, high) = (least?.object.literal ?? -.infinity, most?.object.literal ?? .infinity)
        guard low <= high else {
          throw ScriptError(
            .value, "`clamp` needs min <= max, found \(Display.text(of: low)) and \(Display.text(of: high))",
            argument: "min")
        }
        // Bounds without a fraction leave whole numbers whole.
        if input.isWhole, low.rounded() == low, high.rounded() == high {
          let most = 16_777_216.0
          let areFloats = (abs(low) <= most || low == -.infinity) && (abs(high) <= most || high == .infinity)
          return .object(
            try input.whole(
              { min(max($0, low), high) }, quick: areFloats ? { $0.clamp(Float(low), Float(high)) } : nil))
        }
        return .object(TensorObject.result(of: input) { $0.clamp(Float(low), Float(high)) })
      },
    ]
  }

  /// Elements of one tensor where a mask is true and of another elsewhere, with broadcasting.
  static func choosing(
    _ mask: TensorObject, _ yes: TensorOperand, _ no: TensorOperand, _ context: CallContext
  ) throws -> TensorObject {
    let both = try ShapeRule.broadcast(mask.shape, yes.shape, operation: "choose")
    try context.allow(try ShapeRule.broadcast(both, no.shape, operation: "choose"))
    let mask = mask.tensor.constant
    return TensorObject.moved([yes.object, no.object]) { Tensor.choosing(mask, $0[0], $0[1]) }
  }

  private static var leaving: [Command] {
    [
      Command(
        "item", "Gives the only element of a tensor as a number, or as a truth value.", TensorParameter.input,
        example: "print item(sum(tensor([1, 2]))) + 1  # expect: 4"
      ) { _, input in
        guard input.tensor.count == 1 else {
          throw ShapeError("`item` needs a tensor of one element, found the shape \(input.shape)")
        }
        let value = input.tensor.number(at: 0)
        return input.tensor.elementType == .bool ? .bool(value != 0) : .number(value)
      },
      Command(
        "to_list", "Gives the elements as nested lists.", TensorParameter.input,
        example: "print to_list(tensor([1, 2]) > 1)  # expect: [false, true]"
      ) { _, input in try input.nested() },
      Command(
        "to_image", "Makes an image of a tensor [height, width], [height, width, 3] or [height, width, 4].",
        Parameter<TensorObject>("x", "gray, red-green-blue or that with alpha: uint8, or other numbers from 0 to 1"),
        example: "print to_image(zeros(2, 3))  # expect: image 3x2"
      ) { context, input in
        try context.reserve(bytes: 4 * input.tensor.count)
        return .object(ImageObject(try picture(input.tensor)))
      },
    ]
  }

  private static func picture(_ tensor: Tensor) throws -> RasterImage {
    let shape = tensor.shape
    let samples = shape.count == 2 ? 1 : shape.count == 3 ? shape[2] : 0
    guard [1, 3, 4].contains(samples), shape[0] > 0, shape[1] > 0, shape[0] <= RasterImage.sideLimit,
      shape[1] <= RasterImage.sideLimit
    else { throw ShapeError("an image needs the shape [height, width], [..., 3] or [..., 4], found \(shape)") }
    let isByte = tensor.elementType == .uint8
    let bytes = try tensor.values.map { value -> UInt8 in
      try Safepoint.check(after: 4)
      guard isByte || (0...1).contains(value) else {
        throw ScriptError(
          .value,
          "an image of \(tensor.elementType.rawValue) has values from 0 to 1, found \(Display.text(of: Double(value)))",
          help: "tensor(x, dtype: \"uint8\") has values from 0 to 255")
      }
      return UInt8(isByte ? value : (value * 255).rounded())
    }
    var rgba: [UInt8] = []
    rgba.reserveCapacity(4 * shape[0] * shape[1])
    for start in stride(from: 0, to: bytes.count, by: samples) {
      try Safepoint.check(after: 16)
      for sample in 0..<3 { rgba.append(bytes[start + (samples == 1 ? 0 : sample)]) }
      rgba.append(samples == 4 ? bytes[start + 3] : 255)
    }
    return RasterImage(width: shape[1], height: shape[0], rgba: rgba)
  }
}
