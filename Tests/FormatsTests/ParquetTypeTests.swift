import Formats
import Foundation
import Testing

/// What the old converted types of Parquet mean, from files that are written here by the layout of the format's documentation: a
/// column each, whose type no newer logical type tells.
struct ParquetTypeTests {
  /// Thrift's compact form.
  private indirect enum Item {
    case flag(Bool)
    case number(Int)
    case wide(Int)
    case text(String)
    case list([Item])
    case structure([(id: Int, item: Item)])

    private var kind: UInt8 {
      switch self {
      case .flag(let flag): flag ? 1 : 2
      case .number: 5
      case .wide: 6
      case .text: 8
      case .list: 9
      case .structure: 12
      }
    }

    private static func variable(_ number: UInt) -> [UInt8] {
      number < 128 ? [UInt8(number)] : [UInt8(number & 127) | 128] + variable(number >> 7)
    }

    var bytes: [UInt8] {
      switch self {
      case .number(let number), .wide(let number):
        return Self.variable(UInt(bitPattern: number << 1 ^ number >> 63))
      case .flag: return []
      case .text(let text): return Self.variable(UInt(text.utf8.count)) + Array(text.utf8)
      case .list(let items):
        return [UInt8(items.count) << 4 | (items.first?.kind ?? 5)] + items.flatMap(\.bytes)
      case .structure(let fields):
        var (bytes, last): ([UInt8], Int) = ([], 0)
        for field in fields {
          bytes += [UInt8(field.id - last) << 4 | field.item.kind] + field.item.bytes
          last = field.id
        }
        return bytes + [0]
      }
    }
  }

  private enum Found: Equatable {
    case integer(Int)
    case number(Double)
    case text(String)
    case document(String)
    case other
  }

  /// A file of one required column of plain values.
  private static func file(
    _ physical: Int, width: Int? = nil, converted: Int?, scale: Int? = nil, precision: Int? = nil, codec: Int = 0,
    page: Item? = nil, content: [UInt8]? = nil, _ values: [[UInt8]]
  ) -> [UInt8] {
    let content = content ?? values.flatMap { $0 }
    let page =
      page
      ?? Item.structure([
        (1, .number(0)), (2, .number(content.count)), (3, .number(content.count)),
        (5, .structure([(1, .number(values.count)), (2, .number(0)), (3, .number(3)), (4, .number(3))])),
      ])
    let pages = page.bytes + content
    var leaf: [(Int, Item)] = [(1, .number(physical))]
    if let width { leaf.append((2, .number(width))) }
    leaf += [(3, .number(0)), (4, .text("x"))]
    for (id, number) in [(6, converted), (7, scale), (8, precision)] {
      if let number { leaf.append((id, .number(number))) }
    }
    let chunk = Item.structure([
      (1, .number(physical)), (2, .list([.number(0)])), (3, .list([.text("x")])), (4, .number(codec)),
      (5, .wide(values.count)), (6, .wide(pages.count)), (7, .wide(pages.count)), (9, .wide(4)),
    ])
    let group = Item.structure([
      (1, .list([.structure([(2, .wide(4)), (3, chunk)])])), (2, .wide(pages.count)), (3, .wide(values.count)),
    ])
    let root = Item.structure([(4, .text("schema")), (5, .number(1))])
    let footer = Item.structure([
      (1, .number(1)), (2, .list([root, .structure(leaf)])), (3, .wide(values.count)), (4, .list([group])),
    ]).bytes
    let magic = Array("PAR1".utf8)
    return magic + pages + footer + bytes(footer.count, 4) + magic
  }

  private static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func text(_ text: String) -> [UInt8] { bytes(text.utf8.count, 4) + Array(text.utf8) }

  /// The values, each with what it is.
  private static func read(_ bytes: [UInt8]) throws -> [Found] {
    let path = FileManager.default.temporaryDirectory.appending(path: "types-\(UUID().uuidString).parquet").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(filePath: path))
    let file = try ParquetFile(path)
    let column = try file.values(group: 0)[0]
    return (0..<file.groups[0]).map { row in
      switch column[row] {
      case .integer(let number): .integer(number)
      case .number(let number): .number(number)
      case .text(let text), .digits(let text): .text(text)
      case .document(let text): .document(text)
      default: .other
      }
    }
  }

  /// 1 is INT32, 2 INT64, 6 BYTE_ARRAY, 7 FIXED_LEN_BYTE_ARRAY.
  private static let narrow = 1, wide = 2, run = 6, fixed = 7

  @Test func textsAndWholeNumbers() throws {
    for converted in [0, 4] {
      let found = try Self.read(Self.file(Self.run, converted: converted, [Self.text("é"), Self.text("")]))
      #expect(found == [.text("é"), .text("")], "\(converted)")
    }
    #expect(try Self.read(Self.file(Self.run, converted: 19, [Self.text("[1]")])) == [.document("[1]")])
    // A text of JSON is what it tells, any other text itself.
    for text in ["é", "", "{", "[1] 2", "{\"a\": 1, \"a\": 2}"] {
      #expect(ParquetValue.document(text).json == .string(text))
    }
    let told = JSON.object([.init("a", .array([.null, .number(.infinity), .string("é")]))])
    #expect(ParquetValue.document("{\"a\": [null, Infinity, \"é\"]}").json == told)
    // Without a sign: 8, 16 and 32 bits in four bytes, 64 in eight.
    for converted in 11...13 {
      let found = try Self.read(Self.file(Self.narrow, converted: converted, [Self.bytes(-1, 4), Self.bytes(7, 4)]))
      #expect(found == [.integer(0xFFFF_FFFF), .integer(7)], "\(converted)")
    }
    for converted in 15...17 {
      let found = try Self.read(Self.file(Self.narrow, converted: converted, [Self.bytes(-1, 4), Self.bytes(7, 4)]))
      #expect(found == [.integer(-1), .integer(7)], "\(converted)")
    }
    let long = try Self.read(Self.file(Self.wide, converted: 18, [Self.bytes(-1, 8), Self.bytes(7, 8)]))
    #expect(long == [.integer(-1), .integer(7)])
  }

  /// Counts of days and of parts of a second, of which each unit is its own.
  @Test func datesAndTimes() throws {
    let second = 3661
    let cases: [(physical: Int, converted: Int, count: Int, shown: String)] = [
      (Self.narrow, 6, 19_782, "2024-02-29"), (Self.narrow, 6, -1, "1969-12-31"),
      (Self.narrow, 7, second * 1000 + 5, "01:01:01.005"), (Self.wide, 8, second * 1_000_000 + 5, "01:01:01.000005"),
      (Self.wide, 9, second * 1000 + 5, "1970-01-01T01:01:01.005"),
      (Self.wide, 10, second * 1_000_000 + 5, "1970-01-01T01:01:01.000005"),
    ]
    for (physical, converted, count, shown) in cases {
      let size = physical == Self.narrow ? 4 : 8
      let found = try Self.read(Self.file(physical, converted: converted, [Self.bytes(count, size)]))
      guard case .text(let text)? = found.first else {
        Issue.record("\(converted): \(found)")
        continue
      }
      #expect(text.replacing(" ", with: "T").hasPrefix(shown), "\(converted): \(text)")
    }
  }

  /// Decimals of up to fifteen digits, and whole ones, are numbers, whatever precision is stated; others are texts with all digits.
  @Test func decimals() throws {
    let cases: [(scale: Int?, precision: Int?, number: Int, found: Found)] = [
      (2, 9, -12345, .number(-123.45)), (0, 9, 7, .number(7)), (nil, 9, 7, .number(7)), (15, 15, 5, .number(5e-15)),
      (2, 15, 1, .number(0.01)), (2, 16, 1, .number(0.01)), (2, 18, -12345, .number(-123.45)),
      (16, 15, 5, .number(5e-16)), (18, 18, -5, .number(-5e-18)), (0, 18, 7, .integer(7)), (3, 18, 1500, .number(1.5)),
      (3, 18, -7000, .integer(-7)), (3, 18, 0, .integer(0)), (3, 18, 123_456_789_012_345, .number(123456789012.345)),
      (3, 18, 123_456_789_012_345_600, .text("123456789012345.600")),
      (3, 18, 1_234_567_890_123_456, .text("1234567890123.456")),
      (18, 18, 1_234_567_890_123_456, .text("0.001234567890123456")),
      (18, 18, 123_456_789_012_345_000, .number(0.123456789012345)),
      (3, 18, 900_719_925_474_099_300, .text("900719925474099.300")),
      (3, 19, 9_007_199_254_740_993_000, .text("9007199254740993.000")),
      (3, 19, 9_007_199_254_740_992_000, .integer(1 << 53)),
    ]
    for (scale, precision, number, found) in cases {
      let file = Self.file(
        Self.wide, converted: 5, scale: scale, precision: precision, [Self.bytes(number, 8)])
      #expect(try Self.read(file) == [found], "\(String(describing: scale)) \(String(describing: precision))")
    }
    // Of bytes the first is the highest.
    let fixed = Self.file(
      Self.fixed, width: 3, converted: 5, scale: 1, precision: 6, [[0xFF, 0xFF, 0xF6], [0, 1, 0]])
    #expect(try Self.read(fixed) == [.number(-1), .number(25.6)])
  }

  /// A page of the second version says whether it is compressed, which it is where it says nothing.
  @Test func pagesMayStandUncompressedInACompressedColumn() throws {
    let values = [3, -1, 70_000].map { Self.bytes($0, 4) }
    let plain = values.flatMap { $0 }
    // Snappy's form of bytes that are as they are.
    let snappy = [UInt8(plain.count), UInt8(plain.count - 1) << 2] + plain
    for (codec, flag, content) in [
      (0, nil, plain), (0, false, plain), (1, nil, snappy), (1, true, snappy), (1, false, plain),
    ]
      as [(Int, Bool?, [UInt8])]
    {
      let about: [(Int, Item)] = [
        (1, .number(3)), (2, .number(0)), (3, .number(3)), (4, .number(0)), (5, .number(0)), (6, .number(0)),
      ]
      let page = Item.structure([
        (1, .number(3)), (2, .number(plain.count)), (3, .number(content.count)),
        (8, .structure(about + (flag.map { [(7, .flag($0))] } ?? []))),
      ])
      let file = Self.file(Self.narrow, converted: nil, codec: codec, page: page, content: content, values)
      let found = try Self.read(file)
      #expect(found == [.integer(3), .integer(-1), .integer(70_000)], "\(codec) \(String(describing: flag))")
    }
  }
}
