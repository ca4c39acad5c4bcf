/// The text of values: as `print` writes it and as the prompt echoes it.
public enum Display {
  /// The deepest nesting that is shown; below it, and for what contains itself, stands `...`.
  private static let depth = 32
  /// The bytes after which no more elements are shown: lists that share their elements could have no end.
  private static let limit = 1 << 28

  /// The text of a number: whole ones without a point, others with as many digits as make them exact.
  public static func text(of number: Double) -> String {
    if number.rounded() == number, abs(number) < 1e16 { return String(Int(number)) }
    return number.description
  }

  /// The text that `print` writes.
  public static func text(of value: Value) -> String {
    if case .string(let text) = value { return text }
    return echo(of: value)
  }

  /// The text that the prompt echoes, with strings in quotes.
  public static func echo(of value: Value) -> String {
    var output = ""
    write(value, to: &output, inside: [])
    return output
  }

  /// A number of bytes for people: `512 MB`.
  public static func bytes(_ count: Int) -> String {
    if count == .max { return "more than 8000000 TB" }
    var size = Double(count)
    for unit in ["bytes", "KB", "MB", "GB"] {
      if size < 1024 { return "\(text(of: (size * 10).rounded() / 10)) \(unit)" }
      size /= 1024
    }
    return "\(text(of: (size * 10).rounded() / 10)) TB"
  }

  /// A string in quotes, as a script would write it.
  public static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      default:
        if let escape = ControlCharacters.escape(scalar) {
          output += escape
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    return output + "\""
  }

  private static func write(_ value: Value, to output: inout String, inside path: [ObjectIdentifier]) {
    switch value {
    case .nil: output += "nil"
    case .bool(let truth): output += truth ? "true" : "false"
    case .number(let number): output += text(of: number)
    case .string(let text): output += quoted(text)
    case .list(let list): write(list, to: &output, inside: path)
    case .map(let map): write(map, to: &output, inside: path)
    case .range(let range): write(range, to: &output)
    case .function(let function):
      output += "<\(function.commandName == nil ? "function" : "command") \(function.name ?? "fn")>"
    case .object(let object): output += object.displayText
    }
  }

  private static func write(_ range: ScriptRange, to output: inout String) {
    output += "range(\(text(of: range.start)), \(text(of: range.stop))"
    output += range.step == 1 ? ")" : ", \(text(of: range.step)))"
  }

  private static func write(_ list: ScriptList, to output: inout String, inside path: [ObjectIdentifier]) {
    guard path.count < depth, !path.contains(ObjectIdentifier(list)) else { return output += "[...]" }
    let path = path + [ObjectIdentifier(list)]
    output += "["
    for position in 0..<list.count {
      if position > 0 { output += ", " }
      guard output.utf8.count < limit else {
        output += "..."
        break
      }
      write(list[position], to: &output, inside: path)
    }
    output += "]"
  }

  private static func write(_ map: ScriptMap, to output: inout String, inside path: [ObjectIdentifier]) {
    guard path.count < depth, !path.contains(ObjectIdentifier(map)) else { return output += "{...}" }
    let path = path + [ObjectIdentifier(map)]
    output += "{"
    for (position, entry) in map.entries.enumerated() {
      if position > 0 { output += ", " }
      guard output.utf8.count < limit else {
        output += "..."
        break
      }
      if case .string(let key) = entry.key, isName(key) { output += key } else { output += echo(of: entry.key) }
      output += ": "
      write(entry.value, to: &output, inside: path)
    }
    output += "}"
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
    return text.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0) }
  }
}
