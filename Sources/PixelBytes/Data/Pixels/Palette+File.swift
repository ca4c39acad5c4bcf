import Formats
import Safepoint

extension Palette {
  /// The names of the palettes that come with the library.
  public static let named: [(name: String, palette: Palette)] = [("nes", .nes)]

  /// Reads a palette: the table of an Aseprite file; the colors of a picture in the order in which they come up; the palettes of GIMP
  /// (.gpl), of Paint Shop Pro and Windows (.pal), of paint.net (.txt) and of Adobe (.act, .ase); else a text of colors.
  ///
  /// A text holds colors of six hexadecimal digits, such as `f83800` or `#f83800`, between blanks, commas and line ends; the rest of a
  /// line behind `;` or `//` is a comment. The first two of eight digits are the opacity where the text is one of paint.net, by its
  /// ending .txt or its first line, else the last two; it is passed over. A color that stands there several times counts once, which `note`
  /// hears of, but for one that fills a table of 16, 96 or 256 up to its end. `count` gathers the colors into at most so many, by k-means. Throws a `FormatError` for a file that can't be read and a
  /// `DataError` that names the line for what is no color, and for none or too many.
  public init(
    contentsOf path: String, gathering count: Int? = nil, seed: UInt64 = 0, note: (String) -> Void = { _ in }
  ) throws {
    let bytes = try readFile(path) { (start) throws(FormatError) in
      if RasterImage.isPicture(start) { return RasterImage.fileLimit }
      // A table of Adobe's may begin as anything.
      if !PaletteTable.isNumbers(path) { try Self.refuse(start, path) }
      return Self.textLimit
    }
    guard let count else {
      try self.init(decoding: bytes, file: path, note: note)
      return
    }
    var counts = ColorCounts()
    for color in try Self.colors(of: bytes, path, note) { counts.add(color) }
    try self.init(clustering: counts, count: count, seed: seed)
  }

  /// The most bytes of a palette that is no picture: thousands for each color.
  private static let textLimit = 1 << 20

  /// Throws for a file of another kind.
  private static func refuse(_ bytes: [UInt8], _ path: String) throws(FormatError) {
    if !bytes.isEmpty { try ForeignFile.refuse(bytes, in: path, expected: "a palette") }
  }

  /// Reads the bytes of a palette; `path` is the name that errors give the file, whose ending tells a table of Adobe's.
  public init(decoding bytes: [UInt8], file path: String, note: (String) -> Void = { _ in }) throws {
    let found = try Self.colors(of: bytes, path, note)
    guard found.count <= Self.limit else {
      throw DataError(
        .value,
        "\(path) holds \(found.count) colors; a palette holds at most \(Self.limit), and "
          + "`load_palette(\"\(path)\", colors: \(Self.limit))` gathers similar ones")
    }
    do { try self.init(found) } catch { throw DataError(error.kind, "\(path): \(error.message)") }
  }

  /// The colors of a file, at least one, each once.
  private static func colors(of bytes: [UInt8], _ path: String, _ note: (String) -> Void) throws -> [Color] {
    let all: [Color]
    if let table = try PaletteTable(bytes, path) {
      all = table.colors
    } else if Aseprite.isAseprite(bytes) {
      all = try Aseprite(bytes, file: path).palette.map { Color($0.x, $0.y, $0.z) }
    } else if RasterImage.isPicture(bytes) {
      all = opaqueColors(of: try RasterImage.decode(bytes, file: path))
    } else {
      try refuse(bytes, path)
      all = try colors(hexText: try utf8(bytes, path), file: path)
    }
    guard !all.isEmpty else {
      let example = [".gpl", ".pal"].contains(where: path.lowercased().hasSuffix) ? "248 56 0" : "f83800"
      let isText = !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
      throw DataError(.value, "\(path) holds no color\(isText ? "; write one a line, such as \(example)" : "")")
    }
    return distinct(all, in: path, note)
  }

  /// The sizes that tables of other programs are filled up to, with the color that stands last.
  private static let fullSizes = [16, 96, 256]

  /// Colors of which those that are there several times count once, which a note tells unless they only fill up a table.
  private static func distinct(_ colors: [Color], in path: String, _ note: (String) -> Void) -> [Color] {
    var (known, repeated): (Set<Color>, [Color]) = ([], [])
    let isFull = fullSizes.contains(colors.count)
    let filling = isFull ? colors.reversed().prefix { $0 == colors.last }.count : 0
    let distinct = colors.enumerated().filter { place, color in
      if known.insert(color).inserted { return true }
      if place < colors.count - filling, !repeated.contains(color) { repeated.append(color) }
      return false
    }.map(\.element)
    if !repeated.isEmpty {
      let told = repeated.prefix(3).map(\.hex).joined(separator: ", ") + (repeated.count > 3 ? ", ..." : "")
      note("\(path) holds \(repeated.count) of its colors several times, which count once: \(told)")
    }
    return distinct
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
    let colors = Self.opaqueColors(of: image)
    guard colors.count <= Self.limit else {
      throw DataError(.value, "the picture has more than \(Self.limit) colors, the most that a palette holds")
    }
    try self.init(colors)
  }

  /// The colors of pixels that are not wholly transparent, each once, in the order in which they come up.
  private static func opaqueColors(of image: RasterImage) -> [Color] {
    var (colors, known): ([Color], Set<Color>) = ([], [])
    for pixel in 0..<image.width * image.height where image.rgba[4 * pixel + 3] > 0 {
      if Safepoint.mustStop(after: 8) { break }
      let color = Color(image.rgba[4 * pixel], image.rgba[4 * pixel + 1], image.rgba[4 * pixel + 2])
      if known.insert(color).inserted { colors.append(color) }
    }
    return colors
  }

  /// The colors of a text.
  private static func colors(hexText text: String, file: String) throws(DataError) -> [Color] {
    var colors: [Color] = []
    let isPaintNet = file.lowercased().hasSuffix(".txt") || text.prefix(100).lowercased().contains("paint.net")
    for (line, content) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let end = [content.firstRange(of: ";"), content.firstRange(of: "//")].compactMap { $0?.lowerBound }.min()
      for word in content[..<(end ?? content.endIndex)].split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
        var digits = word.hasPrefix("#") ? word.dropFirst() : word
        if digits.utf8.count == 8 {
          digits = isPaintNet && digits.startIndex == word.startIndex ? digits.dropFirst(2) : digits.dropLast(2)
        }
        guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
          throw DataError(
            .value,
            "\(file): line \(line + 1): expected six hexadecimal digits, such as f83800, found \"\(word.prefix(40))\"")
        }
        colors.append(Color(hex: value))
      }
    }
    return colors
  }
}

/// The text of a file without its byte-order mark.
private func utf8(_ bytes: [UInt8], _ path: String) throws(FormatError) -> String {
  let text = try utf8Text(bytes, file: path)
  return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
}
