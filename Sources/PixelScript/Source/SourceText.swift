/// A script's text with its name, and the way from byte offsets to lines and columns.
///
/// Bytes that are no UTF-8 are kept: the lexer reports them.
public final class SourceText: Sendable {
  /// A place as the user counts it: both from 1, the column in code points.
  public struct Position: Hashable, Sendable {
    /// The line number.
    public let line: Int
    /// The column, in code points.
    public let column: Int
  }

  /// What errors call this text, such as `train.pxb` or `[4]`.
  public let name: String
  /// What tells it from other texts: the same for one file, whatever path it was named by.
  public let identity: String
  /// The text in UTF-8, without a byte-order mark; a carriage return that no newline follows ends a line, and stands here as a newline.
  public let bytes: [UInt8]
  /// The places of those, which are no newlines in the text itself.
  private let returns: Set<Int>
  /// Whether a byte-order mark stands before it.
  private let hasMark: Bool
  /// The number of the first line, for a text cut from a longer file.
  public let firstLine: Int
  private let lineStarts: [UInt32]

  /// Creates a text from UTF-8 bytes; its identity is its name unless told otherwise.
  public init(name: String, bytes: [UInt8], identity: String? = nil, firstLine: Int = 1) {
    self.name = name
    self.identity = identity ?? name
    hasMark = bytes.starts(with: Self.mark)
    (self.bytes, returns) = Self.withNewlines(bytes)
    let bytes = self.bytes
    self.firstLine = firstLine
    // Counted first: growing would hold the old and the new ones at once.
    var starts: [UInt32] = [0]
    starts.reserveCapacity(bytes.count { $0 == UInt8(ascii: "\n") } + 1)
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(UInt32(index + 1)) }
    lineStarts = starts
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private static func withNewlines(_ bytes: [UInt8]) -> (bytes: [UInt8], returns: Set<Int>) {
    var bytes = bytes
    if bytes.starts(with: mark) { bytes.removeFirst(mark.count) }
    var returns: Set<Int> = []
    var start = 0
    while let place = bytes[start...].firstIndex(of: UInt8(ascii: "\r")) {
      start = place + 1
      if start < bytes.count, bytes[start] == UInt8(ascii: "\n") { continue }
      bytes[place] = UInt8(ascii: "\n")
      returns.insert(place)
    }
    return (bytes, returns)
  }

  /// Creates a text from a string.
  public convenience init(name: String, _ text: String, firstLine: Int = 1) {
    self.init(name: name, bytes: Array(text.utf8), firstLine: firstLine)
  }

  /// The number of lines; an empty text has one.
  public var lineCount: Int { lineStarts.count }

  /// The whole text as a span.
  public var span: Span { Span(0, bytes.count) }

  /// Returns the index, from 0, of the line that holds the byte at `offset`, in O(log lines).
  public func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// Returns the bytes of the line with this index, without its line end.
  public func lineSpan(_ index: Int) -> Span {
    let start = Int(lineStarts[index])
    var end = index + 1 < lineStarts.count ? Int(lineStarts[index + 1]) - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return Span(start, end)
  }

  /// Returns the line and column of the byte at `offset`; an offset past the end counts as the end.
  public func position(at offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    let index = lineIndex(at: offset)
    let continuation = { (byte: UInt8) in byte & 0xC0 == 0x80 }
    let column = bytes[Int(lineStarts[index])..<offset].reduce(1) { $0 + (continuation($1) ? 0 : 1) }
    return Position(line: firstLine + index, column: column)
  }

  /// Returns the text of lines by their index, whatever ends them divided by a newline.
  public func text(ofLines lines: Range<Int>) -> String {
    guard let first = lines.first, let last = lines.last else { return "" }
    let span = Span(Int(lineSpan(first).start), Int(lineSpan(last).end))
    guard bytes[span.range].contains(UInt8(ascii: "\r")) else { return text(span) }
    return lines.map { text(lineSpan($0)) }.joined(separator: "\n")
  }

  /// Returns the text of a span with the line ends that it was given with, and with the byte-order mark before the first one.
  public func written(_ span: Span) -> String {
    let start = hasMark && span.start == 0 ? String(decoding: Self.mark, as: UTF8.self) : ""
    if returns.isEmpty { return start + text(span) }
    let range = span.range.clamped(to: 0..<bytes.count)
    return start + String(decoding: range.map { returns.contains($0) ? UInt8(ascii: "\r") : bytes[$0] }, as: UTF8.self)
  }

  /// Returns the text of a span; bytes that are no UTF-8 become U+FFFD.
  public func text(_ span: Span) -> String {
    String(decoding: bytes[span.range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }
}
