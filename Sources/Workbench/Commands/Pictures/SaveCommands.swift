import Formats
import PixelBytes
import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Values to files and tensors back.
  static func saving(_ files: FileAccess) -> [Command] {
    [
      Command(
        "save", "Writes a value to a file or folder, whole or not at all; the ending of the path says how.",
        Parameter<Value>("x", "an image, plot, table, model, tokenizer, data set, tensor, or map of tensors"),
        Parameter<String>("path", "where to write", completion: .path),
        Parameter<String?>("license", "of a model: what its model card says, such as \"mit\"", byName: true),
        Parameter<SavedColumns?>(
          "columns", "of a table: which ones, or \"published\" for a history as the published logs have it",
          byName: true),
        example: """
          save({w: eye(2)}, "w.safetensors")
          print load_tensors("w.safetensors").w.shape  # expect: [2, 2]
          """
      ) { _, value, path, license, columns in
        var savable: any Savable = try savable(value)
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
        let endings = type(of: savable).fileEndings
        let ending = ending(of: path)
        guard endings.isEmpty || endings.contains(ending) else {
          let known = endings.map { "." + $0 }.joined(separator: ", ")
          throw ScriptError(
            .value, "\(withArticle(value.typeName)) is saved with the ending \(known), found \(Display.quoted(path))",
            argument: "path")
        }
        try files.write(path) { try savable.save(to: $0, ending: endings.isEmpty ? "" : ending) }
        return .nil
      },
      Command(
        "load_tensors", "Reads the tensors of a safetensors file as a map from their names, in the order of the file.",
        Parameter<String>("path", "the file", completion: .path),
        example: "save ones(3), \"t.safetensors\"\nprint keys(load_tensors(\"t.safetensors\"))  # expect: [\"tensor\"]"
      ) { context, path in
        let file = try SafetensorsFile(try files.existing(path))
        let map = ScriptMap()
        for entry in file.entries {
          try context.reserve(bytes: 4, times: entry.count)
          map[entry.name] = .object(TensorObject(try TensorFile.tensor(entry.name, of: file)))
        }
        return .map(map)
      },
    ]
  }

  private static func savable(_ value: Value) throws -> any Savable {
    switch value {
    case .object(let object):
      if let savable = object as? any Savable { return savable }
    case .map(let map): return try TensorFile(map)
    default: break
    }
    throw ScriptError(
      .type, "\(withArticle(value.typeName)) can't be saved", help: "write_text and write_json write plain values",
      argument: "x")
  }

  /// Which columns of a table are saved.
  private enum SavedColumns: ScriptConvertible {
    case published
    case names([String])

    static let scriptName = "list of names or \"published\""

    static func convert(_ value: Value) throws(Stopped) -> SavedColumns? {
      if case .string("published") = value { return .published }
      return try [String].convert(value).map { .names($0) }
    }

    var scriptValue: Value {
      switch self {
      case .published: .string("published")
      case .names(let names): .list(names.map { .string($0) })
      }
    }

    func of(_ table: TableObject) throws -> TableObject {
      switch self {
      case .published: return try table.asPublished()
      case .names(let names):
        let columns = try names.map { name in
          guard let values = table.column(name) else {
            throw ScriptError(
              .value, "the table has no column \(Display.quoted(name))",
              help: "its columns are \(table.columns.joined(separator: ", "))", argument: "columns")
          }
          return values
        }
        return TableObject(columns: names, rows: table.rows.indices.map { row in columns.map { $0[row] } })
      }
    }
  }

  /// What stands after the last point of the last part of a path, in lower case.
  private static func ending(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }
}
