import Formats
import Tensors

/// What a walk over all rows of a data set finds: sizes, lengths, what models cannot spell, and what is wrong.
public struct DataReport: Sendable {
  /// A value and how many rows have it.
  public struct Frequency: Equatable, Sendable {
    /// The value as text.
    public let text: String
    /// The number of rows, or of occurrences.
    public let count: Int
  }

  /// The number of rows.
  public private(set) var rows = 0
  /// The sizes of the pictures, such as "16x16", the most frequent first.
  public var sizes: [Frequency] { Self.ordered(sizeCounts.map { ("\($0.key.width)x\($0.key.height)", $0.value) }) }
  /// How many pictures have a longer side of 1 to 8 pixels, 9 to 16, 17 to 32, and so on.
  public var sides: [Frequency] {
    var bins: [Int: Int] = [:]
    for (size, count) in sizeCounts {
      var bound = 8
      while bound < max(size.width, size.height) { bound *= 2 }
      bins[bound, default: 0] += count
    }
    return bins.sorted { $0.key < $1.key }.map { bound, count in
      Frequency(text: bound == 8 ? "1-8" : "\(bound / 2 + 1)-\(bound)", count: count)
    }
  }
  /// The numbers of characters of the captions, in order: the shortest, the middle and the longest; nil without any.
  public var captionLengths: (shortest: Int, median: Int, longest: Int)? {
    let ordered = lengthCounts.sorted { $0.key < $1.key }
    guard let first = ordered.first, let last = ordered.last else { return nil }
    var rest = lengthCounts.values.reduce(0, +) / 2
    let median = ordered.first { length in
      rest -= length.value
      return rest < 0
    }
    return (first.key, median?.key ?? last.key, last.key)
  }
  /// The number of rows whose caption is empty.
  public var emptyCaptions: Int { lengthCounts[0] ?? 0 }
  /// The rows that lack a picture.
  public private(set) var withoutPicture: [Int] = []
  /// The rows that lack a caption.
  public private(set) var withoutCaption: [Int] = []
  /// The characters of captions that become id 0 or are dropped, the most frequent first.
  public var unknownCharacters: [Frequency] { Self.ordered(unknownCounts.map { (String($0.key), $0.value) }) }
  /// Rows whose picture and caption an earlier row has too: both row numbers.
  public private(set) var duplicates: [(row: Int, first: Int)] = []
  /// Rows that cannot be read: their numbers and the errors.
  public private(set) var unreadable: [(row: Int, error: DataError)] = []

  private struct Size: Hashable {
    let width, height: Int
  }
  private var sizeCounts: [Size: Int] = [:]
  private var lengthCounts: [Int: Int] = [:]
  private var unknownCounts: [Unicode.Scalar: Int] = [:]
  private var seen: [UInt64: UInt32] = [:]
  private var spelled: [Unicode.Scalar: Bool] = [:]

  /// Reads all rows of `data` on several threads; `report` hears of the rows done and stops the work by throwing.
  public init(
    _ data: DataSet, tokenizer: Tokenizer = Tokenizer(), threads: Int = 1, report: (Int) throws -> Void = { _ in }
  ) throws {
    let part = 256
    for start in stride(from: 0, to: data.count, by: part) {
      try report(start)
      let results = try Parallel.map(min(part, data.count - start), threads: threads) { index in
        do { return Result<RowFacts, DataError>.success(try RowFacts(data[start + index])) } catch let error
          as DataError
        {
          return .failure(error)
        }
      }
      for result in results {
        switch result {
        case .success(let facts): add(facts, tokenizer)
        case .failure(let error): unreadable.append((rows, error))
        }
        rows += 1
      }
    }
    try report(data.count)
  }

  private mutating func add(_ facts: RowFacts, _ tokenizer: Tokenizer) {
    if let size = facts.size { sizeCounts[Size(width: size.width, height: size.height), default: 0] += 1 }
    if facts.size == nil { withoutPicture.append(rows) }
    if facts.hasCaption {
      lengthCounts[facts.caption.unicodeScalars.count, default: 0] += 1
    } else {
      withoutCaption.append(rows)
    }
    for scalar in facts.caption.unicodeScalars where !isSpelled(scalar, tokenizer) {
      unknownCounts[scalar, default: 0] += 1
    }
    // Rows of neither are told apart by other columns.
    if facts.size == nil, facts.caption.isEmpty { return }
    if let first = seen[facts.hash] {
      duplicates.append((rows, Int(first)))
    } else {
      seen[facts.hash] = UInt32(rows)
    }
  }

  private mutating func isSpelled(_ scalar: Unicode.Scalar, _ tokenizer: Tokenizer) -> Bool {
    if let known = spelled[scalar] { return known }
    let plain = tokenizer.normalized(String(scalar))
    let isKnown = !plain.isEmpty && plain.utf8.allSatisfy { tokenizer.vocabulary.id(ofByte: $0) != 0 }
    spelled[scalar] = isKnown
    return isKnown
  }

  private static func ordered(_ counts: [(text: String, count: Int)]) -> [Frequency] {
    counts.sorted { ($1.count, $0.text) < ($0.count, $1.text) }.map { Frequency(text: $0.text, count: $0.count) }
  }
}

/// What one row adds to a report.
private struct RowFacts {
  let size: (width: Int, height: Int)?
  let caption: String
  let hasCaption: Bool
  /// Of picture and caption; two rows of the same hash are taken for equal (64 bits of FNV-1a).
  let hash: UInt64

  /// Throws a `DataError` for a further picture that cannot be read.
  init(_ row: DataRow) throws {
    for column in row.extra { try column.checkPictures() }
    size = row.image.map { ($0.width, $0.height) }
    (caption, hasCaption) = (row.caption, row.hasCaption)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for byte in row.caption.utf8 { add(byte) }
    if let image = row.image {
      add(UInt8(truncatingIfNeeded: image.width))
      for byte in image.rgba { add(byte) }
    }
    self.hash = hash
  }
}
