import PixelBytes
import Tensors
import Testing

/// Whole runs of the trainer, an option at a time, against a trainer of PyTorch 2.15 in float64 that was written for this
/// table from the docs alone, its random order from a xoshiro256** in Python.
///
/// Its lines: `order = Random(seed, "shuffle").permutation(n)` anew in every epoch from one stream, `L = cross_entropy(T[x] +
/// B, y)`, `clip_grad_norm_([T, B], clip)`, `group["lr"] = lr * factor(step)`, `AdamW([T, B]).step()`; an evaluation takes
/// the last token of the windows `Random(seed, "evaluation").permutation(n)[:test windows]` and of all test windows.
@Suite struct TrainerGoldenTests {
  private static let training: [[UInt8]] = [[0, 1, 2, 3, 1, 0, 2], [3, 3, 1, 2, 0], [2], [1, 0]]
  private static let testing: [[UInt8]] = [[2, 0, 1, 3, 3], [1, 2, 0]]

  /// A change of the options batch 4, sequence 3, stride 1, lr 0.05, epochs 2 and every 1, and what comes of it.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The first five numbers of the table, then the bias.
    let weights: [Float]
    /// Epoch, then loss, accuracy and weighted F1 on training windows and on test windows.
    let history: [[Double]]
    /// The number of steps, and the loss that is shown after the last: the mean of the first 20, from then on 19 parts of the
    /// one before and 1 part of the step.
    let shown: (steps: Int, loss: Double)
    let change: @Sendable (inout TrainingOptions) -> Void

    init(
      _ name: String, weights: [Float], history: [[Double]], shown: (Int, Double),
      _ change: @escaping @Sendable (inout TrainingOptions) -> Void
    ) {
      (testDescription, self.weights, self.history, self.shown, self.change) = (name, weights, history, shown, change)
    }
  }

  @Test(arguments: cases + optionCases) func followsPyTorch(_ run: Case) throws {
    let model = BigramModel()
    let untrained = BigramModel()
    var options = TrainingOptions()
    (options.batch, options.sequence, options.stride, options.rate) = (4, 3, 1, 0.05)
    (options.epochs, options.every) = (2, 1)
    run.change(&options)
    var last: TrainingProgress?
    let history = try Trainer(
      model, training: .centers(Self.training), testing: .centers(Self.testing), options
    ).run { last = $0 }

    let weights = model.table.value.values[..<5] + model.bias.value.values
    for (k, (a, b)) in zip(weights, run.weights).enumerated() { #expect(abs(a - b) < 2e-5, "weight \(k): \(a), \(b)") }
    #expect(weights.count == run.weights.count)
    // No gradient, no step, no decay.
    #expect(model.unused.value.values == [1, -1])

    // Before the first step the model is measured as behind it.
    let testing = try Windows(.centers(Self.testing), length: options.sequence ?? 0, stride: options.stride)
    let first = try #require(history.first)
    let report = try NextTokenReport(untrained, testing, threads: 1)
    #expect(
      first.epoch == 0 && first.step == 0 && (options.samples != nil || first.test?.loss == report.loss)
        && first.tokensPerSecond == 0)

    #expect(history.count == run.history.count + 1)
    for (row, expected) in zip(history.dropFirst(), run.history) {
      let test = try #require(row.test)
      let found = [
        row.epoch, row.train.loss, row.train.accuracy, row.train.f1, test.loss, test.accuracy, test.f1,
      ]
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 2e-5, "\(found) in place of \(expected)") }
    }
    let progress = try #require(last)
    #expect(progress.step == run.shown.steps && progress.steps == run.shown.steps)
    #expect(abs(progress.loss - run.shown.loss) < 2e-5)
    // The record tells the same run: its steps, its rows, of which there are four and two, and its evaluations.
    let record = try #require(model.records.first)
    #expect(model.records.count == 1 && record.steps == run.shown.steps)
    #expect(record.data.rows == 4 && record.data.tokens == 15)
    #expect(record.test?.rows == 2 && record.test?.tokens == 8)
    #expect(record.evaluations.map(\.epoch) == history.map(\.epoch))
    #expect(record.evaluations.map(\.train) == history.map(\.train))
    #expect(record.evaluations.map(\.test) == history.map(\.test))
  }

  /// All that a bigram has to learn is a head and a vector, which Muon leaves to AdamW.
  @Test func muonLeavesHeadsAndVectorsToAdamW() throws {
    func weights(_ optimizer: OptimizerKind) throws -> [Float] {
      let model = BigramModel()
      var options = TrainingOptions()
      (options.batch, options.sequence, options.stride, options.optimizer) = (4, 3, 1, optimizer)
      _ = try Trainer(model, training: .centers(Self.training), testing: nil, options).run { _ in }
      return model.table.value.values + model.bias.value.values
    }
    #expect(try weights(.muon) == weights(.adamW) && weights(.muon) != weights(.adam))
  }

  static let cases = [
    Case(
      "nothing else",
      weights: [
        -0.5303797, 0.1769851, 0.03531896, -0.1023292, 0.1123647, 0.06357903, -0.03275389, 0.1217786, -0.03549522,
      ],
      history: [
        [1, 1.35145, 0.25, 0.1111111, 1.344329, 0.25, 0.125],
        [2, 1.221245, 0.625, 0.6095238, 1.309936, 0.375, 0.3333333],
      ],
      shown: (8, 1.390971)
    ) { _ in },
    Case(
      "batch: 6, the last of each epoch 3",
      weights: [
        -0.4578587, 0.1571457, 0.04712401, -0.112123, 0.1578045, 0.07228183, -0.0139022, 0.2497402, -0.08887959,
      ],
      history: [
        [1, 1.357534, 0.375, 0.2777778, 1.349481, 0.5, 0.375],
        [2, 1.253032, 0.375, 0.2777778, 1.30522, 0.5, 0.375],
      ],
      shown: (6, 1.396093)
    ) { $0.batch = 6 },
    Case(
      "lr: 0.02",
      weights: [
        -0.333685, 0.07432932, 0.129593, -0.09996871, 0.1040001, 0.08182342, -0.1278114, 0.2221586, -0.001102827,
      ],
      history: [
        [1, 1.428011, 0.25, 0.1111111, 1.385785, 0.25, 0.125],
        [2, 1.368541, 0.25, 0.1111111, 1.365593, 0.25, 0.125],
      ],
      shown: (8, 1.415599)
    ) { $0.rate = 0.02 },
    Case(
      "sequence: 5",
      weights: [
        -0.491509, 0.2060023, 0.09437054, 0.01130845, 0.3122786, 0.1338933, -0.03881463, 0.1762647, 0.03313672,
      ],
      history: [
        [1, 1.399037, 0.25, 0.1666667, 1.364962, 0.125, 0.08333333],
        [2, 1.322245, 0.375, 0.2083333, 1.327355, 0.25, 0.125],
      ],
      shown: (8, 1.38191)
    ) { $0.sequence = 5 },
    Case(
      "stride: 2",
      weights: [
        -0.3508772, -0.1510733, 0.04801943, 0.05164345, 0.3225347, 0.1505692, -0.3545638, 0.2907834, -0.1213147,
      ],
      history: [
        [1, 1.158858, 0.4, 0.2285714, 1.465056, 0.2, 0.1],
        [2, 1.096717, 0.4, 0.2666667, 1.539055, 0.4, 0.28],
      ],
      shown: (6, 1.311522)
    ) { $0.stride = 2 },
    Case(
      "loss: all",
      weights: [
        -0.5605984, 0.2451336, -0.01923078, -0.114276, 0.3004438, 0.0498621, 0.01794016, 0.1550811, -0.1209657,
      ],
      history: [
        [1, 1.283843, 0.375, 0.2777778, 1.328475, 0.5, 0.375],
        [2, 1.146329, 0.75, 0.6880952, 1.282239, 0.625, 0.5416667],
      ],
      shown: (8, 1.33456)
    ) { $0.positions = .all },
    Case(
      "weight_decay: 0",
      weights: [
        -0.5317751, 0.1773822, 0.03565264, -0.1027991, 0.1125712, 0.0638167, -0.0331335, 0.1224669, -0.03542084,
      ],
      history: [
        [1, 1.35159, 0.25, 0.1111111, 1.344352, 0.25, 0.125],
        [2, 1.221229, 0.625, 0.6095238, 1.309857, 0.375, 0.3333333],
      ],
      shown: (8, 1.391024)
    ) { $0.weightDecay = 0 },
    Case(
      "weight_decay: 2",
      weights: [
        -0.319761, 0.1146421, -0.006173477, -0.0364839, 0.08204716, 0.03117129, 0.01414855, 0.03106631, -0.0432503,
      ],
      history: [
        [1, 1.331743, 0.25, 0.1111111, 1.343744, 0.25, 0.125],
        [2, 1.239281, 0.75, 0.6880952, 1.329162, 0.625, 0.5416667],
      ],
      shown: (8, 1.384414)
    ) { $0.weightDecay = 2 },
    Case(
      "cosine, warmup: 2",
      weights: [
        -0.4120212, 0.114041, 0.08679419, -0.09200438, 0.08655514, 0.07680883, -0.09772635, 0.1875112, -0.008875371,
      ],
      history: [
        [1, 1.366869, 0.375, 0.2777778, 1.35525, 0.5, 0.375],
        [2, 1.309503, 0.375, 0.2777778, 1.338657, 0.5, 0.375],
      ],
      shown: (8, 1.395838)
    ) { ($0.schedule, $0.warmup) = (.cosine, 2) },
    Case(
      "linear",
      weights: [
        -0.3951625, 0.1185766, 0.07942762, -0.1225563, 0.05390752, 0.05770919, -0.09512765, 0.1814245, 0.001973304,
      ],
      history: [
        [1, 1.376665, 0.25, 0.1111111, 1.353168, 0.25, 0.125],
        [2, 1.331132, 0.25, 0.1111111, 1.339878, 0.25, 0.125],
      ],
      shown: (8, 1.404256)
    ) { $0.schedule = .linear },
    Case(
      "warmup: 3",
      weights: [
        -0.4843668, 0.1407709, 0.07613057, -0.07339542, 0.1580036, 0.08358759, -0.05836943, 0.1586193, -0.03287032,
      ],
      history: [
        [1, 1.379219, 0.375, 0.2777778, 1.36794, 0.5, 0.375],
        [2, 1.243958, 0.625, 0.6095238, 1.328111, 0.375, 0.3333333],
      ],
      shown: (8, 1.393613)
    ) { $0.warmup = 3 },
    Case(
      "clip: 0.45, which some steps reach",
      weights: [
        -0.5413233, 0.1714344, 0.04922499, -0.09664265, 0.1151123, 0.06731806, -0.02902966, 0.1330291, -0.04375174,
      ],
      history: [
        [1, 1.352982, 0.25, 0.1111111, 1.346779, 0.25, 0.125],
        [2, 1.218413, 0.625, 0.6095238, 1.311895, 0.375, 0.3333333],
      ],
      shown: (8, 1.390853)
    ) { $0.clip = 0.45 },
    Case(
      "clip: 1e-6, next to AdamW's epsilon",
      weights: [
        -0.5132479, 0.1666886, 0.05421256, -0.09377885, 0.1194025, 0.06732944, -0.03396192, 0.141066, -0.04660979,
      ],
      history: [
        [1, 1.359584, 0.25, 0.1111111, 1.349926, 0.25, 0.125],
        [2, 1.230839, 0.625, 0.6095238, 1.315954, 0.375, 0.3333333],
      ],
      shown: (8, 1.393418)
    ) { $0.clip = 1e-6 },
    Case(
      "seed: 9",
      weights: [-0.5406892, 0.203752, 0.09651033, 0.00594725, 0.19736, 0.1839153, -0.01924513, 0.188436, -0.02002842],
      history: [
        [1, 1.284154, 0.375, 0.3571429, 1.330302, 0.5, 0.375],
        [2, 1.209033, 0.625, 0.525, 1.292673, 0.25, 0.125],
      ],
      shown: (8, 1.369649)
    ) { $0.seed = 9 },
    Case(
      "steps: 6, in the second epoch",
      weights: [
        -0.4564007, 0.1458571, 0.05521156, -0.113628, 0.0669238, 0.04904872, -0.05981321, 0.1572276, -0.01391344,
      ],
      history: [
        [1, 1.35145, 0.25, 0.1111111, 1.344329, 0.25, 0.125],
        [1.5, 1.277305, 0.25, 0.1111111, 1.324714, 0.25, 0.125],
      ],
      shown: (6, 1.415803)
    ) { $0.steps = 6 },
    Case(
      "steps: 2, in the first epoch",
      weights: [
        -0.2959212, 0.07816293, 0.1036812, -0.1331252, 5.474081e-05, 0.05595489, -0.1428369, 0.2027576, 0.04260075,
      ],
      history: [
        [0.5, 1.421483, 0.25, 0.1111111, 1.362145, 0.25, 0.125]
      ],
      shown: (2, 1.438256)
    ) { $0.steps = 2 },
    Case(
      "epochs: 6, every: 4",
      weights: [
        -1.070503, 0.4164722, -0.04498821, -0.04533868, 0.4089193, 0.1300831, 0.120093, -0.005228339, -0.1585636,
      ],
      history: [
        [4, 1.045887, 0.625, 0.4880952, 1.268909, 0.5, 0.3333333],
        [6, 0.9339248, 0.625, 0.4880952, 1.281519, 0.5, 0.3333333],
      ],
      shown: (24, 1.230431)
    ) { ($0.epochs, $0.every) = (6, 4) },
  ]
}
