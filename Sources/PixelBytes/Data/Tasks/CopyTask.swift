import Tensors

/// Rows that repeat a random pattern after a gap: whoever reads the first half can know the second, and nobody else can.
///
/// A row is a pure function of its number and of the fields here, the same on any machine.
public struct CopyTask: Equatable, Sendable {
  /// What a pattern is made of.
  public enum Kind: String, CaseIterable, Sendable {
    /// A square of pixels, a gap of black rows, and the square again below; the caption is the same for all.
    case image
    /// A word of letters, a gap of points, and the word again; there is no picture.
    case text
  }

  /// What the pattern is made of.
  public let kind: Kind
  /// The pixels a side of the pattern, or its letters.
  public let size: Int
  /// The rows or points between the pattern and its copy.
  public let gap: Int
  /// How many colors or letters there are.
  public let symbols: Int
  /// What decides the patterns.
  public let seed: UInt64

  /// Describes a task; a size outside 1...64, a gap outside 0...256, and other than 2 to 26 symbols throw.
  public init(
    kind: Kind = .image, size: Int = 8, gap: Int = 2, symbols: Int = 4, seed: UInt64 = 0
  ) throws(DataError) {
    func check(_ what: String, _ value: Int, _ range: ClosedRange<Int>) throws(DataError) {
      guard range.contains(value) else {
        throw DataError(
          .value, "\(what) of a copy task is from \(range.lowerBound) to \(range.upperBound), not \(value)")
      }
    }
    try check("the size", size, 1...64)
    try check("the gap", gap, 0...256)
    try check("the number of symbols", symbols, 2...26)
    (self.kind, self.size, self.gap, self.symbols, self.seed) = (kind, size, gap, symbols, seed)
  }

  /// How many tokens before each token of the copy its original stands.
  public var distance: Int { kind == .image ? (size + gap) * (size + 1) : size + gap }

  /// The palette indices of the symbols of pictures: colors that an eye tells apart.
  static let colors: [UInt8] = [
    1, 27, 39, 7, 33, 22, 50, 35, 14, 3, 30, 12, 44, 21, 51, 4, 24, 38, 10, 20, 36, 5, 45, 25, 18, 48,
  ]

  /// Returns the row of a number, 0 or more.
  public func row(_ number: Int) -> DataRow {
    var random = Random(seed: seed, stream: "copy \(kind.rawValue) \(size) \(gap) \(symbols) \(number)")
    func pattern(_ count: Int) -> [Int] { (0..<count).map { _ in random.below(symbols) } }
    switch kind {
    case .image:
      let square = pattern(size * size).map { Self.colors[$0] }
      let indices = square + [UInt8](repeating: 0, count: gap * size) + square
      let image = IndexedImage(width: size, height: 2 * size + gap, indices: indices)
      return DataRow(caption: "a pattern, then the same again.", image: image.raster, indexed: image)
    case .text:
      let word = String(decoding: pattern(size).map { UInt8(ascii: "a") + UInt8($0) }, as: UTF8.self)
      return DataRow(caption: word + String(repeating: ".", count: gap) + word)
    }
  }
}

extension DataSet {
  /// Returns the first `count` rows of a copy task, each made when it is asked for; a count below 0 or above 2^31 throws.
  public static func copyTask(count: Int = 512, _ task: CopyTask) throws(DataError) -> DataSet {
    DataSet(source: try DrawnRows(count: count, called: "rows", limit: 1 << 31, row: task.row), name: "copy task")
  }
}
