import Formats
import PixelScript
import Safepoint

extension Command {
  static func readTable(_ environment: Environment) -> Command {
    Command(
      "read_table", "Reads a table from a file, or from all files of a folder or a pattern, one below the other.",
      Parameter<FilePaths>(
        "path",
        "a .csv, .tsv, .jsonl, .json or .parquet file, packed (.gz, .zst) or not; a folder of such; a pattern, where * "
          + "stands for anything, ? for one letter and ** for any folders; or a list of these",
        completion: .path),
      Parameter<[String]>(
        "texts", "columns that are texts whatever stands in them, such as numbers with zeros before",
        default: [], byName: true),
      Parameter<String?>(
        "file", "of several files: the column with the file of each row", default: "file", byName: true),
      Parameter<[String]?>("columns", "the columns that are read; nil for all", byName: true),
      Parameter<String?>(
        "separator",
        "what stands between the fields of a CSV file, such as \";\"; nil for the comma, or what the header has",
        byName: true, aliases: ["sep"]),
      Parameter<String>("decimal", "what stands before the fractions of its numbers", default: ".", byName: true),
      Parameter<String?>("thousands", "what stands between the thousands of its numbers", byName: true),
      Parameter<[String]>(
        "missing", "what stands in a CSV file where nothing is known, in columns of texts too", default: [],
        byName: true, aliases: ["na_values"]),
      Parameter<CSVHeader>(
        "header", "whether a CSV file begins with the names of its columns; or these names, of a file without",
        default: CSVHeader(names: .line), byName: true),
      Parameter<String?>(
        "comment", "what lines of a CSV file begin with that are left out, such as \"#\"", byName: true),
      Command.encoding,
      Parameter<DamagedPictures?>(
        "damaged",
        "what is done with a broken picture in a .parquet file: \"refuse\", or \"keep\" what can be read of it",
        byName: true),
      example: """
        save table({a: [1, 2], b: ["x", nil]}), "read-table.csv"
        print read_table("read-table.csv").b  # expect: ["x", nil]
        write_text "comma.csv", "a;b\\n1,5;2,25\\n"
        print read_table("comma.csv", decimal: ",").b  # expect: [2.25]
        write_text "bare.csv", "# measured\\n1,-\\n2,x\\n"
        print read_table("bare.csv", header: ["n", "s"], comment: "#", missing: ["-"]).s  # expect: [nil, "x"]
        """
    ) {
      context, path, texts, file, columns, separator, decimal, thousands, missing, header, comment, encoding, damaged in
      let numbers = CSVNumberForm(
        decimal: try sign(decimal, "decimal"), thousands: try thousands.map { try sign($0, "thousands") })
      guard numbers.decimal != numbers.thousands else {
        throw ScriptError(
          .value, "\(Display.quoted(decimal)) stands both before fractions and between thousands", argument: "thousands"
        )
      }
      let reading = TableReading(
        environment.files, texts: texts, columns: columns,
        form: CSVForm(
          separator: try separator.map { try sign($0, "separator") }, header: header.names,
          comment: try comment.map { try sign($0, "comment") },
          numberSigns: [numbers.decimal, numbers.thousands].compactMap(\.self)),
        missing: MissingWords(missing), numbers: numbers, encoding: encoding,
        keepsDamaged: damaged.map { $0 == .keep }, note: { environment.notice($0) })
      do {
        return .object(TableObject(try reading.table(path, fileColumn: file) { try context.poll() }))
      } catch var error as ScriptError {
        error.message = error.message.onOneLine
        throw error
      }
    }
  }

  /// A sign that stands in a CSV file between what is read.
  private static func sign(_ text: String, _ argument: String) throws(ScriptError) -> UInt8 {
    let bytes = argument == "thousands" ? CSVNumberForm.thousands(text).map { [$0] } ?? [] : Array(text.utf8)
    let isInNumbers = argument == "decimal" || argument == "thousands"
    let forbidden =
      isInNumbers
      ? Array("0123456789+-eE\"\n\r".utf8) + (argument == "decimal" ? [0x20] : []) : [0x22, 0x0A, 0x0D]
    guard bytes.count == 1, bytes[0] < 0x80, !forbidden.contains(bytes[0]) else {
      throw ScriptError(
        .value,
        isInNumbers
          ? "what stands \(argument == "decimal" ? "before fractions" : "between thousands") is one ASCII character that is in no whole number, found \(Display.quoted(text))"
          : "a \(argument) is one ASCII character that is no quote and no line end, found \(Display.quoted(text))",
        argument: argument)
    }
    return bytes[0]
  }
}

/// The path of a file, folder or pattern, or a list of some.
struct FilePaths: ScriptConvertible {
  let all: [String]
  /// Whether they stand in a list.
  private let isList: Bool

  static let scriptName = "path or list of paths"

  static func convert(_ value: Value) throws(Stopped) -> FilePaths? {
    if case .string(let path) = value { return FilePaths(all: [path], isList: false) }
    guard let paths = try [String].convert(value), !paths.isEmpty else { return nil }
    return FilePaths(all: paths, isList: true)
  }

  var scriptValue: Value { isList ? all.scriptValue : .string(all[0]) }

  /// The path that stands in no list.
  var single: String? { isList ? nil : all[0] }
}

/// Where the names of the columns of a CSV file come from.
private struct CSVHeader: ScriptConvertible {
  let names: CSVForm.Header

  static let scriptName = "bool or list of names"

  static func convert(_ value: Value) throws(Stopped) -> CSVHeader? {
    if case .bool(let hasOne) = value { return CSVHeader(names: hasOne ? .line : .none) }
    return try [String].convert(value).map { CSVHeader(names: .names($0)) }
  }

  var scriptValue: Value {
    switch names {
    case .line: true.scriptValue
    case .none: false.scriptValue
    case .names(let names): names.scriptValue
    }
  }
}
