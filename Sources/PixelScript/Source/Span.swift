/// A half-open range of UTF-8 bytes in one source text.
public struct Span: Hashable, Sendable {
  /// The offset of the first byte.
  public let start: UInt32
  /// The offset after the last byte.
  public let end: UInt32

  /// Creates the span from `start` up to `end`, in bytes.
  public init(_ start: Int, _ end: Int) {
    self.start = UInt32(clamping: start)
    self.end = UInt32(clamping: max(start, end))
  }

  /// The number of bytes covered.
  public var length: Int { Int(end - start) }

  /// The bytes covered, as indices of `SourceText.bytes`.
  public var range: Range<Int> { Int(start)..<Int(end) }

  /// Returns the smallest span that covers both.
  public func joined(with other: Span) -> Span {
    Span(Int(min(start, other.start)), Int(max(end, other.end)))
  }
}

/// A span together with the text it lies in.
public struct Location: Hashable, Sendable {
  /// The text the span counts bytes of.
  public let source: SourceText
  /// The bytes meant.
  public let span: Span

  /// Creates the location of `span` in `source`.
  public init(_ source: SourceText, _ span: Span) {
    self.source = source
    self.span = span
  }

  /// The number of the line the span starts on, as the user counts it.
  public var line: Int { source.firstLine + source.lineIndex(at: Int(span.start)) }

  /// Returns true when both are the same bytes of the same object.
  public static func == (left: Location, right: Location) -> Bool {
    left.source === right.source && left.span == right.span
  }

  /// Feeds the identity of the text and the span to `hasher`.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(source))
    hasher.combine(span)
  }
}
