import Formats
import PixelScript

extension Command {
  /// The commands on strings, for each text of a column.
  static var columnTexts: [Command] {
    let commands: [(name: String, summary: String, call: String, result: String)] = [
      ("upper", "Writes each text of a column in capital letters.", "", "[\"A B\", nil]"),
      ("lower", "Writes each text of a column in small letters.", "", "[\"a b\", nil]"),
      (
        "strip", "Takes white space, or some characters, off both ends of each text of a column.", ", \"B\"",
        "[\"a \", nil]"
      ),
      ("replace", "Replaces a part of each text of a column.", ", \"a\", \"c\"", "[\"c B\", nil]"),
      ("split", "Divides each text of a column into a list of parts.", "", "[[\"a\", \"B\"], nil]"),
      ("starts_with", "Tells of each text of a column whether it starts with another.", ", \"a\"", "[true, nil]"),
      ("ends_with", "Tells of each text of a column whether it ends with another.", ", \"a\"", "[false, nil]"),
    ]
    return commands.map { name, summary, call, result in
      Command(
        name, summary, Parameter<ColumnObject>("column", "a column of texts"),
        Parameter<Variadic<Value>>("rest", "what the command takes behind a string"),
        Parameter<NamedArguments>("named", "what it takes by name"),
        example: "print \(name)(table({a: [\"a B\", nil]}).a\(call))  # expect: \(result)"
      ) { context, column, rest, named in
        guard case .texts(let texts) = column.column else {
          if column.column.isEmpty { return .object(column) }
          throw ScriptError(
            .type, "`\(name)` expects a column of texts, found one of \(column.column.contents)", argument: "column")
        }
        guard let command = context.command(name) else { return .nil }
        // Each different text once, however often it stands.
        let keys = try RowKeys([column.column], rows: texts.count)
        let results = try Column(count: keys.count) { code in
          try context.poll()
          return try texts[keys.firsts[code]].map {
            try context.call(command, [.string($0)] + rest.elements, named: named.entries)
          } ?? .nil
        }
        return .object(ColumnObject(try results.picking(try Pieces.map(texts.count) { Int(keys.codes[$0]) })))
      }
    }
  }
}
