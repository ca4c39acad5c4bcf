import Tensors

struct DropoutConfiguration: LayerConfiguration {
  static let name = "dropout"
  static let summary = "Makes a layer that sets elements to 0 at random in training, and does nothing else."
  static let example = """
    net = sequential([dropout(0.5)])
    print net(ones(2))  # expect: tensor([1, 1], shape [2], float32)
    print max(net(ones(100), training: true)).item()  # expect: 2
    """
  static let drawsValues = false
  static let settings: [Setting<Self>] = [
    .number("p", \.probability, .share, "the probability of a 0, from 0 up to, but not including, 1")
  ]
  var probability = 0.5

  func operation(in scope: ParameterScope) -> LayerOperation {
    LayerOperation("dropout \(probability.brief)", LayerShape(.any), draws: probability > 0, steps: .positions) {
      x, pass in
      x.dropout(pass.dropout(Float(probability)))
    }
  }
}
