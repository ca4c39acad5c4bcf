import Formats
import Safepoint

extension Palette {
  /// The names of the palettes that come with the library.
  public static let named: [(name: String, palette: Palette)] = [("nes", .nes)]

  /// Reads a palette: the table of an Aseprite file; the colors of a picture in the order in which they come up; the palettes of GIMP
  /// (.gpl), of Paint Shop Pro and Windows (.pal), of paint.net (.txt) and of Adobe (.act, .ase); else a text of colors.
  ///
  /// A text holds colors of six hexadecimal digits, such as `f83800` or `#f83800`, between blanks, commas and line ends; the rest of a
  /// line behind `;` or `//` is a comment. Colors that a table of another program holds twice are there once. Throws a `FormatError`
  /// for a file that can't be read and a `DataError` that names the line for what is no color, and for none or too many.
  public init(contentsOf path: String) throws {
    let bytes = try readFile(path) { (start) throws(FormatError) in
      if RasterImage.isPicture(start) { return RasterImage.fileLimit }
      // A table of Adobe's may begin as anything.
      if !PaletteTable.isNumbers(path) { try Self.refuse(start, path) }
      return Self.textLimit
    }
    try self.init(decoding: bytes, file: path)
  }

  /// The most bytes of a palette that is no picture: thousands for each color.
  private static let textLimit = 1 << 20

  /// Throws for a file of another kind.
  private static func refuse(_ bytes: [UInt8], _ path: String) throws(FormatError) {
    if !bytes.isEmpty, let found = ForeignFile(bytes) {
      throw FormatError(.malformed, in: path, "is not a palette; it is \(found)")
    }
  }

  /// Reads the bytes of a palette; `path` is the name that errors give the file, whose ending tells a table of Adobe's.
  public init(decoding bytes: [UInt8], file path: String) throws {
    do { try self.init(of: bytes, path) } catch let error as DataError where !error.message.hasPrefix(path) {
      throw DataError(error.kind, "\(path): \(error.message)")
    }
  }

  private init(of bytes: [UInt8], _ path: String) throws {
    if let colors = try PaletteTable(bytes, path) {
      try self.init(distinct: colors.colors, in: path)
    } else if Aseprite.isAseprite(bytes) {
      let colors = try Aseprite(bytes, file: path).palette.map { Color($0[0], $0[1], $0[2]) }
      try self.init(distinct: colors, in: path)
    } else if RasterImage.isPicture(bytes) {
      try self.init(colorsOf: try RasterImage.decode(bytes, file: path))
    } else {
      try Self.refuse(bytes, path)
      try self.init(hexText: try utf8(bytes, path), name: path)
    }
  }

  /// Colors of which those that are there twice count once.
  private init(distinct colors: [Color], in path: String) throws(DataError) {
    var known: Set<Color> = []
    let distinct = colors.filter { known.insert($0).inserted }
    guard !distinct.isEmpty else { throw DataError(.value, "\(path) holds no color") }
    guard distinct.count <= Self.limit else {
      throw DataError(.value, "\(path) holds \(distinct.count) colors; a palette holds at most \(Self.limit)")
    }
    try self.init(distinct)
  }

  /// The endings of the files that palettes are written to.
  public static let fileEndings = ["gpl", "hex"]

  /// The text of a file: that of a GIMP palette under a name, or six hexadecimal digits a line.
  public func text(ending: String, name: String) -> String {
    if ending == "hex" { return colors.map { $0.hex + "\n" }.joined() }
    let title = name.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "GIMP Palette\nName: \(title)\nColumns: 0\n#\n"
      + colors.map { "\($0.red) \($0.green) \($0.blue)\t\($0.hex)\n" }.joined()
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
    var (colors, isPadded): ([Color], Bool) = ([], false)
    for (line, content) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let end = [content.firstRange(of: ";"), content.firstRange(of: "//")].compactMap { $0?.lowerBound }.min()
      for word in content[..<(end ?? content.endIndex)].split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
        var digits = word.hasPrefix("#") ? word.dropFirst() : word
        // What paint.net writes begins with the opacity, and is filled up with white.
        if digits.utf8.count == 8, digits.startIndex == word.startIndex {
          (digits, isPadded) = (digits.dropFirst(2), true)
        }
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
    if isPadded { try self.init(distinct: colors, in: name) } else { try self.init(colors) }
  }
}

/// The text of a file without its byte-order mark.
private func utf8(_ bytes: [UInt8], _ path: String) throws(FormatError) -> String {
  let text = try utf8Text(bytes, file: path)
  return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
}
