import Formats
import Safepoint

/// The texts and pictures that a sequence of tokens stands for, in order.
public struct Decoding: Equatable, Sendable {
  /// One run of tokens.
  public enum Part: Equatable, Sendable {
    /// A text without the newline that ends it.
    case text(String)
    /// The text before a picture that states its number of patches, as "(272, 3)".
    case shape(String)
    /// A picture.
    case image(IndexedImage)
    /// Values of sound or control, in the order of their tokens.
    case values([Double])
  }

  /// The parts in order, each with the positions of its tokens, the separator that ends it included.
  public let parts: [(part: Part, range: Range<Int>)]

  /// The texts that are no shape, one a line.
  public var text: String {
    parts.compactMap { part, _ in if case .text(let text) = part { text } else { nil } }.joined(separator: "\n")
  }

  /// The pictures.
  public var images: [IndexedImage] {
    parts.compactMap { part, _ in if case .image(let image) = part { image } else { nil } }
  }

  /// The values of sound or control, of all parts.
  public var values: [Double] {
    parts.flatMap { part, _ in if case .values(let values) = part { values } else { [Double]() } }
  }

  /// Whether two decodings have the same parts at the same positions.
  public static func == (a: Decoding, b: Decoding) -> Bool {
    a.parts.count == b.parts.count && zip(a.parts, b.parts).allSatisfy { $0 == $1 }
  }
}

extension Tokenizer {
  /// Returns the texts and pictures in a sequence of tokens.
  ///
  /// A text runs to its newline or to the first pixel; a picture runs from its first pixel to its newline or to the
  /// first byte that is no separator. Rows keep their places: the width is the most common row length (the first one on
  /// ties), a longer row is cut, a shorter one filled up with the most common color of the picture. Values run to their
  /// newline, or to the first byte or color; tabs among them and padding anywhere are passed over.
  /// Where the work must stop, only a part is decoded.
  public func decode(_ ids: [UInt8]) -> Decoding {
    var decoder = Decoder(vocabulary: vocabulary)
    for (place, id) in ids.enumerated() {
      if Safepoint.mustStop(after: 8) { break }
      decoder.take(id, at: place)
    }
    return decoder.finish(at: ids.count)
  }
}

private struct Decoder {
  let vocabulary: Vocabulary
  var parts: [(part: Decoding.Part, range: Range<Int>)] = []
  var text: [UInt8] = []
  var rows: [[UInt8]] = []
  var values: [Double] = []
  var start = 0

  init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  mutating func take(_ id: UInt8, at place: Int) {
    if let value = vocabulary.value(of: id) {
      if values.isEmpty {
        endImage(at: place)
        endText(at: place)
      }
      values.append(value)
    } else if let color = vocabulary.color(of: id) {
      if rows.isEmpty {
        endValues(at: place)
        endText(at: place)
        rows = [[]]
      }
      rows[rows.count - 1].append(color)
    } else if id == Vocabulary.newline, !values.isEmpty {
      endValues(at: place + 1)
    } else if id == Vocabulary.newline {
      rows.isEmpty ? endText(at: place + 1, newline: true) : endImage(at: place + 1)
    } else if id == Vocabulary.tab, !rows.isEmpty {
      rows.append([])
    } else if id == Vocabulary.tab, !values.isEmpty {
      // The end of one channel's samples.
    } else if let byte = vocabulary.byte(of: id), byte != 0 {
      endValues(at: place)
      endImage(at: place)
      text.append(byte)
    }
  }

  mutating func finish(at end: Int) -> Decoding {
    endValues(at: end)
    endImage(at: end)
    endText(at: end)
    return Decoding(parts: parts)
  }

  private mutating func endText(at end: Int, newline: Bool = false) {
    guard newline || !text.isEmpty else { return }
    parts.append((.text(String(decoding: text, as: UTF8.self)), start..<end))
    text = []
    start = end
  }

  private mutating func endValues(at end: Int) {
    guard !values.isEmpty else { return }
    parts.append((.values(values), start..<end))
    values = []
    start = end
  }

  private mutating func endImage(at end: Int) {
    let filled = rows.filter { !$0.isEmpty }
    rows = []
    guard !filled.isEmpty else { return }
    if case .text(let text)? = parts.last?.part, Tokenizer.statedPatches(text) != nil {
      parts[parts.count - 1].part = .shape(text)
    }
    let width = mostCommon(filled.map(\.count))
    let color = mostCommon(filled.joined())
    let indices = filled.flatMap { $0.prefix(width) + [UInt8](repeating: color, count: max(0, width - $0.count)) }
    let image = IndexedImage(width: width, height: filled.count, indices: indices, palette: vocabulary.palette)
    parts.append((.image(image), start..<end))
    start = end
  }
}

/// The value that occurs most often, the first one on ties; the values must not be empty.
func mostCommon<T: Hashable>(_ values: some Sequence<T>) -> T {
  var counts: [T: Int] = [:]
  var order: [T] = []
  for value in values {
    if counts[value, default: 0] == 0 { order.append(value) }
    counts[value, default: 0] += 1
  }
  let most = counts.values.max() ?? 0
  guard let winner = order.first(where: { counts[$0] == most }) else {
    preconditionFailure("the most common of no values")
  }
  return winner
}
