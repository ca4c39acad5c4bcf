extension Builtins {
  /// Characters and their numbers in Unicode.
  static var codes: [Command] {
    [
      Command(
        "ord", "Returns the number of a character in Unicode.", Parameter<StringBox>("text", "one character"),
        example: """
          print ord("a"), ord("é")  # expect: 97 233
          """
      ) { context, text in
        guard let code = text.onlyCode else {
          throw ScriptError(
            .value, "`ord` expects one character, found \(try text.count(context.machine))",
            help: "the numbers of all are `[ord(c) for c in text]`", argument: "text")
        }
        return Double(code)
      },
      Command(
        "chr", "Returns the character with a number in Unicode.", Parameter<Int>("code", "the number"),
        example: """
          print chr(97), chr(233)  # expect: a é
          """
      ) { context, code -> Slot in
        if (0..<128).contains(code) { return context.machine.letter(code) }
        guard let scalar = UInt32(exactly: code).flatMap({ Unicode.Scalar($0) }) else {
          throw ScriptError(
            .value, "`chr` expects a number of Unicode, from 0 to 1114111 without 55296 to 57343, found \(code)",
            argument: "code")
        }
        return try context.machine.letter(of: scalar)
      },
    ]
  }

  /// Dates as texts and as seconds since the start of 1970.
  static var dates: [Command] {
    [
      Command(
        "parse_date",
        "Returns the seconds since the start of 1970 of a date such as `2026-01-02` or `2026-01-02T03:04:05+01:00`.",
        Parameter<String>("text", "a date of ISO 8601, perhaps with a time; without a zone it is that of UTC"),
        Parameter<String?>("form", "another form of the date, in the letters of `strptime`"),
        example: """
          print parse_date("1970-01-02"), parse_date("2026-01-02 12:30") - parse_date("2026-01-02")  # expect: 86400 45000
          print format_date(parse_date("15/3/2024", "%d/%m/%Y"), "%F")  # expect: 2024-03-15
          """
      ) { _, text, form -> Double in
        guard let form else { return try seconds(of: text, "parse_date") }
        if let seconds = try CalendarTime.seconds(of: text, form: form) { return seconds }
        throw ScriptError(
          .value,
          "`parse_date` expects a date in the form \(Display.quoted(Display.start(of: form))), found \(Display.quoted(Display.start(of: text)))",
          argument: "text")
      },
      Command(
        "format_date", "Returns the date and time of so many seconds since the start of 1970, in UTC.",
        Parameter<Double>("seconds", "such as `now()` and `parse_date` give"), form,
        example: """
          print format_date(86400), format_date(parse_date("2026-01-02"), "%a %d %b %Y")
          # expect: 1970-01-02T00:00:00Z Fri 02 Jan 2026
          """
      ) { context, seconds, form -> String in try date(seconds, form, context) },
      Command(
        "format_date", "Returns a date such as `2026-01-02` in another form, in UTC.",
        Parameter<String>("text", "a date of ISO 8601, perhaps with a time"), form,
        example:
          "print format_date(\"2026-01-02\", \"%A\"), num(format_date(\"2026-01-02\", \"%Y\"))  # expect: Friday 2026"
      ) { context, text, form -> String in try date(seconds(of: text, "format_date"), form, context) },
    ]
  }

  private static var form: Parameter<String> {
    Parameter("form", "what to write, in the letters of `strftime`", default: "%Y-%m-%dT%H:%M:%SZ")
  }

  private static func date(_ seconds: Double, _ form: String, _ context: CallContext) throws -> String {
    guard let time = CalendarTime(seconds) else {
      throw ScriptError(
        .value, "`format_date` writes the years 1 to 9999, found \(Display.text(of: seconds)) seconds",
        argument: "seconds")
    }
    return try context.charged(time.text(form))
  }

  private static func seconds(of text: String, _ command: String) throws(ScriptError) -> Double {
    if let seconds = CalendarTime.seconds(ofISO: text) { return seconds }
    throw ScriptError(
      .value, "`\(command)` expects a date, found \(Display.quoted(Display.start(of: text)))",
      help: "such as \"2026-01-02\", \"2026-01-02 03:04\" or \"2026-01-02T03:04:05.5Z\"", argument: "text")
  }
}
