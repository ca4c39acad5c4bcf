import Formats
import PixelBytes
import PixelScript
import Tensors

extension WindowRule: ScriptChoice {}

extension CommandGroup {
  static func evaluate(_ environment: Environment) -> Command {
    Command(
      "evaluate", "Measures how well a model predicts the token after windows of a data set.",
      Parameter<Predictor>("model", "the model, or layers that give logits of patches"),
      Parameter<DataSetObject>("data", "the rows to measure on; built first when they are not"),
      Parameter<[Measure]>(
        "metrics",
        "what to measure; precision, recall and f1 are weighted by class unless they say macro; hamming, cosine and bleu "
          + "let the model go on", default: [.next(.accuracy)]),
      MeasuredWindows.Parameters(), Parameter<String?>("path", "a file for hamming, cosine and bleu, a line a window"),
      example: """
        net = lstm(dim: 9, state: 8, depth: 1)
        report = evaluate(net, sprites(count: 4, size: 8), metrics: ["loss", "f1"], samples: 10)
        print report.columns, report.windows  # expect: ["loss", "f1", "windows"] 10
        print evaluate(net, sprites(count: 4, size: 8), metrics: ["bleu"]).columns
        # expect: ["metric", "mean", "std", "tokens", "repeat", "repeat_tokens"]
        """
    ) { context, net, data, metrics, windows, path in
      // Said before the work begins.
      _ = try path.map { try environment.files.writable($0) }
      if path != nil, !metrics.contains(where: \.isOfContinuation) {
        throw ScriptError(
          .value, "the file would have hamming, cosine and bleu, and metrics has none of them", argument: "path")
      }
      let measured = try Measured(metrics, of: net, on: data, windows, environment, context)
      if let path, let report = measured.continuation {
        try environment.files.write(path) { _ in
          try AtomicFile.write(report.csv, to: try environment.files.prepared(path))
        }
      }
      return .object(measured.table(of: metrics))
    }
  }

  static func compare(_ environment: Environment) -> Command {
    Command(
      "compare", "Measures several models on the same rows and gives a table with a row for each.",
      Parameter<Value>("models", "a list of models, or a map from names to them; layers count as models"),
      Parameter<DataSetObject>("data", "the rows to measure on; built first when they are not"),
      Parameter<[Measure]>(
        "metrics", "what to measure, as `evaluate` has it", default: [.next(.loss), .next(.accuracy), .next(.f1)]),
      MeasuredWindows.Parameters(),
      example: """
        small = lstm(dim: 9, state: 4, depth: 1)
        large = lstm(dim: 9, state: 8, depth: 1)
        t = compare({small: small, large: large}, sprites(count: 4, size: 8), samples: 10)
        print t.model, t.columns  # expect: ["small", "large"] ["model", "parameters", "loss", "accuracy", "f1", "windows"]
        """
    ) { context, models, data, metrics, windows in
      let rows = try named(models).map { name, net -> [Value] in
        let measured = try Measured(metrics, of: net, on: data, windows, environment, context)
        return [.string(name), .number(net.parameterCount)] + metrics.map { .number(measured.value(of: $0)) }
          + [.number(measured.windows)]
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
}

/// The windows that models are measured on.
struct MeasuredWindows {
  let sequence: Int?
  let stride: Int
  let rule: WindowRule?
  let samples: Int?
  let seed: Int
  let prompt: Int
  let tokens: Int

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
    private let prompt = Parameter<Int>("prompt", "tokens that hamming, cosine and bleu give a model", default: 64)
    private let tokens = Parameter<Int>("tokens", "tokens that it then goes on for", default: 16)

    var signatures: [Signature] {
      sequence.signatures + stride.signatures + rule.signatures + samples.signatures + seed.signatures
        + prompt.signatures + tokens.signatures
    }

    func accepts(_ slot: Slot) throws -> Bool { try sequence.accepts(slot) }

    func take(from arguments: inout ArgumentReader) throws -> MeasuredWindows {
      let windows = MeasuredWindows(
        sequence: try sequence.take(from: &arguments), stride: try stride.take(from: &arguments),
        rule: try rule.take(from: &arguments), samples: try samples.take(from: &arguments),
        seed: try seed.take(from: &arguments), prompt: try prompt.take(from: &arguments),
        tokens: try tokens.take(from: &arguments))
      try CommandGroup.requireCounts([
        "sequence": windows.sequence ?? 1, "stride": windows.stride, "samples": windows.samples ?? 1,
        "prompt": windows.prompt, "tokens": windows.tokens,
      ])
      return windows
    }
  }
}
