import Safepoint

/// Writes JSON part by part; the caller gives names and values in their order and closes what it opened. Ends early when the work
/// must stop.
public struct JSONWriter {
  /// Where the parts stand.
  public enum Layout: Sendable {
    /// `{"a":[1,2]}`.
    case compact
    /// `{"a": [1, 2]}`.
    case spaced
    /// A value a line, two spaces deeper inside brackets, as in `"a" : 1`.
    case indented
  }

  /// What is written so far.
  public private(set) var bytes: [UInt8] = []
  private let layout: Layout
  /// For each open bracket whether something stands in it.
  private var isFilled: [Bool] = []
  private var followsName = false
  private var nextLook = piece

  /// The bytes that are written without a look.
  private static let piece = 1 << 15

  /// Starts to write.
  public init(_ layout: Layout = .compact) { self.layout = layout }

  /// What is written so far, as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Writes the name of the value that follows.
  public mutating func name(_ name: String) {
    begin()
    write(quoted: name)
    write(layout == .indented ? " : " : layout == .spaced ? ": " : ":")
    followsName = true
  }

  /// Writes null.
  public mutating func null() { write(value: "null") }

  /// Writes true or false.
  public mutating func bool(_ value: Bool) { write(value: value ? "true" : "false") }

  /// Writes a whole number.
  public mutating func integer(_ value: Int) { write(value: String(value)) }

  /// Writes a number as it stands in another text.
  mutating func literal(_ text: String) { write(value: text) }

  /// Writes a number with as many digits as make it exact, without a point those that are exact whatever stands behind them; one
  /// that is not finite as null, as JSON has no other word for it.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    write(value: value.rounded() == value && abs(value) <= 0x1p53 ? String(Int(value)) : value.description)
  }

  /// Writes a number that is not finite as Python's json does, beyond the standard: `NaN`, `Infinity`, `-Infinity`.
  public mutating func endless(_ value: Double) {
    write(value: value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
  }

  /// Writes a text; control characters are escaped.
  public mutating func string(_ value: String) {
    begin()
    write(quoted: value)
  }

  /// Opens an array.
  public mutating func startArray() { open("[") }

  /// Closes an array.
  public mutating func endArray() { close("]") }

  /// Opens an object.
  public mutating func startObject() { open("{") }

  /// Closes an object.
  public mutating func endObject() { close("}") }

  /// Ends a line.
  public mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

  private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func write(value: String) {
    begin()
    write(value)
  }

  /// Separates what follows from what stands before it.
  private mutating func begin() {
    guard !followsName else { return followsName = false }
    guard let last = isFilled.indices.last else { return }
    if isFilled[last] { write(layout == .spaced ? ", " : ",") }
    isFilled[last] = true
    startLine()
  }

  private mutating func startLine() {
    if layout == .indented { write("\n" + String(repeating: "  ", count: isFilled.count)) }
  }

  private mutating func open(_ bracket: String) {
    begin()
    write(bracket)
    isFilled.append(false)
  }

  private mutating func close(_ bracket: String) {
    if isFilled.removeLast() { startLine() }
    write(bracket)
  }

  private mutating func write(quoted text: String) {
    write("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): write("\\\"")
      case UInt8(ascii: "\\"): write("\\\\")
      case UInt8(ascii: "\n"): write("\\n")
      case UInt8(ascii: "\r"): write("\\r")
      case UInt8(ascii: "\t"): write("\\t")
      case ..<0x20, 0x7F: write("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
      if bytes.count >= nextLook {
        nextLook = bytes.count + Self.piece
        if Safepoint.mustStop { break }
      }
    }
    write("\"")
  }
}
