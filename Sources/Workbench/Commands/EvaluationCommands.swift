import PixelBytes
import PixelScript
import Tensors

extension Metric: ScriptChoice {}

extension CommandGroup {
  static func evaluate(_ environment: Environment) -> Command {
    Command(
      "evaluate", "Measures how well a model predicts the token after windows of a data set.",
      Parameter<Predictor>("model", "the model, or layers that give logits of patches"),
      Parameter<DataSetObject>("data", "the rows to measure on; built first when they are not"),
      Parameter<[Metric]>(
        "metrics", "what to measure; precision, recall and f1 are weighted by class unless they say macro",
        default: [.accuracy]),
      Parameter<Int>("sequence", "tokens of a window", default: 128),
      Parameter<Int>("stride", "tokens from the start of one window to the next", default: 32),
      Parameter<Int?>("samples", "the most windows to measure on, drawn by the seed"),
      Parameter<Int>("seed", "what decides which windows", default: 0),
      example: """
        net = lstm(dim: 9, state: 8, depth: 1)
        report = evaluate(net, sprites(count: 4, size: 8), metrics: ["loss", "f1"], samples: 10)
        print report.columns, report.windows  # expect: ["loss", "f1", "windows"] 10
        """
    ) { context, net, data, metrics, sequence, stride, samples, seed in
      try requireCounts(["sequence": sequence, "stride": stride, "samples": samples ?? 1])
      let model = try net.model(length: sequence, context)
      let sequences = try sequences(of: data, for: net, model, environment, context)
      let windows = try Windows(sequences, length: sequence, stride: stride)
      guard windows.count > 0 else { throw ScriptError(.value, "there are no tokens to measure on", argument: "data") }
      var random = Random(seed: UInt64(bitPattern: Int64(seed)), stream: "evaluation")
      try context.reserve(bytes: 16, times: windows.count)
      let indices = try samples.map { try random.permutation(windows.count).prefix($0).map { Int($0) } }
      let report = try NextTokenReport(
        model, windows, indices: indices, threads: environment.threads, poll: { try context.poll() })
      return .object(
        TableObject(
          columns: metrics.map(\.rawValue) + ["windows"],
          rows: [metrics.map { .number($0.value(of: report)) } + [.number(report.windows)]], isRecord: true))
    }
  }
}
