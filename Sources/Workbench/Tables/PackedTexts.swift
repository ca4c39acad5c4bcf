import PixelScript
import Safepoint

/// The texts of a column: the different ones in one piece of memory and, for each row, which one it has, so that millions of rows of few texts
/// take little, and are compared, ordered and picked as whole numbers. Where most rows differ, each has an entry of its own; nil stands for a
/// text that is not there.
public struct PackedTexts: Sendable {
  /// The UTF-8 of all entries, one after the other.
  private(set) var bytes: [UInt8] = []
  /// Where each entry ends.
  private var ends: [Int] = []
  /// The entry of each row, -1 for a text that is not there.
  private(set) var codes: [Int32] = []
  /// Whether no two entries are the same.
  private(set) var areDistinct = true
  /// Entries by the lower half of their hash, which is kept above them; full ones are never more than half of them.
  private var slots: [UInt64] = []

  private static let free = UInt64.max
  private static let upper = UInt64.max << 32
  /// The entries among which each is looked for, however many rows there are.
  private static let fewEntries = 1 << 14

  /// Creates a column without texts, with room for some.
  public init(capacity: Int = 0) { codes.reserveCapacity(capacity) }

  /// The same text so many times.
  init(repeating text: String, count: Int) {
    append(text)
    codes = Array(repeating: 0, count: count)
  }

  /// The number of rows.
  public var count: Int { codes.count }

  /// The number of entries, some of which may be those of no row.
  var entryCount: Int { ends.count }

  /// About the bytes that it takes.
  var cost: Int { 4 * codes.count + bytes.count + 8 * ends.count + 8 * slots.count }

  /// Adds a text.
  public mutating func append(_ text: String?) {
    guard let text else { return codes.append(-1) }
    let utf8 = Array(text.utf8)
    append(utf8, 0..<utf8.count)
  }

  /// Adds a text whose UTF-8 is a part of some bytes.
  mutating func append(_ source: [UInt8], _ range: Range<Int>) { codes.append(entry(source, range)) }

  /// Adds all texts of another column.
  public mutating func append(contentsOf other: PackedTexts) throws {
    var entries = [Int32](repeating: -1, count: other.entryCount)
    // An array that is asked for room grows to no more than that, so that many short columns would copy it each time.
    if other.count > count { codes.reserveCapacity(count + other.count) }
    try Pieces.forEach(other.count) { piece in
      for row in piece {
        let code = Int(other.codes[row])
        if code < 0 {
          codes.append(-1)
          continue
        }
        if entries[code] < 0 { entries[code] = entry(other.bytes, other.range(ofEntry: code)) }
        codes.append(entries[code])
      }
    }
  }

  /// Whether the text at a place is not there.
  public func isMissing(at place: Int) -> Bool { codes[place] < 0 }

  /// Where the bytes of an entry are.
  func range(ofEntry entry: Int) -> Range<Int> { (entry == 0 ? 0 : ends[entry - 1])..<ends[entry] }

  /// Where the bytes of a text are; an empty range for one that is not there.
  func range(at place: Int) -> Range<Int> { codes[place] < 0 ? 0..<0 : range(ofEntry: Int(codes[place])) }

  /// The text of an entry.
  func text(ofEntry entry: Int) -> String { String(decoding: bytes[range(ofEntry: entry)], as: UTF8.self) }

  /// The text at a place.
  public subscript(place: Int) -> String? { codes[place] < 0 ? nil : text(ofEntry: Int(codes[place])) }

  /// The texts at some places, -1 for one that is not there.
  public func picking(_ places: [Int]) throws -> PackedTexts {
    var picked = PackedTexts()
    let codes = codes
    // A few rows do not keep the texts of all in memory.
    if 4 * places.count < entryCount {
      try Pieces.forEach(places.count) { piece in
        for place in places[piece] {
          if place < 0 || codes[place] < 0 { picked.append(nil) } else { picked.append(bytes, range(at: place)) }
        }
      }
      return picked
    }
    picked = self
    picked.codes = try Pieces.filled(places.count) { places[$0] < 0 ? -1 : codes[places[$0]] }
    return picked
  }

  /// Rows that have the entries of some numbers, -1 for a text that is not there.
  func withCodes(_ codes: [Int32]) -> PackedTexts {
    var texts = self
    texts.codes = codes
    return texts
  }

  /// A number for each row, the same for equal texts and -1 for those that are not there, and the bound of the numbers.
  func numbered() throws -> (numbers: [Int32], bound: Int) {
    if areDistinct { return (codes, entryCount) }
    try Safepoint.reserve(40, times: entryCount, for: "the keys of rows")
    var table = PackedTexts()
    table.isKept = true
    try Pieces.forEach(entryCount) { for entry in $0 { table.append(bytes, range(ofEntry: entry)) } }
    let codes = codes
    return (try Pieces.filled(count) { codes[$0] < 0 ? -1 : table.codes[Int(codes[$0])] }, table.entryCount)
  }

  /// What a function makes of where the bytes of each row's text are, called once for each entry; `missing` where no text is there.
  func mapped<Element: BitwiseCopyable>(
    missing: Element, _ element: (Range<Int>) throws -> Element
  ) throws -> [Element] {
    let elements = try Pieces.map(entryCount) { try element(range(ofEntry: $0)) }
    let codes = codes
    return try Pieces.filled(count) { codes[$0] < 0 ? missing : elements[Int(codes[$0])] }
  }

  /// Whether entries are looked for however many there are.
  private var isKept = false

  private static func hash(_ source: [UInt8], _ range: Range<Int>) -> UInt64 {
    var (hash, word, filled) = (UInt64(range.count) &* 0x9E37_79B9_7F4A_7C15, UInt64(0), 0)
    for place in range {
      word = word << 8 | UInt64(source[place])
      filled += 1
      guard filled == 8 else { continue }
      hash = mixed(hash, word)
      (word, filled) = (0, 0)
    }
    hash = mixed(hash, word)
    return hash ^ hash >> 32
  }

  @inline(__always) private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low &+ word
  }

  /// The entry of a text, which is added where it was not there.
  private mutating func entry(_ source: [UInt8], _ range: Range<Int>) -> Int32 {
    guard areDistinct else { return added(source, range) }
    if slots.isEmpty { slots = Array(repeating: Self.free, count: 64) }
    let hash = Self.hash(source, range)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != Self.free {
      let entry = Int32(truncatingIfNeeded: slots[slot])
      if (slots[slot] ^ hash) >> 32 == 0, isEntry(Int(entry), source, range) { return entry }
      slot = (slot + 1) & (slots.count - 1)
    }
    let entry = added(source, range)
    slots[slot] = hash & Self.upper | UInt64(entry)
    if ends.count > Self.fewEntries, 2 * ends.count > count, !isKept {
      areDistinct = false
      slots = []
    } else if 2 * ends.count > slots.count {
      grow()
    }
    return entry
  }

  private func isEntry(_ entry: Int, _ source: [UInt8], _ range: Range<Int>) -> Bool {
    let own = self.range(ofEntry: entry)
    guard own.count == range.count else { return false }
    for offset in 0..<range.count where bytes[own.lowerBound + offset] != source[range.lowerBound + offset] {
      return false
    }
    return true
  }

  private mutating func added(_ source: [UInt8], _ range: Range<Int>) -> Int32 {
    // Short texts go faster byte by byte.
    if range.count > 32 {
      bytes.append(contentsOf: source[range])
    } else {
      for place in range { bytes.append(source[place]) }
    }
    ends.append(bytes.count)
    return Int32(ends.count - 1)
  }

  private mutating func grow() {
    slots = Array(repeating: Self.free, count: 4 * slots.count)
    for entry in ends.indices {
      let hash = Self.hash(bytes, range(ofEntry: entry))
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = hash & Self.upper | UInt64(entry)
    }
  }
}

extension PackedTexts: Equatable {
  /// Whether the same texts are there and missing at the same places.
  public static func == (a: PackedTexts, b: PackedTexts) -> Bool {
    guard a.count == b.count else { return false }
    if a.ends == b.ends, a.bytes == b.bytes, a.codes == b.codes { return true }
    for place in a.codes.indices {
      guard a.isMissing(at: place) == b.isMissing(at: place) else { return false }
      if !a.isMissing(at: place), a.bytes[a.range(at: place)] != b.bytes[b.range(at: place)] { return false }
    }
    return true
  }
}
