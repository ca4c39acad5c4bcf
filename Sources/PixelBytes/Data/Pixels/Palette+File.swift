import Formats
import Safepoint

extension Palette {
  /// The names of the palettes that come with the library.
  public static let named: [(name: String, palette: Palette)] = [("nes", .nes)]

  /// Reads a palette: the colors of a PNG or GIF picture in the order in which they come up, else a text of colors.
  ///
  /// A text holds colors of six hexadecimal digits, such as `f83800` or `#f83800`, between blanks, commas and line ends; the rest
  /// of a line behind `;` or `//` is a comment. Throws a `FormatError` for a file that can't be read and a `DataError`
  /// that names the line for what is no color, and for none, too many or equal colors.
  public init(contentsOf path: String) throws {
    let bytes = try readFile(path, limit: 1 << 24)
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) || bytes.starts(with: Array("GIF8".utf8)) {
      try self.init(colorsOf: try RasterImage.decode(bytes, file: path))
    } else {
      try self.init(hexText: try readTextFile(path, limit: 1 << 24), name: path)
    }
  }

  /// The colors of a picture's pixels, without those that are wholly transparent; throws a `DataError` for too many.
  public init(colorsOf image: RasterImage) throws(DataError) {
    var colors: [Color] = []
    var known: Set<Color> = []
    for pixel in 0..<image.width * image.height where image.rgba[4 * pixel + 3] > 0 {
      if Safepoint.mustStop(after: 8) { break }
      let color = Color(image.rgba[4 * pixel], image.rgba[4 * pixel + 1], image.rgba[4 * pixel + 2])
      guard known.insert(color).inserted else { continue }
      guard colors.count < Self.limit else {
        throw DataError(.value, "the picture has more than \(Self.limit) colors, the most that a palette holds")
      }
      colors.append(color)
    }
    try self.init(colors)
  }

  /// Reads the text of a palette; `name` is what errors call it.
  init(hexText text: String, name: String) throws(DataError) {
    var colors: [Color] = []
    for (line, content) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let end = [content.firstRange(of: ";"), content.firstRange(of: "//")].compactMap { $0?.lowerBound }.min()
      for word in content[..<(end ?? content.endIndex)].split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
        let digits = word.hasPrefix("#") ? word.dropFirst() : word
        guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
          throw DataError(
            .value,
            "\(name): line \(line + 1): expected six hexadecimal digits, such as f83800, found \"\(word.prefix(40))\"")
        }
        guard colors.count < Self.limit else {
          throw DataError(.value, "\(name): line \(line + 1): a palette holds at most \(Self.limit) colors")
        }
        colors.append(Color(hex: value))
      }
    }
    guard !colors.isEmpty else {
      throw DataError(.value, "\(name) holds no color; write one a line, such as f83800")
    }
    try self.init(colors)
  }
}
