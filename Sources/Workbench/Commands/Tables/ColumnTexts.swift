import PixelScript

extension Command {
  /// The commands on strings, for each text of a column.
  static var columnTexts: [Command] {
    let changes: [(name: String, summary: String, call: String, result: String)] = [
      ("upper", "Writes each text of a column in capital letters.", ")", "[\"A B\", nil]"),
      ("lower", "Writes each text of a column in small letters.", ")", "[\"a b\", nil]"),
      (
        "strip", "Takes white space, or some characters, off both ends of each text of a column.", ", \"B\")",
        "[\"a \", nil]"
      ),
      ("replace", "Replaces a part of each text of a column.", ", \"a\", \"c\")", "[\"c B\", nil]"),
      ("split", "Divides each text of a column into a list of parts.", ")", "[[\"a\", \"B\"], nil]"),
      (
        "match", "Tells where a pattern first fits each text of a column, nil where it does not.",
        ", \"[A-Z]\") != nil", "[true, false]"
      ),
      ("find_all", "Gives all that a pattern fits in each text of a column.", ", \"[a-z]\")", "[[\"a\"], nil]"),
    ]
    let tests: [(name: String, summary: String, call: String, result: String)] = [
      ("starts_with", "Tells of each text of a column whether it starts with another.", ", \"a\")", "[true, nil]"),
      ("ends_with", "Tells of each text of a column whether it ends with another.", ", \"a\")", "[false, nil]"),
    ]
    return changes.map { onTexts($0.name, $0.summary, "\($0.call)  # expect: \($0.result)") { nil } }
      + tests.map { onTexts($0.name, $0.summary, "\($0.call)  # expect: \($0.result)") { .bool(false) } } + [
        Command(
          "contains",
          "Tells of each text of a column whether another is a part of it; of other values whether one is there.",
          Parameter<ColumnObject>("values", "the column"), Parameter<Value>("value", "what to look for"),
          example: "print contains(table({a: [\"lstm\", \"mamba\", nil]}).a, \"am\")  # expect: [false, true, nil]"
        ) { context, column, value in
          // An empty list of texts has no type of its own.
          guard column.column.isTexts || column.column.isEmpty else {
            return try column.binary(.contains, value, reflected: true) ?? .nil
          }
          return try eachText(of: column, "contains", [value], [], context) { .bool(false) }
        },
        Command(
          "num", "Reads the number that each text of a column spells.", Parameter<ColumnObject>("value", "the column"),
          Parameter<Substitute>(
            "otherwise", "what there is in place of an error where a text spells none, such as `nil`"),
          example: """
            print num(table({a: ["1.5", nil]}).a)  # expect: [1.5, nil]
            print num(table({a: ["1.5", "n/a"]}).a, nil)  # expect: [1.5, nil]
            """
        ) { context, column, otherwise in
          if let numbers = column.column.asNumbers { return .object(ColumnObject(.numbers(numbers))) }
          return try eachText(of: column, "num", otherwise.value.map { [$0] } ?? [], [], context) { .number(0) }
        },
        Command(
          "parse_date", "Returns the seconds since the start of 1970 of each date of a column.",
          Parameter<ColumnObject>("column", "dates of ISO 8601, perhaps with times"),
          Parameter<String?>("form", "another form of the dates, in the letters of `strptime`"),
          example: """
            t = table({day: ["2026-01-01", nil, "2026-02-01"]})
            print((parse_date(t.day) - parse_date("2026-01-01")) / 86400)  # expect: [0, nil, 31]
            print format_date(parse_date(table({d: ["15/3/2024"]}).d, "%d/%m/%Y"), "%F")  # expect: ["2024-03-15"]
            """
        ) { context, column, form in
          try eachText(of: column, "parse_date", form.map { [.string($0)] } ?? [], [], context) { .number(0) }
        },
        Command(
          "format_date", "Writes each date of a column in another form, such as its year or its weekday.",
          Parameter<ColumnObject>("column", "dates of ISO 8601, or seconds since the start of 1970"),
          Parameter<String>(
            "form", "what to write, in the letters of `strftime`", default: "%Y-%m-%dT%H:%M:%SZ"),
          example: """
            t = table({day: ["2026-01-31", nil]})
            print format_date(t.day, "%A"), num(format_date(t.day, "%m"))  # expect: ["Saturday", nil] [1, nil]
            """
        ) { context, column, form in
          guard case .numbers(let seconds) = column.column, !column.column.isEmpty else {
            return try eachText(of: column, "format_date", [.string(form)], [], context) { .string("") }
          }
          let keys = try RowKeys([column.column], rows: seconds.count)
          guard let command = context.command("format_date") else { return .nil }
          let texts = try Column(count: keys.count) { code in
            try context.poll()
            let value = column.column[keys.firsts[code]]
            return value.isNil ? .nil : try context.call(command, [value, .string(form)], named: [])
          }
          return .object(ColumnObject(try texts.picking(try keys.places)))
        },
      ]
  }

  private static func onTexts(
    _ name: String, _ summary: String, _ example: String, kind: @escaping () -> Value?
  ) -> Command {
    Command(
      name, summary, Parameter<ColumnObject>("column", "a column of texts"),
      Parameter<Variadic<Value>>("rest", "what the command takes behind a string"),
      Parameter<NamedArguments>("named", "what it takes by name"),
      example: "print \(name)(table({a: [\"a B\", nil]}).a\(example)"
    ) { context, column, rest, named in
      try eachText(of: column, name, rest.elements, named.entries, context, kind: kind)
    }
  }

  /// What a command on strings makes of each text of a column; where all are missing, missing values of the `kind` of one.
  private static func eachText(
    of column: ColumnObject, _ name: String, _ rest: [Value], _ named: [(name: String, value: Value)],
    _ context: CallContext, kind: () -> Value?
  ) throws -> Value {
    guard case .texts(let texts) = column.column, !column.column.isEmpty else {
      guard column.column.isEmpty else {
        throw ScriptError(
          .type, "`\(name)` expects a column of texts, found one of \(column.column.contents)", argument: "column")
      }
      guard let kind = kind() else { return .object(column) }
      let one = try Column(repeating: kind, count: 1)
      return .object(ColumnObject(try one.picking(try Pieces.map(column.column.count) { _ in -1 })))
    }
    guard let command = context.command(name) else { return .nil }
    // Each different text once, however often it stands.
    let keys = try RowKeys([column.column], rows: texts.count)
    let results = try Column(count: keys.count) { code in
      try context.poll()
      return try texts[keys.firsts[code]].map {
        try context.call(command, [.string($0)] + rest, named: named)
      } ?? .nil
    }
    return .object(ColumnObject(try results.picking(try keys.places)))
  }
}

/// A value that may be left out, where `nil` is one like any other.
private struct Substitute: ScriptConvertible {
  static var scriptName: String { Value.scriptName }
  static var absent: Self? { Self(value: nil) }
  static func convert(_ value: Value) -> Self? { Self(value: value) }
  let value: Value?
  var scriptValue: Value { value ?? .nil }
}

extension Column {
  fileprivate var isTexts: Bool { if case .texts = self { true } else { false } }
}
