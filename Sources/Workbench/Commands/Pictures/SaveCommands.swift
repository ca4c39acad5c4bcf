import Formats
import PixelBytes
import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Values to files and tensors back.
  static func saving(_ environment: Environment) -> [Command] {
    let files = environment.files
    let letters = LackingLetters()
    return [
      Command(
        "save", "Writes a value to a file or folder, whole or not at all; the ending of the path says how.",
        Parameter<Value>(
          "x",
          "an image, plot, table, model, tokenizer, data set, palette, tensor, map of tensors, output, list of images, or the `session`"
        ),
        Parameter<String>("path", "where to write; folders that are not there are made", completion: .path),
        Parameter<String?>("license", "of a model: what its model card says, such as \"mit\"", byName: true),
        Parameter<SavedColumns?>(
          "columns",
          "of a table: which ones, or \"published\" for a history as the published logs have it; of pictures how many, or their names",
          byName: true),
        Parameter<ArrangedPictures.Titles?>(
          "titles", "of pictures: what stands under them; true for their captions", byName: true),
        Parameter<PictureDivision?>("rows", "of pictures: how many rows, or their names", byName: true),
        Parameter<Int?>("scale", "of pictures: how many pixels wide each pixel is", byName: true),
        Parameter<Double?>(
          "fps", "of frames in a .gif or .apng: how many are shown in a second, 10 by default", byName: true),
        example: """
          save({w: eye(2)}, "w.safetensors")
          print load_tensors("w.safetensors").w.shape  # expect: [2, 2]
          """
      ) { context, value, path, license, columns, titles, rows, scale, fps in
        let ending = ending(of: path)
        let value = try called(value, context)
        if case .object(let session as SessionObject) = value, try session.export(to: path, ending: ending) {
          return .nil
        }
        var layout = ArrangedPictures.Layout(titles: titles, rows: rows, scale: scale, fps: fps)
        switch columns {
        case .count(let count)?: layout.columns = .number(count)
        case .names(let names)? where ArrangedPictures.isPicture(ending): layout.columns = .labels(names)
        default: break
        }
        if ArrangedPictures.isPicture(ending), let pictures = try ArrangedPictures(value, layout, ending: ending) {
          try files.write(path) { try pictures.write(to: $0, ending: ending) }
          if ending != "svg" { try letters.tell(of: pictures.texts, environment) }
          return .nil
        }
        if !layout.isEmpty {
          throw ScriptError(
            .value, "titles, rows, columns, scale and fps are about pictures in a .png, .jpg, .svg, .gif or .apng",
            argument: "path")
        }
        var savable: any Savable = try savable(value, ending: ending)
        if let license {
          guard let net = savable as? ModelObject else {
            throw ScriptError(
              .type, "only a model is saved with a license, found \(describe(value))", argument: "license")
          }
          net.model.license = try ModelCard.checked(license: license)
        }
        if let columns {
          guard let table = savable as? TableObject else {
            throw ScriptError(
              .type, "only of a table columns are chosen, found \(describe(value))", argument: "columns")
          }
          savable = try columns.of(table)
        }
        let isFile = try isFile(savable, value, path, ending)
        try files.write(path) { try savable.save(to: $0, ending: isFile ? ending : "") }
        if let table = (savable as? TableObject)?.table, let note = try TableFile(table).note(ending: ending) {
          environment.notice("\(path): \(note)")
        }
        if isFile, let data = (savable as? DataSetObject)?.data, let own = data.vocabulary, own != .pixelbytes {
          environment.notice(
            "\(path): tokens of a palette or vocabulary of their own are left out, as such a file does not tell what they stand for; a folder keeps them"
          )
        }
        if let plot = savable as? PlotObject, ending != "svg" { try letters.tell(of: plot.chart.texts, environment) }
        return .nil
      },
      Command(
        "load_tensors",
        "Reads the tensors of a safetensors, .npz or .npy file as a map from their names, in its order.",
        Parameter<String>("path", "the file; the array of a .npy is called tensor", completion: .path),
        Parameter<[String]?>("names", "the arrays that are read; nil for all", byName: true),
        example:
          "save({a: ones(3), b: ones(2)}, \"t.safetensors\")\nprint keys(load_tensors(\"t.safetensors\", names: [\"b\"]))  # expect: [\"b\"]"
      ) { context, path, names in
        let source = try NamedArrays(try files.existing(path))
        return .map(
          try source.tensors(names ?? source.names, isWhole: names == nil) { try context.reserve(bytes: 4, times: $0) })
      },
    ]
  }

  /// The value, or what `session` gives where the command stands by its name.
  private static func called(_ value: Value, _ context: CallContext) throws -> Value {
    guard case .function(let function) = value, function.commandName == SessionObject.scriptName else { return value }
    return try context.call(function)
  }

  /// The endings of files that some values are saved to, which are no names of folders.
  private static let knownEndings: Set = [
    "png", "jpg", "jpeg", "svg", "gif", "apng", "csv", "tsv", "json", "jsonl", "md", "tex", "parquet", "safetensors",
    "txt", "gpl",
    "hex",
  ]

  /// The endings of files that other programs keep models and arrays in, which are not written here.
  private static let foreignEndings: Set = [
    "pt", "pth", "ckpt", "bin", "onnx", "h5", "hdf5", "keras", "pb", "pkl", "pickle", "npy", "npz", "joblib", "tflite",
    "gz", "zst", "bz2", "xz", "zip", "arrow", "feather",
  ]

  /// Whether a value is saved to a file by the ending of its path, else to a folder; throws for an ending that fits neither.
  private static func isFile(
    _ savable: any Savable, _ value: Value, _ path: String, _ ending: String
  ) throws(ScriptError) -> Bool {
    let endings = type(of: savable).fileEndings
    if endings.contains(ending) { return true }
    let isFolder = type(of: savable).isFolder
    if isFolder, !knownEndings.contains(ending), !foreignEndings.contains(ending) { return false }
    let known = endings.filter { !$0.isEmpty }.map { "." + $0 }.joined(separator: ", ")
    let ways = [isFolder ? "as a folder" : nil, known.isEmpty ? nil : "with the ending \(known)"].compactMap(\.self)
    var help: String? = isFolder ? "a path without .\(ending)" : nil
    if savable is ModelObject { help = help.map { "\($0); PyTorch reads the .safetensors file in the folder" } }
    if savable is DataSetObject, TableObject.fileEndings.contains(ending) {
      help = "`table(rows)` makes a table, which a .\(ending) file takes; `drop` leaves out its pictures"
    }
    throw ScriptError(
      .value,
      "\(withArticle(value.typeName)) is saved \(ways.joined(separator: " or ")), found \(Display.quoted(path))",
      help: help, argument: "path")
  }

  /// What writes a value that is not saved as it is, to a file of an ending.
  private static func way(of value: Value, ending: String) -> String {
    if areAllPlots(value) { return "`plot([p, q])` makes one plot of several, side by side" }
    if case .list(let list) = value, list.count > 0, TableObject.fileEndings.contains(ending), isRow(list[0]) {
      return "`table(rows)` makes a table of a list of rows" + (ending == "json" ? ", `write_json` keeps it" : "")
    }
    switch ending {
    case "json": return "`write_json` writes lists, maps and other plain values"
    case "txt", "md", "tex": return "`write_text` writes texts"
    case _ where TableObject.fileEndings.contains(ending): return "`table` makes a table of lists and maps"
    default: return "`write_text` and `write_json` write plain values"
    }
  }

  private static func isRow(_ value: Value) -> Bool {
    switch value {
    case .map: true
    case .object(let object): object is RowObject
    default: false
    }
  }

  private static func areAllPlots(_ value: Value) -> Bool {
    guard case .list(let list) = value, list.count > 0 else { return false }
    return list.values.allSatisfy { if case .object(let object) = $0 { object is PlotObject } else { false } }
  }

  private static func savable(_ value: Value, ending: String) throws -> any Savable {
    switch value {
    case .object(let object):
      if let savable = object as? any Savable { return savable }
    case .map(let map):
      do { return try TensorFile(map) } catch var error as ScriptError {
        if !error.isFinal, !TensorFile.fileEndings.contains(ending) { error.help = way(of: value, ending: ending) }
        throw error
      }
    default: break
    }
    let what = areAllPlots(value) ? "a list of plots" : withArticle(value.typeName)
    throw ScriptError(.type, "\(what) can't be saved", help: way(of: value, ending: ending), argument: "x")
  }

  /// Which columns of a table are saved.
  private enum SavedColumns: ScriptConvertible {
    case published
    /// So many pictures side by side.
    case count(Int)
    case names([String])

    static let scriptName = "list of names, \"published\" or whole number"

    static func convert(_ value: Value) throws(Stopped) -> SavedColumns? {
      if case .string("published") = value { return .published }
      if let count = Int.convert(value) { return .count(count) }
      return try [String].convert(value).map { .names($0) }
    }

    var scriptValue: Value {
      switch self {
      case .published: .string("published")
      case .count(let count): .number(count)
      case .names(let names): .list(names.map { .string($0) })
      }
    }

    func of(_ table: TableObject) throws -> TableObject {
      switch self {
      case .published: return try table.asPublished()
      case .count: return table
      case .names(let names):
        return TableObject(try table.table.selecting(names, argument: "columns"))
      }
    }
  }

  /// What stands after the last point of the last part of a path, in lower case.
  private static func ending(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }
}
