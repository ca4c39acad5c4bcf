import PixelScript
import Tensors

extension CommandGroup {
  /// Making, reshaping, reducing and combining tensors, and their gradients.
  static func tensors(_ environment: Environment) -> CommandGroup {
    CommandGroup(
      "Tensors",
      Command.creation + Command.random(environment) + Command.shaping + Command.selection + Command.reductions
        + Command.listSums + Command.orderings + Command.counting + Command.arranging + Command.combining
        + Command.elementwise + Command.kinds + Command.neural + Command.normalization + Command.convolutions
        + Command.poolings + Command.scatterings
        + Command.gradients
        + Command.optimizers)
  }
}

extension CallContext {
  /// Throws unless a tensor of this shape is one and small enough, for the language and for the budget of memory.
  func allow(_ shape: Shape) throws { try TensorObject.check(shape) }
}

/// The parameters that many tensor commands have.
enum TensorParameter {
  static func dtype(_ fallback: ElementType = .float32) -> Parameter<ElementType> {
    Parameter("dtype", "the type of the elements", default: fallback, byName: true)
  }
  static var shape: Parameter<Dimensions> { Parameter("shape", "the sizes of the axes, one by one or as a list") }
  static var input: Parameter<TensorObject> { Parameter("x", "the tensor") }
  static var axis: Parameter<Int?> {
    Parameter("axis", "the axis to go along; all elements without it", aliases: ["dim"])
  }
  static var axes: Parameter<Axes?> {
    Parameter("axis", "the axis to go along, or a list of axes; all elements without it", aliases: ["dim"])
  }
  static func oneAxis(_ fallback: Int) -> Parameter<Int> {
    Parameter("axis", "the axis to go along", default: fallback, aliases: ["dim"])
  }
  static var keep: Parameter<Bool> {
    Parameter("keep", "keep the axis, with size 1", default: false, byName: true, aliases: ["keepdim"])
  }
  static var seed: Parameter<Int?> {
    Parameter("seed", "a seed of its own in place of the session's", byName: true)
  }
}
