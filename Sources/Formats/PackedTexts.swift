/// Texts in one piece of memory, so that millions of them take little and go at once; nil stands for a text that is not there.
public struct PackedTexts: Sendable, Equatable {
  /// The UTF-8 of all texts, one after the other.
  public private(set) var bytes: [UInt8] = []
  /// Where each text ends, complemented for one that is not there.
  private var ends: [Int] = []

  /// Creates a column without texts, with room for some.
  public init(capacity: Int = 0) { ends.reserveCapacity(capacity) }

  /// The number of texts.
  public var count: Int { ends.count }

  /// Adds a text.
  public mutating func append(_ text: String?) {
    bytes.append(contentsOf: (text ?? "").utf8)
    ends.append(text == nil ? ~bytes.count : bytes.count)
  }

  /// Adds a text of UTF-8.
  public mutating func append(utf8 text: ArraySlice<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  /// Adds all texts of another column.
  public mutating func append(contentsOf other: PackedTexts) {
    let start = bytes.count
    bytes.append(contentsOf: other.bytes)
    ends.append(contentsOf: other.ends.lazy.map { $0 < 0 ? ~(~$0 + start) : $0 + start })
  }

  /// Whether the text at a place is not there.
  public func isMissing(at place: Int) -> Bool { ends[place] < 0 }

  /// Where the bytes of a text are; an empty range for one that is not there.
  public func range(at place: Int) -> Range<Int> {
    (place == 0 ? 0 : end(of: place - 1))..<end(of: place)
  }

  /// The text at a place.
  public subscript(place: Int) -> String? {
    ends[place] < 0 ? nil : String(decoding: bytes[range(at: place)], as: UTF8.self)
  }

  /// Adds the texts at some places of another column, -1 for one that is not there.
  public mutating func append(picking places: ArraySlice<Int>, of other: PackedTexts) {
    let source = other.bytes
    for place in places {
      guard place >= 0, other.ends[place] >= 0 else {
        ends.append(~bytes.count)
        continue
      }
      let range = other.range(at: place)
      // Short texts go faster byte by byte.
      if range.count > 32 {
        bytes.append(contentsOf: source[range])
      } else {
        for byte in range { bytes.append(source[byte]) }
      }
      ends.append(bytes.count)
    }
  }

  private func end(of place: Int) -> Int { ends[place] < 0 ? ~ends[place] : ends[place] }
}
