import PixelBytes
import PixelScript
import Tensors

/// What was measured of a model on a data set.
struct Measured {
  /// How well the next token is told; nil when nothing asks for it.
  let next: NextTokenReport?
  /// How the model goes on; nil when nothing asks for it.
  let continuation: ContinuationReport?

  init(
    _ metrics: [Measure], of net: Predictor, on data: DataSetObject, _ measured: MeasuredWindows,
    _ environment: Environment, _ context: CallContext
  ) throws {
    let goesOn = metrics.contains(where: \.isOfContinuation)
    let length = goesOn ? measured.prompt : measured.sequence ?? TrainingOptions.usualSequence
    let model = try net.model(length: length, context)
    let sequences = try CommandGroup.sequences(of: data, for: net, model, environment, context)
    continuation =
      goesOn ? try Self.continuation(net, model, sequences, measured, environment, context) : nil
    next =
      metrics.allSatisfy(\.isOfContinuation) && !metrics.isEmpty
      ? nil : try Self.next(net, model, sequences, measured, environment, context)
  }

  private static func next(
    _ net: Predictor, _ model: any TokenModel, _ sequences: TokenSequences, _ measured: MeasuredWindows,
    _ environment: Environment, _ context: CallContext
  ) throws -> NextTokenReport {
    let rule = measured.rule ?? net.windows ?? .circular
    let windows = try Windows(sequences, length: measured.sequence, stride: measured.stride, rule: rule)
    let objective: NextToken = rule == .rows ? .all : .last
    try objective.check(model)
    return try NextTokenReport(
      model, windows, objective, indices: try measured.chosen(of: windows, context), threads: environment.threads,
      ranks: environment.ranks, poll: { try context.poll() })
  }

  private static func continuation(
    _ net: Predictor, _ model: any TokenModel, _ sequences: TokenSequences, _ measured: MeasuredWindows,
    _ environment: Environment, _ context: CallContext
  ) throws -> ContinuationReport {
    let windows = try ContinuationReport.windows(of: sequences, prompt: measured.prompt, count: measured.tokens)
    let indices = try measured.chosen(of: windows, context)
    let meter = environment.progress("evaluate", total: indices?.count ?? windows.count, unit: "windows")
    defer { meter.finish() }
    return try ContinuationReport(
      model, try CommandGroup.tokenizer(for: net, model), windows, prompt: measured.prompt, indices: indices,
      threads: environment.threads
    ) { done in
      meter.advance(to: done)
      try context.poll()
    }
  }

  /// The windows measured on.
  var windows: Int { next?.windows ?? continuation?.windows.count ?? 0 }

  /// A figure; that of a continuation is its mean over all ids of the contexts, as published.
  func value(of measure: Measure) -> Double {
    switch measure {
    case .next(let metric): next.map(metric.value) ?? .nan
    case .continuation(let metric): continuation?.summary(of: metric).mean ?? .nan
    }
  }

  /// A record of the figures; where the model went on a row for each, beside what it is worth.
  func table(of metrics: [Measure]) -> TableObject {
    guard let continuation else {
      return TableObject(
        columns: metrics.map(\.rawValue) + ["windows"],
        rows: [metrics.map { .number(value(of: $0)) } + [.number(windows)]], isRecord: true)
    }
    let rows = metrics.map { measure -> [Value] in
      guard case .continuation(let metric) = measure else {
        return [.string(measure.rawValue), .number(value(of: measure)), .nil, .nil, .nil, .nil]
      }
      return [
        .string(measure.rawValue), .number(value(of: measure)), .number(continuation.summary(of: metric).deviation),
      ]
        + [\.tokens, \.repeatedContexts, \.repeatedTokens].map { .number(continuation.summary(of: metric, $0).mean) }
    }
    let table = Table(names: ["metric", "mean", "std", "tokens", "repeat", "repeat_tokens"], rows: rows)
    let remarks = metrics.map { (name: $0.rawValue, value: Value.number(value(of: $0))) }
    return TableObject(table, remarks: remarks + [("windows", .number(continuation.windows.count))])
  }
}

extension MeasuredWindows {
  /// The windows to measure on; nil for all.
  func chosen(of windows: Windows, _ context: CallContext) throws -> [Int]? {
    guard windows.count > 0 else { throw ScriptError(.value, "there are no tokens to measure on", argument: "data") }
    try context.reserve(bytes: 16, times: windows.count)
    var random = Random(seed: UInt64(bitPattern: Int64(seed)), stream: "evaluation")
    return try samples.map { try random.permutation(windows.count).prefix($0).map { Int($0) } }
  }
}
