/// What the reader of a table of separated texts says about its form.
public struct CSVForm: Sendable {
  /// Where the names of the columns come from.
  public enum Header: Sendable {
    /// The first line.
    case line
    /// Nowhere: they are counted from 0.
    case none
    /// From elsewhere; the file has none.
    case names([String])
  }

  /// What parts the fields; nil for what the file shows.
  public var separator: UInt8?
  /// Where the names of the columns come from.
  public var header: Header
  /// What lines begin with that are left out; nil for none.
  public var comment: UInt8?
  /// Signs of its numbers, which part no fields where the header does not show it.
  public var numberSigns: [UInt8]

  /// Creates a form.
  public init(
    separator: UInt8? = nil, header: Header = .line, comment: UInt8? = nil, numberSigns: [UInt8] = []
  ) {
    (self.separator, self.header, self.comment, self.numberSigns) = (separator, header, comment, numberSigns)
  }

  /// Whether the first line has the names.
  var hasHeader: Bool { if case .line = header { true } else { false } }

  /// How many bytes come before the first record: empty lines, and those that are left out.
  func blanks(_ bytes: ArraySlice<UInt8>) -> Int {
    func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
    var place = bytes.startIndex
    while place < bytes.endIndex {
      if isLineEnd(bytes[place]) {
        place += 1
      } else if bytes[place] == comment {
        place = bytes[place...].firstIndex(where: isLineEnd) ?? bytes.endIndex
      } else {
        break
      }
    }
    return place - bytes.startIndex
  }
}
