import PixelBytes
import Tensors
import Testing

/// Every rule and every setting of it, step by step, against PyTorch 2.15 in float64.
@Suite struct OptimizerTests {
  /// A rule with the values after each of four steps of `gradients` at `rates`.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let rule: OptimizerRule
    let expected: [[Float]]

    init(_ name: String, _ rule: OptimizerRule, _ expected: [[Float]]) {
      (testDescription, self.rule, self.expected) = (name, rule, expected)
    }
  }

  private static let gradients: [[Float]] = [[0.5, -1, 0.001], [0.25, 2, -0.003], [-1, 0.5, 0], [0, 0, 0.002]]
  private static let rates: [Float] = [0.1, 0.1, 0.05, 0.2]

  /// w = tensor([1, -2, 0.5]); o = torch.optim.NAME([w], ...); for g, r in zip(gradients, rates):
  /// o.param_groups[0]["lr"] = r; w.grad = tensor(g); o.step()
  static let cases = [
    Case(
      "AdamW([w])", .adamW(),
      [
        [0.899, -1.898, 0.399501], [0.80488304, -1.9327124, 0.44852026], [0.81479845, -1.9525286, 0.46739641],
        [0.84697588, -2.0167187, 0.45716697],
      ]),
    Case(
      "AdamW([w], betas=(0.8, 0.95), eps=0.01, weight_decay=0.3)",
      .adamW(beta1: 0.8, beta2: 0.95, epsilon: 0.01, weightDecay: 0.3),
      [
        [0.87196078, -1.8409901, 0.47590909], [0.7560252, -1.8273425, 0.47160191],
        [0.75912457, -1.8224669, 0.46757902], [0.75815354, -1.7827692, 0.43614544],
      ]),
    Case(
      "Adam([w])", .adamW(weightDecay: 0),
      [
        [0.9, -1.9, 0.400001], [0.80678204, -1.9366104, 0.44941976], [0.81709989, -1.9573929, 0.46852017],
        [0.85090692, -2.0254881, 0.45922552],
      ]),
    Case(
      "Adam([w], betas=(0.5, 0.75), eps=0.1)", .adamW(beta1: 0.5, beta2: 0.75, epsilon: 0.1, weightDecay: 0),
      [
        [0.91666667, -1.9090909, 0.4990099], [0.84692648, -1.9663152, 0.50063814],
        [0.87316773, -1.9921204, 0.50098904], [0.93280568, -2.0515063, 0.49954919],
      ]),
    Case(
      "SGD([w])", .sgd(),
      [[0.95, -1.9, 0.4999], [0.925, -2.1, 0.5002], [0.975, -2.125, 0.5002], [0.975, -2.125, 0.4998]]),
    Case(
      "SGD([w], momentum=0.9)", .sgd(momentum: 0.9),
      [
        [0.95, -1.9, 0.4999], [0.88, -2.01, 0.50011], [0.8985, -2.0845, 0.5002045], [0.9651, -2.3527, 0.5001447],
      ]),
  ]

  @Test(arguments: cases) func followsPyTorchStepByStep(_ rule: Case) throws {
    let parameter = Parameter("w", Tensor([1, -2, 0.5], [3]))
    let optimizer = try Optimizer([parameter], rule.rule, rate: Self.rates[0])
    for (step, expected) in rule.expected.enumerated() {
      optimizer.rate = Self.rates[step]
      optimizer.step([Self.gradients[step]])
      #expect(optimizer.steps == step + 1)
      for (a, b) in zip(parameter.value.values, expected) { #expect(abs(a - b) < 2e-6, "step \(step + 1)") }
    }
  }

  @Test func theDefaultsAreThoseOfPyTorch() throws {
    #expect(OptimizerRule.adamW() == .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01))
    #expect(OptimizerRule.sgd() == .sgd(momentum: 0))
    let optimizer = try Optimizer([])
    #expect(optimizer.rule == .adamW() && optimizer.rate == 1e-3 && optimizer.steps == 0)
  }

  /// A parameter without a gradient stays, weight decay or momentum or not, and the others go on by themselves.
  @Test(arguments: [OptimizerRule.adamW(weightDecay: 0.5), .sgd(momentum: 0.5)])
  func parametersWithoutGradientStay(_ rule: OptimizerRule) throws {
    let moved = Parameter("a", Tensor([1, 2], [2])), left = Parameter("b", Tensor([3], [1]))
    let alone = Parameter("a", Tensor([1, 2], [2]))
    let both = try Optimizer([left, moved], rule, rate: 0.1), single = try Optimizer([alone], rule, rate: 0.1)
    for gradient: [Float] in [[1, -2], [0.5, 0.25], [-1, 0]] {
      both.step([nil, gradient])
      single.step([gradient])
      #expect(moved.value.values == alone.value.values)
      #expect(left.value.values == [3])
    }
    #expect(moved.value.values != [1, 2])
  }

  /// The first step of momentum is the gradient itself; a parameter whose first gradient comes later begins so too.
  @Test func momentumBeginsWithTheFirstGradient() throws {
    let parameter = Parameter("w", Tensor([0], [1]))
    let optimizer = try Optimizer([parameter], .sgd(momentum: 0.5), rate: 1)
    optimizer.step([nil])
    optimizer.step([[1]])
    #expect(parameter.value.values == [-1])
    // The velocity is 0.5 * 1 + 1 = 1.5, then 0.5 * 1.5 - 1 = -0.25.
    optimizer.step([[1]])
    #expect(parameter.value.values == [-2.5])
    optimizer.step([[-1]])
    #expect(parameter.value.values == [-2.25])
  }

  /// Bias corrections far from the first step: 1 - 0.9^k and 1 - 0.5^k by repeated multiplication. With a gradient of 1 both
  /// moments are their corrections, so that each step is the rate whatever k is.
  @Test func correctionsHoldOnEveryStep() throws {
    let parameter = Parameter("w", Tensor([0], [1]))
    let optimizer = try Optimizer([parameter], .adamW(beta1: 0.9, beta2: 0.5, weightDecay: 0), rate: 0.25)
    for step in 1...40 {
      optimizer.step([[1]])
      #expect(abs(parameter.value.values[0] + 0.25 * Float(step)) < 1e-4)
    }
  }

  /// An optimizer with the state of another goes on as that one does, to the bit.
  @Test(arguments: cases) func goesOnFromAState(_ rule: Case) throws {
    let parameter = Parameter("w", Tensor([1, -2, 0.5], [3]))
    let optimizer = try Optimizer([parameter], rule.rule, rate: 0.1)
    for stop in 0..<Self.gradients.count {
      let copy = Parameter("w", parameter.value)
      let other = try Optimizer([copy], rule.rule, rate: 0.1)
      other.state = optimizer.state
      #expect(other.steps == stop)
      let before = optimizer.state
      for gradient in Self.gradients[stop...] { other.step([gradient]) }
      let all = Parameter("w", Tensor([1, -2, 0.5], [3])), whole = try Optimizer([all], rule.rule, rate: 0.1)
      for gradient in Self.gradients { whole.step([gradient]) }
      #expect(copy.value.values == all.value.values && other.state == whole.state)
      #expect(optimizer.state == before)
      optimizer.step([Self.gradients[stop]])
    }
  }
}
