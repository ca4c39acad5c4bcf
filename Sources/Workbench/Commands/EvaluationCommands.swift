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
      MeasuredWindows.Parameters(),
      example: """
        net = lstm(dim: 9, state: 8, depth: 1)
        report = evaluate(net, sprites(count: 4, size: 8), metrics: ["loss", "f1"], samples: 10)
        print report.columns, report.windows  # expect: ["loss", "f1", "windows"] 10
        """
    ) { context, net, data, metrics, windows in
      let report = try report(of: net, on: data, windows, environment, context)
      return .object(
        TableObject(
          columns: metrics.map(\.rawValue) + ["windows"],
          rows: [metrics.map { .number($0.value(of: report)) } + [.number(report.windows)]], isRecord: true))
    }
  }

  static func compare(_ environment: Environment) -> Command {
    Command(
      "compare", "Measures several models on the same rows and gives a table with a row for each.",
      Parameter<Value>("models", "a list of models, or a map from names to them; layers count as models"),
      Parameter<DataSetObject>("data", "the rows to measure on; built first when they are not"),
      Parameter<[Metric]>("metrics", "what to measure, as `evaluate` has it", default: [.loss, .accuracy, .f1]),
      MeasuredWindows.Parameters(),
      example: """
        small = lstm(dim: 9, state: 4, depth: 1)
        large = lstm(dim: 9, state: 8, depth: 1)
        t = compare({small: small, large: large}, sprites(count: 4, size: 8), samples: 10)
        print t.model, t.columns  # expect: ["small", "large"] ["model", "parameters", "loss", "accuracy", "f1", "windows"]
        """
    ) { context, models, data, metrics, windows in
      let rows = try named(models).map { name, net -> [Value] in
        let report = try report(of: net, on: data, windows, environment, context)
        return [.string(name), .number(net.parameterCount)] + metrics.map { .number($0.value(of: report)) }
          + [.number(report.windows)]
      }
      return .object(
        TableObject(columns: ["model", "parameters"] + metrics.map(\.rawValue) + ["windows"], rows: rows))
    }
  }

  /// Models with their names, or with what they are and their number in the list.
  private static func named(_ value: Value) throws -> [(name: String, net: Predictor)] {
    let parts: [(name: String?, value: Value)]
    switch value {
    case .list(let list): parts = list.values.map { (nil, $0) }
    case .map(let map): parts = map.entries.map { ($0.key.description, $0.value) }
    default: parts = [(nil, value)]
    }
    guard !parts.isEmpty else { throw ScriptError(.value, "there are no models to compare", argument: "models") }
    return try parts.enumerated().map { index, part in
      guard let net = Predictor.convert(part.value) else {
        throw ScriptError(
          .type, "\(part.name ?? "number \(index + 1)") is \(describe(part.value)), expected a model or layers",
          argument: "models")
      }
      return (part.name ?? "\(net.familyName) \(index + 1)", net)
    }
  }

  private static func report(
    of net: Predictor, on data: DataSetObject, _ measured: MeasuredWindows, _ environment: Environment,
    _ context: CallContext
  ) throws -> NextTokenReport {
    let sequence = measured.sequence
    let model = try net.model(length: sequence ?? TrainingOptions.usualSequence, context)
    let sequences = try sequences(of: data, for: net, model, environment, context)
    let rule = measured.rule ?? net.windows ?? .circular
    let windows = try Windows(sequences, length: sequence, stride: measured.stride, rule: rule)
    let objective: NextToken = rule == .rows ? .all : .last
    try objective.check(model)
    guard windows.count > 0 else { throw ScriptError(.value, "there are no tokens to measure on", argument: "data") }
    var random = Random(seed: UInt64(bitPattern: Int64(measured.seed)), stream: "evaluation")
    try context.reserve(bytes: 16, times: windows.count)
    let indices = try measured.samples.map { try random.permutation(windows.count).prefix($0).map { Int($0) } }
    return try NextTokenReport(
      model, windows, objective, indices: indices, threads: environment.threads, ranks: environment.ranks,
      poll: { try context.poll() })
  }
}

/// The windows that models are measured on.
private struct MeasuredWindows {
  let sequence: Int?
  let stride: Int
  let rule: WindowRule?
  let samples: Int?
  let seed: Int

  /// The parameters of commands about them.
  struct Parameters: CommandParameter {
    private let sequence = Parameter<Int?>(
      "sequence", "most tokens of a window; 128, or the longest row of windows by rows")
    private let stride = Parameter<Int>(
      "stride", "tokens from the start of one circular window to the next", default: 32)
    private let rule = Parameter<WindowRule?>(
      "windows", "how rows are cut; as in the model's last training, else \"circular\"")
    private let samples = Parameter<Int?>("samples", "the most windows to measure on, drawn by the seed")
    private let seed = Parameter<Int>("seed", "what decides which windows", default: 0)

    var signatures: [Signature] {
      sequence.signatures + stride.signatures + rule.signatures + samples.signatures + seed.signatures
    }

    func accepts(_ slot: Slot) throws -> Bool { try sequence.accepts(slot) }

    func take(from arguments: inout ArgumentReader) throws -> MeasuredWindows {
      let windows = MeasuredWindows(
        sequence: try sequence.take(from: &arguments), stride: try stride.take(from: &arguments),
        rule: try rule.take(from: &arguments), samples: try samples.take(from: &arguments),
        seed: try seed.take(from: &arguments))
      try CommandGroup.requireCounts([
        "sequence": windows.sequence ?? 1, "stride": windows.stride, "samples": windows.samples ?? 1,
      ])
      return windows
    }
  }
}
