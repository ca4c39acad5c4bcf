import PixelBytes
import PixelScript
import Tensors

extension CommandGroup {
  /// Windows of a data set for a training loop of one's own.
  static func batches(_ environment: Environment) -> Command {
    Command(
      "batches", "Gives the training windows of a data set, one batch after the other, for a loop of your own.",
      Parameter<DataSetObject>("data", "the rows; built first when they are not"),
      Parameter<Int>("batch", "windows of one batch", default: 32),
      Parameter<Int?>("sequence", "most tokens of a window; 128, or the longest row of windows by rows"),
      Parameter<Int>("stride", "tokens from the start of one circular window to the next", default: 32),
      Parameter<Positions>(
        "loss", "the targets: the token after each window, or \"all\" for the token after every position",
        default: .last),
      Parameter<WindowRule?>(
        "windows",
        "how rows are cut; \"rows\", padded with targets -100, where a caption begins them and loss is \"all\""),
      Parameter<Bool>("shuffle", "whether every walk has an order of its own", default: true),
      Parameter<Int?>("seed", "what decides the order, in place of the session's seed"),
      example: """
        for b in batches(sprites(count: 4, size: 8), batch: 8, sequence: 16) {
          print b.inputs.shape, b.targets.shape  # expect: [8, 16, 3, 3] [8]
          break
        }
        """
    ) { context, data, batch, sequence, stride, loss, rule, shuffle, seed in
      try requireCounts(["batch": batch, "sequence": sequence ?? 1, "stride": stride])
      let rows = data.data
      let sequences =
        try rows.sequences
        ?? environment.tracking("build", total: rows.count, unit: "rows", context) { report in
          try data.sequences(environment.buildOptions, report: report)
        }
      let rule = try rule ?? WindowRule.usual(for: sequences, loss)
      let objective = try NextToken(loss, rule)
      let windows = try Windows(sequences, length: sequence, stride: stride, rule: rule)
      guard windows.count > 0 else { throw ScriptError(.value, "there are no tokens in the data", argument: "data") }
      let draw = shuffle ? environment.withRandom("shuffle", seed: seed) { $0.next() } : nil
      return .object(
        BatchesObject(
          windows, size: batch, objective, shuffledBy: draw.map { Random(seed: $0, stream: "shuffle") }))
    }
  }
}
