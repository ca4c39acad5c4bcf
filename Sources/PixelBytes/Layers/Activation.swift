import Tensors

/// A function of every element, without parameters.
protocol Activation: LayerConfiguration {
  static func apply(_ x: Tensor) -> Tensor
}

extension Activation {
  static var summary: String { "Makes a layer of the function of that name." }
  static var example: String {
    "print sequential([linear(2, 3), \(name)()])(ones(1, 2)).shape  # expect: [1, 3]"
  }
  static var drawsValues: Bool { false }
  static var settings: [Setting<Self>] { [] }

  func operation(in scope: ParameterScope) -> LayerOperation {
    LayerOperation(Self.name, LayerShape(.any), steps: .positions) { x, _ in Self.apply(x) }
  }
}

struct ReLU: Activation {
  static let name = "relu"
  static func apply(_ x: Tensor) -> Tensor { x.relu() }
}

struct GELU: Activation {
  static let name = "gelu"
  static func apply(_ x: Tensor) -> Tensor { x.gelu() }
}

struct SiLU: Activation {
  static let name = "silu"
  static func apply(_ x: Tensor) -> Tensor { x.silu() }
}
