import Testing
import Workbench

/// What `train` says of each evaluation while it goes.
@Suite struct TrainingNoticeTests {
  /// Whatever was read, the next token is "b" with 1/2, "c" with 1/4, "a" and the newline with 1/8 each; of the labels b, b,
  /// c, newline and a that is 2 bits, 1.386, and "b" is right for two of five.
  @Test func eachEvaluationIsALine() {
    let test = TestSession()
    let script = """
      write_text "notices.csv", "caption\\nabbc\\n"
      data = load_dataset("notices.csv", image: nil)
      bias = full([113], -50)
      bias[[33, 34, 32, 2]] = log(tensor([0.5, 0.25, 0.125, 0.125]))
      net = module({bias: parameter(bias)}, fn(it, x) = zeros(x.shape[0], 113) + it.bias)
      first = train(net, data, validate: take(data, 1), epochs: 3, every: 2, sequence: 1, stride: 1, lr: 1e-9)
      second = train(net, data, steps: 1, sequence: 1, stride: 2, lr: 1e-9)
      """
    #expect(test.run(script) == "")
    // The seconds are behind the last "; ".
    let lines = test.notices.map { line in
      line.hasPrefix("best") ? line : line.split(separator: "; ").dropLast().joined(separator: "; ")
    }
    let both = "train loss 1.386, accuracy 0.400; test loss 1.386, accuracy 0.400"
    let alone = "train loss 1.386, accuracy 0.333"
    #expect(
      lines == [
        "epoch 0: \(both)", "epoch 2: \(both)", "epoch 3: \(both)",
        "best test loss 1.386 after epoch 0", "epoch 0: \(alone)", "epoch 1: \(alone)",
        "best train loss 1.386 after epoch 0",
      ])
    #expect(test.notices.allSatisfy { $0.hasPrefix("best") || $0.hasSuffix(" s") })
  }

  /// Five windows in batches of two are three steps an epoch, of which two digits are told.
  @Test func partsOfEpochsHaveTwoDigits() {
    let test = TestSession()
    let script = """
      write_text "notices.csv", "caption\\nabbc\\n"
      data = load_dataset("notices.csv", image: nil)
      net = lstm(dim: 9, state: 4, depth: 1, seed: 1)
      h = train(net, data, steps: 4, batch: 2, sequence: 1, stride: 1, every: "1 step", lr: 1e-9)
      """
    #expect(test.run(script) == "")
    let epochs = test.notices.filter { $0.hasPrefix("epoch ") }.map { $0.prefix { $0 != ":" } }
    #expect(epochs == ["epoch 0", "epoch 0.33", "epoch 0.67", "epoch 1", "epoch 1.33"])
  }

  /// Other first weights make another run wherever a seed was given: by the options, by `seed`, by a parameter, or to the model.
  @Test(
    arguments: [
      ("lstm(dim: 9, state: 4, depth: 1)", "", "", nil, false), ("lstm(dim: 9, state: 4, depth: 1)", "", "", 7, true),
      ("lstm(dim: 9, state: 4, depth: 1)", "seed 1", "seed 2", nil, true),
      ("lstm(dim: 9, state: 4, depth: 1)", "param s = 1\nseed s", "param s = 2\nseed s", nil, true),
      ("lstm(dim: 9, state: 4, depth: 1, seed: len(\"NN\"))", "", "", nil, true),
      ("best_model(parameters: 9000, seed: len(\"NN\"))", "", "", nil, true),
    ] as [(String, String, String, UInt64?, Bool)])
  func otherWeightsAreAnotherRunWhereASeedIsGiven(
    model: String, first: String, second: String, seed: UInt64?, isRefused: Bool
  ) {
    let folder = "seeded-\(abs((model + first).hashValue))-\(seed ?? 0)"
    func run(_ start: String, _ name: String, _ draws: Int, resume: String = "true") -> String {
      let test = TestSession(SessionOptions(seed: seed, writeFolders: [TestSession.folder]))
      return test.run(
        """
        \(start)
        for i in range(\(draws)) { lstm(dim: 9, state: 4, depth: 1) }
        net = \(model.replacing("NN", with: name))
        train(net, sprites(count: 4, size: 8, seed: 1), steps: 2, sequence: 8, every: "1 step", checkpoint: "\(folder)", resume: \(resume));
        """, echo: false)
    }
    #expect(run(first, "a", 0) == "")
    // The same weights go on, and so do others where nobody gave a seed.
    let isOfSession = seed != nil
    if !second.isEmpty || isOfSession || isRefused { #expect(run(first, "a", 0) == "") }
    let other = run(second.isEmpty ? first : second, "ab", isOfSession ? 1 : 0)
    #expect(
      other.contains("is another one") == isRefused && other.contains("a seed was given") == isRefused, "\(other)")
    #expect(run(second.isEmpty ? first : second, "ab", isOfSession ? 1 : 0, resume: "\"force\"") == "")
  }
}
