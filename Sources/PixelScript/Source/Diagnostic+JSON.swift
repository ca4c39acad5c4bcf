extension Diagnostic {
  /// The diagnostic as a JSON object on one line, for editors and other programs.
  ///
  /// Lines and columns count from 1, columns in code points, ends are exclusive. What is not known is left out.
  public var json: String {
    var fields = [("kind", quoted(kind.rawValue)), ("message", quoted(message))]
    if let location { fields += place(location) }
    if let label { fields.append(("label", quoted(label))) }
    if let location, !labels.isEmpty {
      let texts = labels.map { object([("text", quoted($0.text))] + place(Location(location.source, $0.span))) }
      fields.append(("labels", array(texts)))
    }
    if !help.isEmpty { fields.append(("help", array(help.map(quoted)))) }
    if !notes.isEmpty { fields.append(("notes", array(notes.map(quoted)))) }
    if !stack.isEmpty {
      let frames = stack.map { frame in
        object((frame.function.map { [("function", quoted($0))] } ?? []) + place(frame.location))
      }
      fields.append(("stack", array(frames)))
    }
    return object(fields)
  }

  private func place(_ location: Location) -> [(String, String)] {
    let start = location.source.position(at: Int(location.span.start))
    let end = location.source.position(at: Int(location.span.end))
    return [
      ("file", quoted(location.source.name)), ("line", "\(start.line)"), ("column", "\(start.column)"),
      ("endLine", "\(end.line)"), ("endColumn", "\(end.column)"),
    ]
  }

  private func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(quoted($0)):\($1)" }.joined(separator: ",") + "}"
  }

  private func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in Diagnostic.shown(text).unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 32:
        let code = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
