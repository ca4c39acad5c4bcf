import Formats
import PixelBytes
import PixelScript
import Tensors

extension TokenGroups: ScriptChoice {}
extension StoredModel.Which: ScriptChoice {}

extension CommandGroup {
  static func evaluate(_ environment: Environment) -> Command {
    Command(
      "evaluate", "Measures how well a model predicts, goes on with, draws, captions or copies rows.",
      Parameter<Predictor>("model", "the model, or layers that give logits of patches"),
      Parameter<DataSetObject>("data", "the rows to measure on; built first when they are not"),
      Parameter<[Measure]>(
        "metrics",
        "what to measure; precision, recall and f1 are weighted by class unless they say macro; hamming, cosine and bleu "
          + "let the model go on, dimensions and traits draw pictures or write captions, copy says again what a row says twice",
        default: [.next(.accuracy)]),
      MeasuredWindows.Parameters(), Parameter<String?>("path", "a file for hamming, cosine and bleu, a line a window"),
      MeasuredWindows.intervalParameter,
      Parameter<TokenGroups?>(
        "by", "a row for each token, or for each kind of them: text, pixels, separators", byName: true),
      example: """
        net = lstm(dim: 9, state: 8, depth: 1)
        report = evaluate(net, sprites(count: 4, size: 8), metrics: ["loss", "f1"], samples: 10)
        print report.columns, report.windows  # expect: ["loss", "f1", "windows"] 10
        print evaluate(net, sprites(count: 4, size: 8), metrics: ["bleu"]).columns
        # expect: ["metric", "mean", "std", "tokens", "repeat", "repeat_tokens"]
        print evaluate(net, sprites(count: 4, size: 8), by: "kind").columns  # expect: ["kind", "accuracy", "tokens"]
        """
    ) { context, net, data, metrics, windows, path, interval, by in
      // Each once, however often it is named.
      let metrics = Dictionary(grouping: metrics.enumerated(), by: \.element.rawValue).values
        .compactMap(\.first).sorted { $0.offset < $1.offset }.map(\.element)
      let windows = try windows.with(interval: interval)
      if let by {
        if interval != nil { throw ScriptError(.value, "an interval is of all tokens together", argument: "interval") }
        if path != nil {
          throw ScriptError(.value, "the file would have hamming, cosine and bleu, not single tokens", argument: "path")
        }
        let wanted = try tokenMetrics(metrics)
        let measured = try Measured(metrics, of: net, on: data, windows, keepsOutcomes: true, environment, context)
        return .object(try TokenFigures(measured, by).table(of: wanted))
      }
      // Said before the work begins.
      _ = try path.map { try environment.files.writable($0) }
      if path != nil, !metrics.contains(where: \.isOfContinuation) {
        throw ScriptError(
          .value, "the file would have hamming, cosine and bleu, and metrics has none of them", argument: "path")
      }
      let measured = try Measured(metrics, of: net, on: data, windows, environment, context)
      if let path, let report = measured.continuation {
        try environment.files.write(path) { try AtomicFile.write(report.csv, to: $0) }
      }
      return .object(try measured.table(of: metrics))
    }
  }

  /// What is known of single tokens; throws for what a model goes on with.
  private static func tokenMetrics(_ metrics: [Measure]) throws(ScriptError) -> [Metric] {
    try metrics.map { measure throws(ScriptError) in
      guard let metric = measure.metric else {
        throw ScriptError(.value, "\(measure.rawValue) is of rows, not of single tokens", argument: "by")
      }
      return metric
    }
  }

  static func confusion(_ environment: Environment) -> Command {
    Command(
      "confusion",
      "Counts which token a model held for the likeliest where each should have been: a row a token, a column a guess.",
      Parameter<Predictor>("model", "the model, or layers that give logits of patches"),
      Parameter<DataSetObject>("data", "the rows to measure on; built first when they are not"),
      Parameter<TokenGroups>("by", "each token, or each kind of them: text, pixels, separators", default: .token),
      MeasuredWindows.Parameters(),
      Parameter<Int>(
        "most", "how many tokens have a row of their own, the most frequent ones", default: 12, byName: true),
      example: """
        net = lstm(dim: 9, state: 8, depth: 1)
        t = confusion(net, sprites(count: 4, size: 8), by: "kind", stride: 1)
        print t.columns  # expect: ["true", "text", "pixels", "separators"]
        print plot(t, kind: "heatmap", xlabel: "told", ylabel: "true")  # expect: plot of 3x3 cells
        """
    ) { context, net, data, by, windows, most in
      try requireCounts(["most": most])
      let measured = try Measured(
        [.next(.accuracy)], of: net, on: data, windows, keepsOutcomes: true, environment, context)
      return .object(try TokenFigures(measured, by).confusion(most: most))
    }
  }

  static func compare(_ environment: Environment) -> Command {
    Command(
      "compare", "Measures several models on the same rows and gives a table with a row for each.",
      Parameter<Value>(
        "models",
        "a list of models, or a map from names to them, or a folder of runs or saved models; layers count as models",
        completion: .path),
      Parameter<DataSetObject>("data", "the rows to measure on; built first when they are not"),
      Parameter<[Measure]>(
        "metrics", "what to measure, as `evaluate` has it", default: [.next(.loss), .next(.accuracy), .next(.f1)]),
      MeasuredWindows.Parameters(), MeasuredWindows.intervalParameter,
      Parameter<Bool>(
        "published",
        "whether the figures published of the paper's models, and the differences to them, stand beside ours",
        default: false, byName: true),
      Parameter<StoredModel.Which>(
        "which", "of a folder of runs the newest weights of each, or those of its best evaluation", default: .last,
        byName: true),
      example: """
        small = lstm(dim: 9, state: 4, depth: 1)
        large = lstm(dim: 9, state: 8, depth: 1)
        t = compare({small: small, large: large}, sprites(count: 4, size: 8), samples: 10)
        print t.model, t.columns  # expect: ["small", "large"] ["model", "parameters", "loss", "accuracy", "f1", "windows"]
        t = compare({rnn_ref: small}, sprites(count: 4, size: 8), metrics: ["bleu"], published: true)
        print t.columns  # expect: ["model", "parameters", "bleu", "bleu_published", "bleu_difference", "windows"]
        """
    ) { context, models, data, metrics, windows, interval, published, which in
      let windows = try windows.with(interval: interval)
      let named = try ComparedModel.all(models, which, environment)
      let rows = try named.map { model -> [(String, Value)] in
        let net = try model.load()
        let measured = try Measured(metrics, of: net, on: data, windows, environment, context)
        let origin = published ? model.published(net) : nil
        return [("model", .string(model.name)), ("parameters", .number(net.parameterCount))]
          + (try measured.figures(of: metrics)).flatMap { $0.columns(beside: origin, published) }
          + measured.counts.map { ($0.name, .number($0.count)) }
      }
      return .object(TableObject(Table(rows: rows)))
    }
  }
}
