import Formats

/// The colors of a palette that another program wrote, told apart by how its file begins, that of .act by its size.
struct PaletteTable {
  private(set) var colors: [Color] = []
  private let bytes: [UInt8]
  private let path: String

  /// Nil for a file of another form.
  init?(_ bytes: [UInt8], _ path: String) throws {
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF]) && !Self.isNumbers(path)
    let bytes = isMarked ? Array(bytes.dropFirst(3)) : bytes
    (self.bytes, self.path) = (bytes, path)
    if Self.isNumbers(path), bytes.count == 768 || bytes.count == 772 {
      readNumbers()
    } else if bytes.starts(with: "GIMP Palette".utf8) {
      // A color may have any name behind its numbers.
      try readLines(from: 1) { words in words[0].hasPrefix("#") || words[0].first?.isLetter ?? false }
    } else if bytes.starts(with: "JASC-PAL".utf8) {
      try readLines(from: 3) { _ in false }
      try checkCount()
    } else if bytes.starts(with: "RIFF".utf8), bytes.count >= 12, bytes[8..<12].elementsEqual("PAL ".utf8) {
      try readRIFF()
    } else if bytes.starts(with: "ASEF".utf8) {
      try readSwatches()
    } else if let count = Self.bareColors(bytes, path) {
      colors = (0..<count).map { Color(bytes[3 * $0], bytes[3 * $0 + 1], bytes[3 * $0 + 2]) }
    } else if path.lowercased().hasSuffix(".aco") {
      throw FormatError(
        .unsupported, in: path, "is a palette of Photoshop (.aco), which is not read; saved there as .act or .ase it is"
      )
    } else if path.lowercased().hasSuffix(".json"), bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[")
    {
      throw FormatError(
        .unsupported, in: path,
        "is JSON, in which no palette is read; its colors are, six hexadecimal digits a line, as .hex")
    } else if path.lowercased().hasSuffix(".gpl"), ForeignFile(bytes) == nil, !RasterImage.isPicture(bytes) {
      throw broken("the first line of one of GIMP's is \"GIMP Palette\", which is missing")
    } else if Self.isNumbers(path), ForeignFile(bytes) == nil, !RasterImage.isPicture(bytes) {
      throw broken("a table of Adobe's has 768 or 772 bytes, not \(bytes.count)")
    } else {
      return nil
    }
  }

  /// How many colors of three bytes each a file has that is nothing else, as emulators and old games keep them: the 64 of an NES by
  /// themselves or before seven tints of them, else as many as there are; nil for a text.
  private static func bareColors(_ bytes: [UInt8], _ path: String) -> Int? {
    guard path.lowercased().hasSuffix(".pal"), bytes.count % 3 == 0, !bytes.isEmpty, bytes.count <= 1536,
      bytes.contains(where: { $0 >= 0x7F || $0 < 0x20 && !(0x09...0x0D ~= $0) }), ForeignFile(bytes) == nil,
      !RasterImage.isPicture(bytes)
    else { return nil }
    return bytes.count == 1536 ? 64 : min(256, bytes.count / 3)
  }

  /// Whether a file is named as a table of Adobe's, of which nothing else tells what it is.
  static func isNumbers(_ path: String) -> Bool { path.lowercased().hasSuffix(".act") }

  /// A table of Adobe's: three bytes a color, behind them how many count.
  private mutating func readNumbers() {
    let stated = bytes.count == 772 ? bytes.bigEndian(at: 768) as UInt16 : 256
    let count = stated == 0 || stated > 256 ? 256 : Int(stated)
    colors = (0..<count).map { Color(bytes[3 * $0], bytes[3 * $0 + 1], bytes[3 * $0 + 2]) }
  }

  /// Reads lines that begin with red, green and blue from 0 to 255, from a line on, those aside that `isOther` says are none.
  private mutating func readLines(from first: Int, isOther: ([Substring]) -> Bool) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      if number < first || words.isEmpty || isOther(words) { continue }
      let samples = words.prefix(3).compactMap { UInt8($0) }
      guard samples.count == 3 else {
        throw DataError(
          .value, "\(path): line \(number + 1): expected three numbers from 0 to 255, found \"\(line.prefix(40))\"")
      }
      colors.append(Color(samples[0], samples[1], samples[2]))
    }
  }

  /// Throws where the third line of a palette states more colors than there are, as in a file that was cut; of more than it states all
  /// count, as other programs read it.
  private mutating func checkCount() throws(FormatError) {
    let lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.count > 2, let stated = Int(lines[2].filter { !$0.isWhitespace }) else {
      throw broken("its third line is not the number of its colors")
    }
    guard stated <= colors.count else { throw broken("it states \(stated) colors and has \(colors.count)") }
  }

  private func broken(_ reason: String) -> FormatError {
    FormatError(.malformed, in: path, "is a broken palette: \(reason)")
  }

  /// A palette of Windows: four bytes a color.
  private mutating func readRIFF() throws(FormatError) {
    var place = 12
    while place + 8 <= bytes.count {
      let size = Int(bytes.littleEndian(at: place + 4) as UInt32)
      guard size <= bytes.count - place - 8 else {
        throw broken("a part states \(size) bytes, of which \(bytes.count - place - 8) are there")
      }
      if bytes[place..<place + 4].elementsEqual("data".utf8), size >= 4 {
        let count = Int(bytes.littleEndian(at: place + 10) as UInt16)
        guard 4 + 4 * count <= size else { throw broken("it states \(count) colors in \(size) bytes") }
        for index in 0..<count {
          let start = place + 12 + 4 * index
          colors.append(Color(bytes[start], bytes[start + 1], bytes[start + 2]))
        }
        return
      }
      place += 8 + size + size % 2
    }
    throw broken("it has no colors")
  }

  /// Swatches of Adobe: blocks, some of which are colors in one of four models.
  private mutating func readSwatches() throws(FormatError) {
    guard bytes.count >= 12 else { throw broken("it ends in its header") }
    var place = 12
    for _ in 0..<(bytes.bigEndian(at: 8) as UInt32) {
      guard place + 6 <= bytes.count else { throw broken("it ends between its blocks") }
      let (kind, size): (UInt16, UInt32) = (bytes.bigEndian(at: place), bytes.bigEndian(at: place + 2))
      place += 6
      guard Int(size) <= bytes.count - place else {
        throw broken("a block states \(size) bytes, of which \(bytes.count - place) are there")
      }
      if kind == 1 { colors.append(try swatch(place..<place + Int(size))) }
      place += Int(size)
    }
  }

  private func swatch(_ range: Range<Int>) throws(FormatError) -> Color {
    guard range.count >= 2 else { throw broken("a color has no name") }
    let start = range.lowerBound + 2 + 2 * Int(bytes.bigEndian(at: range.lowerBound) as UInt16)
    guard start + 4 <= range.upperBound else { throw broken("a color has no model") }
    let model = String(decoding: bytes[start..<start + 4], as: UTF8.self)
    let counts = ["RGB ": 3, "CMYK": 4, "Gray": 1, "LAB ": 3, "Lab ": 3]
    guard let count = counts[model] else {
      throw FormatError(.unsupported, in: path, "has a color of the model \(model), which is not read")
    }
    guard start + 4 + 4 * count <= range.upperBound else { throw broken("a color has too few numbers") }
    let parts = (0..<count).map { Float(bitPattern: bytes.bigEndian(at: start + 4 + 4 * $0)) }
    func sample(_ part: Float) -> UInt8 { part.isNaN ? 0 : UInt8((255 * min(1, max(0, part))).rounded()) }
    switch model {
    case "Gray": return Color(sample(parts[0]), sample(parts[0]), sample(parts[0]))
    case "LAB ", "Lab ":
      guard parts.allSatisfy(\.isFinite) else { throw broken("a color has numbers that are none") }
      return LabColor(lightness: 100 * Double(parts[0]), a: Double(parts[1]), b: Double(parts[2])).colorOfPrint
    case "CMYK":
      let light = (0..<3).map { sample((1 - parts[$0]) * (1 - parts[3])) }
      return Color(light[0], light[1], light[2])
    default: return Color(sample(parts[0]), sample(parts[1]), sample(parts[2]))
    }
  }
}
