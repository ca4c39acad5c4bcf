import PixelScript
import Tensors
import Testing
import Workbench

/// The gradients of every layer, for its input and each of its parameters, against central differences.
@Suite(.serialized) struct LayerGradientTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let layer: String
    let shape: Shape
    /// Where the input is whole numbers below this, which have no gradient.
    var ids: Int?
    var testDescription: String { layer }
  }

  static let cases: [Case] = [
    .init(layer: "linear(3, 2)", shape: [2, 3]),
    .init(layer: "linear(3, 2, bias: false)", shape: [1, 2, 2, 3]),
    .init(layer: "layer_norm(4)", shape: [2, 4]),
    .init(layer: "rms_norm(4)", shape: [3, 4]),
    .init(layer: "gelu()", shape: [5]),
    .init(layer: "silu()", shape: [5]),
    .init(layer: "relu()", shape: [5]),
    .init(layer: "embedding(5, 3)", shape: [2, 4], ids: 5),
    .init(layer: "conv1d(4, 2, 3)", shape: [2, 5, 4]),
    .init(layer: "conv1d(4, 6, 3, padding: 2, groups: 2)", shape: [1, 2, 4]),
    .init(layer: "conv1d(2, 3, 4, causal: true)", shape: [2, 3, 2]),
    .init(layer: "lstm_layer(3, 2)", shape: [2, 4, 3]),
    .init(layer: "lstm_layer(3, 2, bidirectional: true, forget_bias: 1)", shape: [2, 3, 3]),
    .init(layer: "mamba_layer(3, 2)", shape: [2, 4, 3]),
    .init(layer: "mamba_layer(3, 2, conv: 2, expand: 1, bidirectional: true)", shape: [1, 3, 3]),
    .init(layer: "attention_layer(4, 2)", shape: [2, 3, 4]),
    .init(layer: "attention_layer(4, causal: true)", shape: [2, 3, 4]),
    .init(layer: "patch_embedding(4, vocabulary: 7)", shape: [1, 2, 3, 3], ids: 7),
    .init(layer: "patch_embedding(4, vocabulary: 7, embedding: \"linear\")", shape: [1, 2, 3, 3], ids: 7),
    .init(layer: "patch_embedding(4, vocabulary: 7, embedding: \"center\")", shape: [2, 2, 3, 3], ids: 7),
    .init(
      layer: "sequential([linear(3, 4), gelu, attention_layer(4, 2), fn(x) = x[:, -1], layer_norm(4)])",
      shape: [2, 3, 3]),
    .init(
      layer: "module({norm: rms_norm(3), inner: lstm_layer(3, 3)}, fn(parts, x) = x + parts.inner(parts.norm(x)))",
      shape: [2, 3, 3]),
  ]

  private func run(_ session: Session, _ name: String, _ x: TensorObject) throws -> TensorObject {
    let net = try #require(session.interpreter.variables.first { $0.name == name }?.value)
    let result = try session.interpreter.call(net, Arguments([.object(x)]))
    return try #require(try TensorObject.convert(result))
  }

  @Test(arguments: cases) func agreeWithDifferences(_ example: Case) throws {
    let test = TestSession()
    #expect(test.run("net = \(example.layer);") == "")
    var random = Random(seed: 3, stream: example.layer)
    let count = example.shape.elementCount
    let values = (0..<count).map { _ in
      example.ids.map { Float(random.below($0)) } ?? random.uniform(0.2, 1.5) * (random.below(2) == 0 ? 1 : -1)
    }
    let input = Tensors.Parameter("x", Tensor(values, example.shape))
    let x = example.ids == nil ? TensorObject(parameter: input) : TensorObject(input.value)
    let layer = try #require(
      test.session.interpreter.variables.first { $0.name == "net" }.flatMap { LayerObject.convert($0.value) })
    // Off the symmetric first values of norms.
    for parameter in layer.parameters {
      parameter.update { values in for k in values.indices { values[k] += random.uniform(-0.2, 0.2) } }
    }
    let output = try run(test.session, "net", x)
    let weights = (0..<output.tensor.count).map { _ in Double(random.uniform(0.5, 1.5)) }
    func weighted() throws -> Double {
      let y = try run(test.session, "net", x).tensor.values
      return zip(y, weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
    let scale = TensorObject(Tensor(weights.map { Float($0) }, output.shape))
    let product = try #require(try output.binary(.multiply, .object(scale), reflected: false))
    let loss = try test.session.interpreter.call("sum", Arguments([product]))
    _ = try test.session.interpreter.call("backward", Arguments([loss]))
    for parameter in layer.parameters + (example.ids == nil ? [input] : []) {
      let gradient = try #require(parameter.gradient, "\(parameter.name)").values
      for place in Set((0..<min(parameter.value.count, 12)).map { _ in random.below(parameter.value.count) }) {
        let step: Float = 4e-3
        parameter.update { $0[place] += step }
        let above = try weighted()
        parameter.update { $0[place] -= 2 * step }
        let below = try weighted()
        parameter.update { $0[place] += step }
        let slope = (above - below) / Double(2 * step)
        let found = Double(gradient[place])
        #expect(
          abs(slope - found) <= 4e-3 + 0.01 * max(abs(slope), abs(found)),
          "\(parameter.name)[\(place)]: differences \(slope), gradient \(found)")
      }
    }
  }
}
