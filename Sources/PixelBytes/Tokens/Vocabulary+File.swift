import Formats

extension Vocabulary {
  /// Reads the JSON file at `path`: a list with one object a token, `{"bytes": "0a"}`, `{"rgb": [0, 88, 0]}` or `{"f64": 1}`.
  ///
  /// Throws a `FormatError` that names the token that is wrong.
  public init(contentsOf path: String) throws(FormatError) {
    try self.init(decoding: try readFile(path, limit: 1 << 20, expected: "a list of tokens"), file: path)
  }

  /// Reads the bytes of a JSON vocabulary; `file` is the name that errors give it.
  public init(decoding bytes: [UInt8], file: String = "vocabulary") throws(FormatError) {
    let entries: JSON
    do { entries = try JSON(bytes) } catch {
      throw FormatError(.malformed, in: file, "is not a JSON list of tokens: line \(error.line): \(error.reason)")
    }
    guard let entries = entries.elements else {
      throw FormatError(.malformed, in: file, "is not a JSON list of tokens")
    }
    var (text, colors, values): ([UInt8], [Color], [Double]) = ([], [], [])
    for (id, entry) in entries.enumerated() {
      switch Self.token(entry) {
      case .byte(let byte) where colors.isEmpty && values.isEmpty: text.append(byte)
      case .color(let color) where values.isEmpty: colors.append(color)
      case .value(let value): values.append(value)
      case nil: throw FormatError(.malformed, in: file, "token \(id) is neither one byte nor three samples nor a value")
      default: throw FormatError(.malformed, in: file, "token \(id) is out of order: bytes, then colors, then values")
      }
    }
    do { try self.init(bytes: text, palette: try Palette(colors), values: values) } catch {
      throw FormatError(.malformed, in: file, error.message)
    }
  }

  /// Returns the JSON text of the vocabulary, one token a line; the same for the same tokens.
  public func encoded() -> String {
    "[\n" + tokens.map(Self.line).joined(separator: ",\n") + "\n]\n"
  }

  /// Writes the JSON file, whole or not at all.
  public func write(to path: String) throws(FormatError) { try AtomicFile.write(encoded(), to: path) }

  private static func line(_ token: Token) -> String {
    switch token {
    case .byte(let byte): "  {\"bytes\": \"\(byte < 16 ? "0" : "")\(String(byte, radix: 16))\"}"
    case .color(let color): "  {\"rgb\": [\(color.red), \(color.green), \(color.blue)]}"
    case .value(let value): "  {\"value\": \"\(value)\", \"f64\": \(value)}"
    }
  }

  private static func token(_ entry: JSON) -> Token? {
    let parts = ["bytes", "rgb", "f64"].map { entry[$0] ?? .null }
    switch (parts[0], parts[1], parts[2]) {
    case (.string(let hex), .null, .null):
      return hex.utf8.count == 2 && hex.utf8.first != UInt8(ascii: "+") ? UInt8(hex, radix: 16).map { .byte($0) } : nil
    case (.null, let rgb, .null):
      let samples = [Int](rgb)?.compactMap { UInt8(exactly: $0) } ?? []
      return samples.count == 3 && rgb.elements?.count == 3 ? .color(Color(samples[0], samples[1], samples[2])) : nil
    case (.null, .null, let value): return value.number.map { .value($0) }
    default: return nil
    }
  }
}
