/// The text of values: as `print` writes it and as the prompt echoes it.
public enum Display {
  /// The bytes after which no more elements are shown: lists that share their elements could have no end.
  public static let limit = 1 << 28

  /// The text of a number: whole ones without a point, others with as many digits as make them exact.
  public static func text(of number: Double) -> String {
    if number.rounded() == number, abs(number) < 1e16 { return String(Int(number)) }
    return number.description
  }

  /// The text that `print` writes; it ends early when the run must stop.
  ///
  /// Of a string all, of other values about as many bytes as `limit` says.
  public static func text(of value: Value, limit: Int = limit) -> String {
    if case .string(let text) = value { return text }
    return echo(of: value, limit: limit)
  }

  /// The text that the prompt echoes, with strings in quotes; it ends early when the run must stop.
  ///
  /// After about as many bytes as `limit` says stands `...`.
  public static func echo(of value: Value, limit: Int = limit) -> String {
    var writer = DisplayWriter(limit: limit)
    writer.write(value, inside: [])
    return writer.output
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
    var writer = DisplayWriter(limit: .max)
    writer.write(quoted: text)
    return writer.output
  }

  /// A text, or the start and the end of a long one, such as a message that holds a path of a script's making.
  package static func ends(of text: String) -> String {
    let (most, start, end) = (800, 500, 200)
    guard text.utf8.count > most else { return text }
    let scalars = text.unicodeScalars
    guard scalars.count > most else { return text }
    var short = String.UnicodeScalarView(scalars.prefix(start))
    short += " ... ".unicodeScalars
    short += scalars.suffix(end)
    return String(short)
  }

  /// The start of a text for an error: all of it when it is no longer than some characters, else with `...` behind it.
  package static func start(of text: String, _ count: Int = 60) -> String {
    if text.utf8.count <= count { return text }
    let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
    return start.utf8.count == text.utf8.count ? text : start + "..."
  }
}
