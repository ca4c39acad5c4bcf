import PixelBytes
import PixelScript
import Tensors

/// What was measured of a model on a data set; what nothing asked for is nil.
struct Measured {
  /// How it was measured.
  let measured: MeasuredWindows
  /// The number of tokens that there are.
  let classes: Int
  /// What tokens stand for.
  let vocabulary: Vocabulary
  /// How well the next token is told.
  private(set) var next: NextTokenReport?
  /// How the model goes on.
  private(set) var continuation: ContinuationReport?
  /// What it draws.
  private(set) var pictures: PictureReport?
  /// Whether that has the traits that it should have.
  private(set) var traits: TraitReport?
  /// How well it copies.
  private(set) var copies: CopyReport?

  init(
    _ metrics: [Measure], of net: Predictor, on data: DataSetObject, _ measured: MeasuredWindows,
    keepsOutcomes: Bool = false, _ environment: Environment, _ context: CallContext
  ) throws {
    if metrics.isEmpty {
      throw ScriptError(.value, "there is nothing to measure: `metrics` names none", argument: "metrics")
    }
    let asksForDrawn = Measure.Drawn.allCases.filter { drawn in
      metrics.contains { $0.rawValue == drawn.rawValue }
    }
    let goesOn = metrics.contains(where: \.isOfContinuation)
    let length = goesOn ? measured.prompt : measured.sequence ?? TrainingOptions.usualSequence
    let model = try net.model(length: length, context)
    let sequences = try CommandGroup.sequences(of: data, for: net, model, environment, context)
    self.measured = measured
    vocabulary = sequences.vocabulary
    classes = model.tokenCount
    let work = Work(
      net: net, model: model, data: data.data, sequences: sequences, measured: measured, environment: environment,
      context: context)
    if goesOn { continuation = try work.continuation() }
    for metric in asksForDrawn {
      switch metric {
      case .copy: copies = try work.copies()
      case .dimensions: pictures = try pictures ?? work.pictures()
      case .traits:
        if try work.draws() {
          pictures = try pictures ?? work.pictures()
          traits = try pictures.map { try TraitReport($0, of: work.data) }
        } else {
          traits = try work.written()
        }
        if traits?.rows.isEmpty ?? true {
          throw ScriptError(.value, "nothing is known of the traits of these rows", argument: "data")
        }
      }
    }
    if metrics.contains(where: { $0.metric != nil }) || metrics.isEmpty {
      next = try work.next(keepsOutcomes: keepsOutcomes || measured.interval != nil)
    }
  }

  /// What was measured on: windows, or rows.
  var counts: [(name: String, count: Int)] {
    let windows = (next?.windows ?? continuation?.windows.count).map { [("windows", $0)] } ?? []
    let rows = pictures?.drawings.count ?? traits?.rows.count ?? copies?.rows.count
    return windows + (rows.map { [("samples", $0)] } ?? [])
  }

  /// A record of the figures; where more than a number is known of them, a row for each.
  func table(of metrics: [Measure]) throws -> TableObject {
    let figures = try figures(of: metrics)
    let counts = counts.map { ($0.name, Value.number($0.count)) }
    guard continuation != nil || measured.interval != nil else {
      return TableObject(
        columns: figures.map(\.name) + counts.map(\.0),
        rows: [figures.map { .number($0.value) } + counts.map(\.1)], isRecord: true)
    }
    func numbers(_ values: [Double]?, _ count: Int) -> [Value] {
      values.map { $0.map { .number($0) } } ?? [Value](repeating: .nil, count: count)
    }
    let hasInterval = measured.interval != nil
    let rows = figures.map { figure -> [Value] in
      [.string(figure.name), .number(figure.value)]
        + (hasInterval ? numbers(figure.interval.map { [$0.low, $0.high] }, 2) : [])
        + (continuation == nil
          ? []
          : [figure.deviation.map { .number($0) } ?? .nil]
            + numbers(figure.beside.isEmpty ? nil : figure.beside, Figure.besideColumns.count))
    }
    let columns =
      ["metric", "mean"] + (hasInterval ? ["low", "high"] : [])
      + (continuation == nil ? [] : ["std"] + Figure.besideColumns)
    let remarks = figures.map { (name: $0.name, value: Value.number($0.value)) }
    return TableObject(Table(names: columns, rows: rows), remarks: remarks + counts)
  }
}

/// Tells how far a measurement is, and throws when it must stop.
private struct Poll {
  let meter: ProgressMeter
  let context: CallContext

  func callAsFunction(_ done: Int) throws {
    meter.advance(to: done)
    try context.poll()
  }
}

/// One model and the rows that it is measured on.
private struct Work {
  let net: Predictor
  let model: any TokenModel
  let data: DataSet
  let sequences: TokenSequences
  let measured: MeasuredWindows
  let environment: Environment
  let context: CallContext

  func next(keepsOutcomes: Bool) throws -> NextTokenReport {
    let rule = measured.rule ?? net.windows ?? .circular
    let windows = try Windows(sequences, length: measured.sequence, stride: measured.stride, rule: rule)
    let objective: NextToken = rule == .rows ? .all : .last
    try objective.check(model)
    let indices = try measured.chosen(of: windows.count, context)
    // What is kept of a token is 16 bytes; of windows that hold rows, most tokens count.
    if keepsOutcomes {
      let tokens = rule == .rows ? sequences.tokenCount : indices?.count ?? windows.count
      try context.reserve(bytes: 32, times: tokens)
    }
    return try NextTokenReport(
      model, windows, objective, indices: indices, threads: environment.threads, ranks: environment.ranks,
      keepsOutcomes: keepsOutcomes, poll: { try context.poll() })
  }

  func continuation() throws -> ContinuationReport {
    let windows = try ContinuationReport.windows(of: sequences, prompt: measured.prompt, count: measured.tokens)
    let indices = try measured.chosen(of: windows.count, context)
    return try tracked(total: indices?.count ?? windows.count, "windows") { poll in
      try ContinuationReport(
        model, try tokenizer, windows, prompt: measured.prompt, indices: indices, threads: environment.threads,
        poll: { try poll($0) })
    }
  }

  func pictures() throws -> PictureReport {
    let report = try onRows { rows, poll in
      try PictureReport(
        model, try tokenizer, sequences, rows: rows, threads: environment.threads, poll: { try poll($0) })
    }
    if report.drawings.isEmpty { throw Self.noPictures }
    return report
  }

  func draws() throws -> Bool {
    guard let draws = try TraitReport.draws(sequences) else { throw Self.noPictures }
    return draws
  }

  func written() throws -> TraitReport {
    try onRows { rows, poll in
      try TraitReport(
        writing: model, try tokenizer, sequences, of: data, rows: rows, threads: environment.threads,
        poll: { try poll($0) })
    }
  }

  func copies() throws -> CopyReport {
    let report = try onRows { rows, poll in
      try CopyReport(model, try tokenizer, sequences, rows: rows, threads: environment.threads, poll: { try poll($0) })
    }
    if report.rows.isEmpty {
      throw ScriptError(
        .value, "no row says anything twice", help: "`copy_task` makes rows that do", argument: "data")
    }
    return report
  }

  private var tokenizer: Tokenizer { get throws { try CommandGroup.tokenizer(for: net, model) } }

  private static let noPictures = ScriptError(.value, "there are no pictures in these rows", argument: "data")

  private func onRows<Report>(_ make: ([Int], Poll) throws -> Report) throws -> Report {
    let rows = try measured.chosen(of: sequences.count, context) ?? Array(0..<sequences.count)
    return try tracked(total: rows.count, "rows") { poll in try make(rows.sorted(), poll) }
  }

  private func tracked<Report>(
    total: Int, _ unit: String, _ make: (Poll) throws -> Report
  ) throws -> Report {
    let meter = environment.progress("evaluate", total: total, unit: unit)
    defer { meter.finish() }
    return try make(Poll(meter: meter, context: context))
  }
}

extension MeasuredWindows {
  /// The windows or rows to measure on; nil for all.
  func chosen(of count: Int, _ context: CallContext) throws -> [Int]? {
    guard count > 0 else { throw ScriptError(.value, "there are no tokens to measure on", argument: "data") }
    try context.reserve(bytes: 16, times: count)
    var random = Random(seed: UInt64(bitPattern: Int64(seed)), stream: "evaluation")
    return try samples.map { try random.permutation(count).prefix($0).map { Int($0) } }
  }
}
