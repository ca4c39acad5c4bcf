import Formats
import PixelBytes
import PixelScript
import Tensors

extension CommandGroup {
  /// Making, loading, splitting and describing data sets.
  static func data(_ environment: Environment) -> CommandGroup {
    CommandGroup(
      "Data",
      [
        spritesCommand, copyTask, loadDataSet(environment), build(environment), splitData, splitTable,
        shuffleData(environment),
        takeRows("take"), takeRows("head", usual: 5),
        filterRows, rowColumns, describeData(environment), checkData(environment),
      ] + dataMaking + traits + Command.sampling(environment))
  }

  private static func loadDataSet(_ environment: Environment) -> Command {
    Command(
      "load_dataset", "Opens a data set; its rows are read when they are asked for.",
      Parameter<String>(
        "path",
        "a .parquet, .csv or .jsonl file, or a folder with metadata.csv, .jsonl or .parquet, .parquet files, texts (.txt) beside "
          + "pictures of the same name, or pictures in folders named after their labels", completion: .path),
      Parameter<String?>(
        "image", "the column of the pictures, or of their files; nil for texts alone", default: "image"),
      Parameter<String?>("caption", "the column of the captions; nil for pictures alone", default: "caption"),
      Parameter<String?>(
        "split",
        "a word in the names of folders or files, such as test in test/ and my_test.csv; nil for \"train\" where there are "
          + "splits"),
      Parameter<Int?>("limit", "the most rows"),
      Parameter<[String]?>("columns", "the further columns that are kept; nil for all", byName: true),
      Parameter<DamagedPictures>(
        "damaged", "what is done with a broken picture: \"refuse\" its row, or \"keep\" what can be read of it",
        default: .refuse, byName: true),
      Command.encoding,
      example: """
        try { load_dataset "no/such/folder" } catch e { print e.kind }  # expect: io
        """
    ) { context, path, image, caption, split, limit, columns, damaged, encoding in
      let data = try encoding.hinting {
        try load(path, environment, context) { options in
          (options.image, options.caption, options.split, options.limit) = (image, caption, split, limit)
          (options.columns, options.keepsDamaged, options.encoding) = (columns, damaged == .keep, encoding)
        }
      }
      for note in data.notes { environment.notice(note) }
      return .object(DataSetObject(data))
    }
  }

  private static func load(
    _ path: String, _ environment: Environment, _ context: CallContext, _ change: (inout ReadingOptions) -> Void
  ) throws -> DataSet {
    var options = ReadingOptions()
    change(&options)
    let files = environment.files
    options.willRead = { _ = try files.readable($0) }
    return try DataSet.load(try files.existing(path), options) { try context.poll() }
  }

  private static func build(_ environment: Environment) -> Command {
    Command(
      "build", "Turns pictures into palette colors and rows into tokens: adds the `pixelbyte` column.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<String?>(
        "path", "a folder to write the rows into as they are built; they are not held in memory then",
        completion: .path),
      Parameter<PaletteObject?>("palette", "the colors, in place of those of the tokenizer"),
      Parameter<Bool>(
        "pixelize", "whether larger pictures are reduced by `pixelize`; else by taking the nearest pixels",
        default: true),
      Parameter<Int?>(
        "max_size", "the longest side of a picture, larger ones are reduced; nil keeps every size", default: 25),
      Parameter<TokenizerObject?>("tokenizer", "the tokenizer, by default \"pixelbytes\""),
      Parameter<[RowPart]>(
        "parts", "what a row's tokens are, in this order", default: Tokenizer.publishedArrangement),
      example: """
        data = build(sprites(count: 2, size: 12))
        print len(data[0].pixelbyte) > 156, data.columns[-1]  # expect: true pixelbyte
        """
    ) { context, data, path, palette, pixelizes, maxSize, tokenizer, parts in
      var options = environment.buildOptions
      (options.pixelizes, options.maxSize, options.arrangement) = (pixelizes, maxSize, parts)
      if let tokenizer { options.tokenizer = tokenizer.tokenizer }
      if let palette {
        options.tokenizer = Tokenizer(try options.tokenizer.vocabulary.replacing(palette: palette.palette))
      }
      let folder = try path.map { try environment.files.writable($0) }
      let built = try environment.tracking("build", total: data.data.count, unit: "rows", context) { report in
        guard let folder else { return try data.data.built(options, report: report) }
        _ = try environment.onFirst {
          try DataFolder.write(data.data, to: folder, building: options, report: report)
        }
        return try load(folder, environment, context) { _ in }
      }
      return .object(DataSetObject(built))
    }
  }

  private static var splitData: Command {
    Command(
      "split", "Splits a data set by row into training and test rows; the same seed gives the same split anywhere.",
      Parameter<DataSetObject>("data", "the data set"), testShare, splitSeed,
      example: """
        train_rows, test_rows = split(sprites(count: 20), test: 0.25, seed: 42)
        print len(train_rows), len(test_rows)  # expect: 15 5
        """
    ) { _, data, test, seed in
      try check(share: test, of: data.data.count)
      let parts = try data.data.split(test: test, seed: UInt64(bitPattern: Int64(seed)))
      return .list([.object(DataSetObject(parts.train)), .object(DataSetObject(parts.test))])
    }
  }

  private static var splitTable: Command {
    Command(
      "split", "Splits a table by row into training and test rows; the same seed gives the same split anywhere.",
      Parameter<TableObject>("data", "the table"), testShare, splitSeed,
      example: """
        train_rows, test_rows = split(table({a: range(20)}), test: 0.25)
        print len(train_rows), len(test_rows)  # expect: 15 5
        """
    ) { _, data, test, seed in
      try check(share: test, of: data.table.count)
      let places = try DataSet.divided(data.table.count, test: test, seed: UInt64(bitPattern: Int64(seed)))
      return .list(try [places.train, places.test].map { .object(TableObject(try data.table.picking($0))) })
    }
  }

  private static var testShare: Parameter<Double> { Parameter("test", "the share of test rows", default: 0.1) }
  private static var splitSeed: Parameter<Int> {
    Parameter("seed", "what decides which rows are test rows", default: 0)
  }

  private static func check(share: Double, of count: Int) throws(ScriptError) {
    guard !(0...1).contains(share) else { return }
    let isNumber = share == share.rounded() && share > 1 && share < Double(count)
    throw ScriptError(
      .value, "the share of test rows is a number from 0 to 1, not \(Display.text(of: share))",
      help: isNumber
        ? "\(Display.text(of: share)) of \(count) rows are the share \(Display.text(of: share / Double(count)))" : nil,
      argument: "test")
  }

  private static func shuffleData(_ environment: Environment) -> Command {
    Command(
      "shuffle", "Puts the rows of a data set into random order.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<Int?>("seed", "what decides the order, in place of the session's seed"),
      example: """
        print len(shuffle(sprites(count: 5), seed: 1))  # expect: 5
        """
    ) { _, data, seed in
      let seed = environment.withRandom("shuffle", seed: seed) { $0.next() }
      return .object(DataSetObject(try data.data.shuffled(seed: seed)))
    }
  }

  private static func takeRows(_ name: String, usual: Int? = nil) -> Command {
    Command(
      name, "Gives the first rows of a data set.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<Int>("count", "how many rows", default: usual),
      example: """
        print len(\(name)(sprites(count: 9), 4))  # expect: 4
        """
    ) { _, data, count in
      guard count >= 0 else { throw ScriptError(.value, "count must be 0 or more, found \(count)", argument: "count") }
      return .object(DataSetObject(try data.data.taking(count)))
    }
  }

  private static var filterRows: Command {
    Command(
      "filter", "Keeps the rows of a data set for which a function answers true.",
      Parameter<DataSetObject>("data", "the data set"),
      Parameter<ScriptFunction>("keep", "a function of a row"),
      example: """
        data = sprites(count: 50, seed: 1)
        red = filter(data, fn(row) = row.traits.color == "red")
        print all(map(red, fn(row) = contains(row.caption, "red")))  # expect: true
        """
    ) { context, data, keep in
      let kept = try (0..<data.data.count).filter { index in
        try context.poll()
        let answer = try context.call(keep, .object(try data.row(index)))
        guard let kept = Bool.convert(answer) else {
          throw ScriptError(.type, "`filter` expects true or false from its function, found \(answer.typeName)")
        }
        return kept
      }
      return .object(DataSetObject(try data.data.selecting(kept)))
    }
  }

  private static var rowColumns: Command {
    Command(
      "keys", "Returns a list of the columns of a row of a data set, in order.",
      Parameter<RowObject>("row", "the row"),
      example: """
        print keys(copy_task(count: 1, kind: "text")[0])  # expect: ["caption"]
        """
    ) { _, row in .list(row.fieldNames.map { .string($0) }) }
  }

  private static func describeData(_ environment: Environment) -> Command {
    Command(
      "describe",
      "Reads all rows of a data set: sizes, caption lengths, characters without a token, and what is wrong.",
      Parameter<DataSetObject>("data", "the data set"),
      example: """
        report = describe(sprites(count: 8, size: 12))
        print report.rows, report.sizes, report.unreadable  # expect: 8 12x12: 8 0
        """
    ) { context, data in
      let summary = try summary(data.data, environment, context)
      for line in summary.findings(most: 10) { environment.notice(line) }
      return .object(summary.table)
    }
  }

  private static func summary(
    _ data: DataSet, _ environment: Environment, _ context: CallContext
  ) throws -> DataSummary {
    try environment.tracking("describe", total: data.count, unit: "rows", context) { report in
      try DataSummary(data, threads: environment.threads, progress: report)
    }
  }

  private static func checkData(_ environment: Environment) -> Command {
    Command(
      "check",
      "Reads all rows of a data set and prints what is wrong; rows that cannot be read are an error at the end.",
      Parameter<DataSource>("data", "a data set, or the path of one", completion: .path),
      Parameter<String?>(
        "image", "of a path: the column of the pictures; nil for texts alone", default: "image", byName: true),
      Parameter<String?>(
        "caption", "the column of the captions; nil for pictures alone", default: "caption", byName: true),
      Parameter<String?>("split", "the split, as `load_dataset` has it", byName: true),
      Parameter<DamagedPictures>(
        "damaged", "what is done with broken pictures: \"refuse\", or \"keep\" what can be read", default: .refuse,
        byName: true),
      Command.encoding,
      example: """
        check sprites(count: 8)  # expect: 8 rows, nothing wrong
        """
    ) { context, source, image, caption, split, damaged, encoding in
      let data =
        try source.data
        ?? encoding.hinting {
          try load(source.path, environment, context) { options in
            (options.image, options.caption, options.split) = (image, caption, split)
            (options.keepsDamaged, options.encoding) = (damaged == .keep, encoding)
          }
        }
      let summary = try summary(data, environment, context)
      let findings = summary.findings(most: .max)
      for line in findings { context.write(line + "\n") }
      if let error = summary.error { throw error }
      let rest = findings.isEmpty ? "nothing wrong" : data.count == 1 ? "it can be read" : "all of them can be read"
      context.write("\(String(counting: data.count, "row")), \(rest)\n")
      return .nil
    }
  }
}

/// A data set, or the path of one.
private struct DataSource: ScriptConvertible {
  let scriptValue: Value

  static let scriptName = "data set or path"
  static func convert(_ value: Value) -> DataSource? {
    switch value {
    case .string: DataSource(scriptValue: value)
    case .object(let object) where object is DataSetObject: DataSource(scriptValue: value)
    default: nil
    }
  }

  var data: DataSet? { DataSetObject.convert(scriptValue)?.data }
  var path: String { String.convert(scriptValue) ?? "" }
}

extension RowPart: ScriptChoice {}

extension Environment {
  /// How rows are built when nothing is said.
  var buildOptions: BuildOptions {
    var options = BuildOptions()
    (options.maxSize, options.threads) = (defaultMaxSize, threads)
    return options
  }

  /// Does work that tells how far it is; what takes longer than a second shows that, and every report polls.
  func tracking<Result>(
    _ what: String, total: Int, unit: String, _ context: CallContext,
    _ work: (_ report: (Int) throws -> Void) throws -> Result
  ) throws -> Result {
    let meter = progress(what, total: total, unit: unit)
    let start = ContinuousClock.now
    var isShown = false
    defer { if isShown { meter.finish() } }
    return try work { done in
      try context.poll()
      isShown = isShown || ContinuousClock.now - start > .seconds(1)
      if isShown { meter.advance(to: done) }
    }
  }
}
