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

  /// Of the same form; Lion by the program of its paper, in float64.
  static let decayedCases = [
    Case(
      "Adam([w], weight_decay=0.3)", .adam(weightDecay: 0.3),
      [
        [0.9, -1.9, 0.40000001], [0.80325889, -1.8996531, 0.30145142], [0.7939021, -1.8984785, 0.25335414],
        [0.74150896, -1.8649228, 0.065245001],
      ]),
    Case(
      "Adam([w], betas=(0.5, 0.75), eps=0.1, weight_decay=0.3)",
      .adam(beta1: 0.5, beta2: 0.75, epsilon: 0.1, weightDecay: 0.3),
      [
        [0.91111111, -1.9058824, 0.43984064], [0.82972544, -1.9319894, 0.3827703],
        [0.84007608, -1.9374174, 0.35568912], [0.82317024, -1.8911427, 0.25129849],
      ]),
    Case(
      "SGD([w], weight_decay=0.3)", .sgd(weightDecay: 0.3),
      [
        [0.92, -1.84, 0.4849], [0.8674, -1.9848, 0.470653], [0.904389, -1.980028, 0.46359321],
        [0.85012566, -1.8612263, 0.43537761],
      ]),
    Case(
      "SGD([w], momentum=0.9, weight_decay=0.3)", .sgd(momentum: 0.9, weightDecay: 0.3),
      [
        [0.92, -1.84, 0.4849], [0.7954, -1.8408, 0.457063], [0.777399, -1.838548, 0.4376804],
        [0.66595146, -1.7201279, 0.34124224],
      ]),
    Case(
      "Lion([w])", .lion(),
      [
        [0.899, -1.898, 0.3995], [0.798101, -1.996102, 0.4991005], [0.84770195, -2.0451039, 0.54885095],
        [1.0460065, -2.2410137, 0.34775325],
      ]),
    Case(
      "Lion([w], betas=(0.5, 0.75), weight_decay=0.3)", .lion(beta1: 0.5, beta2: 0.75, weightDecay: 0.3),
      [
        [0.87, -1.84, 0.385], [0.7439, -1.8848, 0.47345], [0.7827415, -1.906528, 0.51634825],
        [0.93577701, -1.9921363, 0.28536736],
      ]),
  ]

  /// Muon on matrices of some shapes, in float64: `buf.lerp_(g, 1 - momentum)`, five steps of PyTorch's iteration on
  /// `g.lerp(buf, momentum)`, `w *= 1 - lr * weight_decay` and `w -= lr * 0.2 * sqrt(max(rows, columns)) * u`.
  @Test(
    arguments: [
      (
        [2, 3], OptimizerRule.muon(),
        [
          [-0.97144105, -0.0048008166, 0.99544514, -0.49594514, 0.50430082, -1.0265589],
          [-0.97620057, -0.013023064, 0.97124984, -0.49954705, 0.52788776, -1.0336219],
          [-0.97543106, -0.0011568926, 0.96580196, -0.48453614, 0.52195592, -1.0420408],
          [-0.93380922, -0.0097173761, 0.99155306, -0.51307306, 0.53018929, -1.0001544],
        ]
      ),
      (
        [3, 2], .muon(momentum: 0.5, weightDecay: 0.3),
        [
          [-0.94156912, 0.0078995478, 0.98026567, -0.49526567, 0.47710045, -0.99843088],
          [-0.92036843, 0.017344762, 0.93189354, -0.49586764, 0.47858275, -0.98425062],
          [-0.89987278, 0.029432379, 0.90824681, -0.48424203, 0.45777855, -0.97059289],
          [-0.77796236, 0.024748728, 0.85607126, -0.48862329, 0.45588781, -0.87015314],
        ]
      ),
      (
        [3, 2, 2], .muon(),
        [
          [
            -0.96340685, -0.0021096211, 1.0095908, -0.51327664, 0.51138233, -1.0224702, -0.0023169454, 1.0259456,
            -0.4910962, 0.52413351, -1.0239231, 0.012751181,
          ],
          [
            -0.96311372, -0.0012328894, 0.98190003, -0.5251863, 0.54040501, -1.042725, 0.0099502922, 1.01978,
            -0.48473053, 0.50709245, -1.0299118, 0.037129203,
          ],
          [
            -0.95950101, 0.014468466, 0.97387294, -0.51902257, 0.54128259, -1.0513753, -0.0088977502, 1.0228216,
            -0.46779815, 0.49877732, -1.0256512, 0.036905872,
          ],
          [
            -0.90155925, 0.0081262972, 0.96743085, -0.57368402, 0.57949529, -0.99855362, -0.02649041, 1.073564,
            -0.49311295, 0.48256633, -1.099984, 0.039593575,
          ],
        ]
      ),
    ] as [([Int], OptimizerRule, [[Float]])])
  func muonFollowsItsProgram(_ shape: [Int], _ rule: OptimizerRule, _ expected: [[Float]]) throws {
    let count = shape.reduce(1, *)
    let parameter = Parameter("w", Tensor((0..<count).map { Float($0 * 7 % 5 - 2) / 2 }, shape))
    let optimizer = try Optimizer([parameter], rule)
    for (step, expected) in expected.enumerated() {
      optimizer.rate = Self.rates[step]
      optimizer.step([(0..<count).map { Float(($0 * 11 + step * 5) % 7 - 3) / 4 }])
      for (a, b) in zip(parameter.value.values, expected) { #expect(abs(a - b) < 1e-5, "step \(step + 1)") }
    }
    #expect(optimizer.state.first[0].count == count && optimizer.state.second[0].isEmpty)
  }

  /// Vectors, embeddings and heads have the steps of AdamW.
  @Test(arguments: [ParameterRole.vector, .embedding, .head]) func muonLeavesTheRestToAdamW(_ role: ParameterRole)
    throws
  {
    func values(_ rule: OptimizerRule) throws -> [Float] {
      let parameter = Parameter("w", Tensor([1, -2, 0.5, 3], [2, 2]))
      parameter.role = role
      let optimizer = try Optimizer([parameter], rule, rate: 0.1)
      for gradient: [Float] in [[0.5, -1, 0.001, 2], [0.25, 2, -0.003, 1]] { optimizer.step([gradient]) }
      return parameter.value.values
    }
    #expect(try values(.muon(beta1: 0.8, beta2: 0.95)) == values(.adamW(beta1: 0.8, beta2: 0.95)))
  }

  /// "matrices" is no decay for vectors and embeddings, and all of it for matrices and heads, by every rule.
  @Test(arguments: [
    OptimizerRule.adamW(weightDecay: 0.5), .adam(weightDecay: 0.5), .sgd(weightDecay: 0.5), .lion(weightDecay: 0.5),
    .muon(weightDecay: 0.5),
  ]) func onlyMatricesDecay(_ rule: OptimizerRule) throws {
    let undecayed: OptimizerRule =
      switch rule {
      case .adamW: .adamW(weightDecay: 0)
      case .adam: .adam()
      case .sgd: .sgd()
      case .lion: .lion(weightDecay: 0)
      case .muon: .muon(weightDecay: 0)
      }
    for role in [ParameterRole.matrix, .head, .vector, .embedding] {
      func values(_ rule: OptimizerRule, _ decay: DecayRule) throws -> [Float] {
        let parameter = Parameter("w", Tensor([1, -2, 0.5, 3], [2, 2]))
        let optimizer = try Optimizer([parameter], rule, rate: 0.1, decay: decay, roles: [role])
        for gradient: [Float] in [[0.5, -1, 0.1, 2], [0.25, 2, -0.3, 1]] { optimizer.step([gradient]) }
        return parameter.value.values
      }
      let isDecayed = role == .matrix || role == .head
      #expect(try values(rule, .matrices) == values(isDecayed ? rule : undecayed, .all))
      #expect(try values(rule, .all) != values(undecayed, .all))
    }
  }

  @Test(arguments: cases + decayedCases) func followsPyTorchStepByStep(_ rule: Case) throws {
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
  @Test(arguments: [
    OptimizerRule.adamW(weightDecay: 0.5), .sgd(momentum: 0.5), .adam(weightDecay: 0.5), .lion(), .muon(),
  ])
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

  /// A parameter that gets its first gradient late, or that misses some, takes the steps of one that is alone, as in PyTorch, by every rule;
  /// so does one that goes on from a state.
  @Test(arguments: [
    OptimizerRule.adamW(), .adam(weightDecay: 0.3), .sgd(momentum: 0.9), .lion(), .muon(), .adamW(beta1: 0, beta2: 0.5),
  ]) func eachParameterCountsItsOwnSteps(_ rule: OptimizerRule) throws {
    for shape in [[2], [2, 2]] {
      let count = shape.reduce(1, *)
      func parameter() -> Parameter { Parameter("w", Tensor((0..<count).map { Float($0) - 0.5 }, shape)) }
      let (early, late, alone) = (parameter(), parameter(), parameter())
      var both = try Optimizer([early, late], rule, rate: 0.01)
      let single = try Optimizer([alone], rule, rate: 0.01)
      for step in 0..<60 {
        let gradient = (0..<count).map { Float(($0 * 7 + step * 5) % 9 - 4) / 4 }
        let isThere = step > 40 && step % 3 != 0
        both.step([gradient, isThere ? gradient : nil])
        if isThere { single.step([gradient]) }
        #expect(late.value.values == alone.value.values, "step \(step)")
        let next = try Optimizer([early, late], rule, rate: 0.01)
        next.state = both.state
        both = next
      }
      #expect(both.state.counts == [60, single.steps] && both.steps == 60)
    }
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
  @Test(arguments: cases + decayedCases) func goesOnFromAState(_ rule: Case) throws {
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
