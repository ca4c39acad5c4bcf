import PixelBytes
import PixelScript
import Tensors

extension Metric: ScriptChoice {}
extension WindowRule: ScriptChoice {}

extension CommandGroup {
  static func evaluate(_ environment: Environment) -> Command {
    Command(
      "evaluate", "Measures how well a model predicts the token after windows of a data set.",
      Parameter<Predictor>("model", "the model, or layers that give logits of patches"),
      Parameter<DataSetObject>("data", "the rows to measure on; built first when they are not"),
      Parameter<[Metric]>(
        "metrics", "what to measure; precision, recall and f1 are weighted by class unless they say macro",
        default: [.accuracy]),
      Parameter<Int?>("sequence", "most tokens of a window; 128, or the longest row of windows by rows"),
      Parameter<Int>("stride", "tokens from the start of one circular window to the next", default: 32),
      Parameter<WindowRule?>("windows", "how rows are cut; as in the model's last training, else \"circular\""),
      Parameter<Int?>("samples", "the most windows to measure on, drawn by the seed"),
      Parameter<Int>("seed", "what decides which windows", default: 0),
      example: """
        net = lstm(dim: 9, state: 8, depth: 1)
        report = evaluate(net, sprites(count: 4, size: 8), metrics: ["loss", "f1"], samples: 10)
        print report.columns, report.windows  # expect: ["loss", "f1", "windows"] 10
        """
    ) { context, net, data, metrics, sequence, stride, rule, samples, seed in
      try requireCounts(["sequence": sequence ?? 1, "stride": stride, "samples": samples ?? 1])
      let model = try net.model(length: sequence ?? TrainingOptions.usualSequence, context)
      let sequences = try sequences(of: data, for: net, model, environment, context)
      let rule = rule ?? net.windows ?? .circular
      let windows = try Windows(sequences, length: sequence, stride: stride, rule: rule)
      let objective: NextToken = rule == .rows ? .all : .last
      try objective.check(model)
      guard windows.count > 0 else { throw ScriptError(.value, "there are no tokens to measure on", argument: "data") }
      var random = Random(seed: UInt64(bitPattern: Int64(seed)), stream: "evaluation")
      try context.reserve(bytes: 16, times: windows.count)
      let indices = try samples.map { try random.permutation(windows.count).prefix($0).map { Int($0) } }
      let report = try NextTokenReport(
        model, windows, objective, indices: indices, threads: environment.threads, ranks: environment.ranks,
        poll: { try context.poll() })
      return .object(
        TableObject(
          columns: metrics.map(\.rawValue) + ["windows"],
          rows: [metrics.map { .number($0.value(of: report)) } + [.number(report.windows)]], isRecord: true))
    }
  }
}
