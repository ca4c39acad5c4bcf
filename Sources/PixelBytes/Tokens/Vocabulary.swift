/// The tokens of a model: bytes of text first, then colors of pictures, then real values, each id a place in the list.
public struct Vocabulary: Equatable, Sendable {
  /// What one token stands for.
  public enum Token: Equatable, Sendable {
    /// A byte of text.
    case byte(UInt8)
    /// A color of a picture.
    case color(Color)
    /// A level of audio or control.
    case value(Double)
  }

  /// The tokens; the id of one is its place here.
  public let tokens: [Token]
  /// The colors, in the order of their ids.
  public let palette: Palette
  /// The id of the first color.
  public let firstColor: UInt8
  private let byteIDs: [UInt8]

  /// The id of "no neighbor", padding, and bytes without a token.
  public static let padding: UInt8 = 0
  /// The id that ends a pixel row, a tab.
  public static let tab: UInt8 = 1
  /// The id that ends a text or a picture, a newline.
  public static let newline: UInt8 = 2

  /// The number of tokens.
  public var count: Int { tokens.count }

  /// Creates a vocabulary of different bytes (`00 09 0A` first), colors and values; other lists throw a `DataError`.
  public init(bytes: [UInt8], palette: Palette, values: [Double] = []) throws(DataError) {
    guard bytes.starts(with: [0x00, 0x09, 0x0A]) else {
      throw DataError(.value, "a vocabulary starts with the bytes 00, 09 and 0a")
    }
    guard Set(bytes).count == bytes.count else { throw DataError(.value, "the vocabulary holds a byte twice") }
    let total = bytes.count + palette.colors.count + values.count
    guard total <= 256 else { throw DataError(.value, "a vocabulary holds at most 256 tokens, not \(total)") }
    guard values.allSatisfy(\.isFinite) else {
      throw DataError(.value, "the vocabulary holds a value that is not finite")
    }
    self.init(unchecked: bytes, palette, values)
  }

  private init(unchecked bytes: [UInt8], _ palette: Palette, _ values: [Double]) {
    tokens = bytes.map { .byte($0) } + palette.colors.map { .color($0) } + values.map { .value($0) }
    self.palette = palette
    firstColor = UInt8(bytes.count)
    var ids = [UInt8](repeating: Self.padding, count: 256)
    for (id, byte) in bytes.enumerated() { ids[Int(byte)] = UInt8(id) }
    byteIDs = ids
  }

  /// The bytes of text, in the order of their ids.
  public var bytes: [UInt8] { tokens.compactMap { if case .byte(let byte) = $0 { byte } else { nil } } }
  /// The values, in the order of their ids.
  public var values: [Double] { tokens.compactMap { if case .value(let value) = $0 { value } else { nil } } }

  /// Returns the id of a byte of text, 0 when it has none.
  public func id(ofByte byte: UInt8) -> UInt8 { byteIDs[Int(byte)] }

  /// Returns the id of a palette index.
  public func id(ofColor index: UInt8) -> UInt8 { firstColor + index }

  /// Returns the palette index of a token, nil when it is no color.
  public func color(of id: UInt8) -> UInt8? {
    id >= firstColor && Int(id) < Int(firstColor) + palette.colors.count ? id - firstColor : nil
  }

  /// Returns the byte of a token, nil when it is none.
  public func byte(of id: UInt8) -> UInt8? {
    guard id < firstColor, case .byte(let byte) = tokens[Int(id)] else { return nil }
    return byte
  }

  /// Returns the value of a token, nil when it is none.
  public func value(of id: UInt8) -> Double? {
    guard Int(id) < tokens.count, case .value(let value) = tokens[Int(id)] else { return nil }
    return value
  }

  /// The 58 bytes of the published system.
  public static let publishedBytes: [UInt8] =
    [0x00, 0x09, 0x0A] + Array(" \"'()*,-+.0123456789".utf8) + [0xC2, 0xA0] + Array(":[];/%!".utf8)
    + Array("abcdefghijklmnopqrstuvwxyz".utf8)

  /// The 113 tokens of the published models: 58 bytes and the 55 colors of a palette, called "pixelbytes".
  public static let pixelbytes = Vocabulary(unchecked: publishedBytes, .nes, [])

  /// The 151 tokens of the later models: those of "pixelbytes" and 38 values evenly spaced on [-1, 1].
  public static let actionPixelbytes = Vocabulary(unchecked: publishedBytes, .nes, evenLevels(38))

  /// Returns `count` values evenly spaced on [-1, 1], as numpy's `linspace` has them; one is -1.
  public static func evenLevels(_ count: Int) -> [Double] {
    let step = 2 / Double(max(1, count - 1))
    return (0..<max(0, count)).map { place in
      place > 0 && place == count - 1 ? 1 : Double(place) * step - 1
    }
  }

  /// Returns the vocabulary with some of its groups replaced, nil keeping one; lists that make none throw.
  ///
  /// `text` holds the bytes of text beside `00 09 0A`, which are always the first.
  public func replacing(
    text: [UInt8]? = nil, palette: Palette? = nil, values: [Double]? = nil
  ) throws(DataError) -> Vocabulary {
    try Vocabulary(
      bytes: text.map { [0x00, 0x09, 0x0A] + $0 } ?? bytes, palette: palette ?? self.palette,
      values: values ?? self.values)
  }

  /// The vocabularies that have a name.
  public static let named: [(name: String, vocabulary: Vocabulary)] = [
    ("pixelbytes", pixelbytes), ("action-pixelbytes", actionPixelbytes),
  ]
}
