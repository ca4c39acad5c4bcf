import Formats
import PixelScript
import Safepoint

/// Pictures beside and below each other, texts under them, as one picture; one picture alone without a text is that picture, enlarged.
struct PictureSheet {
  /// A picture with a text under it; either may be missing.
  struct Cell {
    var picture: RasterImage?
    var text: String
  }

  /// Cells row by row; nil leaves a place free.
  private let rows: [[Cell?]]
  /// How many pixels of the sheet a pixel of a picture is wide.
  private let scale: Int
  /// The height of the font.
  private let textSize: Double
  private let width: Int
  /// The picture that there is nothing beside.
  private let only: RasterImage?
  private let margin: Int
  /// The height of the pictures and the lines of text of each row.
  private let heights: [(picture: Int, lines: Int)]

  private static let gap = 8
  /// The size at which pictures are seen well.
  private static let wishedSide = 128

  /// Lays out cells row by row; without a scale pictures are enlarged by the whole factor that brings the largest to about 128 pixels.
  init(rows: [[Cell?]], scale: Int? = nil, textWidth: Int = 96) throws {
    let cells = rows.joined().compactMap { $0 }
    let largest = cells.compactMap(\.picture).map { max($0.width, $0.height) }.max() ?? 1
    self.rows = rows
    only = rows.count == 1 && rows[0].count == 1 && cells.allSatisfy(\.text.isEmpty) ? cells.first?.picture : nil
    margin = only == nil ? 8 : 0
    self.scale = scale ?? max(1, Self.wishedSide / largest)
    let pictures = cells.compactMap(\.picture).map(\.width).max() ?? 0
    let hasText = cells.contains { !$0.text.isEmpty }
    let (picture, isHuge) = pictures.multipliedReportingOverflow(by: self.scale)
    let width = isHuge ? Int.max / 4 : max(picture, hasText ? textWidth : 1)
    self.width = width
    textSize = width >= 120 ? 14 : 10
    let textSize = textSize
    heights = try rows.map { row in
      let cells = row.compactMap { $0 }
      return (
        Size.product(cells.compactMap(\.picture).map(\.height).max() ?? 0, scale ?? max(1, Self.wishedSide / largest)),
        try cells.map { try Self.lines($0.text, Double(width), textSize).count }.max() ?? 0
      )
    }
    let (columns, height) = (size.width, size.height)
    guard columns <= RasterImage.sideLimit, height <= RasterImage.sideLimit,
      Size.product(columns, height) <= RasterImage.pixelLimit
    else {
      throw ScriptError(
        .limit,
        "the picture would have \(columns) x \(height) pixels; at most \(RasterImage.sideLimit) a side are written",
        help: "a smaller `scale:`, or more `columns:`")
    }
    try Safepoint.reserve(4, times: columns, height, for: "a picture")
  }

  private var lineHeight: Int { Int(textSize * 1.25) }

  private func rowHeight(_ row: Int) -> Int { heights[row].picture + heights[row].lines * lineHeight }

  private var size: (width: Int, height: Int) {
    let columns = max(rows.map(\.count).max() ?? 0, 1)
    let width = Size.product(columns, width + Self.gap)
    let height = Size.sum(rows.indices.map { rowHeight($0) + Self.gap })
    return (width > 1 << 40 ? width : width + 2 * margin - Self.gap, height + 2 * margin - Self.gap)
  }

  /// The words of a text in lines no wider than `width`; longer words are cut.
  private static func lines(_ text: String, _ width: Double, _ size: Double) throws -> [String] {
    guard !text.isEmpty else { return [] }
    func room(_ text: String) -> Double { TextWidth.points(text, size: size) }
    return try text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
      var lines = [""]
      for word in line.split(separator: " ") {
        try Safepoint.check(after: 20 * word.count)
        let last = lines[lines.count - 1]
        if !last.isEmpty, room("\(last) \(word)") <= width {
          lines[lines.count - 1] = "\(last) \(word)"
          continue
        }
        if !last.isEmpty { lines.append("") }
        var used = 0.0
        for letter in word {
          let more = room(String(letter))
          if used > 0, used + more > width {
            lines.append("")
            used = 0
          }
          lines[lines.count - 1].append(letter)
          used += more
        }
      }
      return lines
    }
  }

  /// Calls with each cell and where it begins.
  private func forEach(_ body: (Cell, _ x: Int, _ y: Int, _ row: Int) throws -> Void) throws {
    var top = margin
    for (row, cells) in rows.enumerated() {
      for (column, cell) in cells.enumerated() {
        try Safepoint.check()
        if let cell { try body(cell, margin + column * (width + Self.gap), top, row) }
      }
      top += rowHeight(row) + Self.gap
    }
  }

  /// The sheet as pixels, on white, or the only picture with what is transparent in it.
  var picture: RasterImage {
    get throws {
      if let only { return try only.enlarged(scale) }
      let (columns, height) = size
      var rgba = [UInt8](repeating: 255, count: 4 * columns * height)
      try forEach { cell, x, y, row in
        if let picture = cell.picture { try draw(picture, x + (width - picture.width * scale) / 2, y, &rgba, columns) }
        try write(cell.text, x, y + (try textTop(cell, row)), &rgba, columns)
      }
      return RasterImage(width: columns, height: height, rgba: rgba)
    }
  }

  private func draw(_ picture: RasterImage, _ left: Int, _ top: Int, _ rgba: inout [UInt8], _ columns: Int) throws {
    for y in 0..<picture.height * scale {
      try Safepoint.check(after: 4 * picture.width * scale)
      for x in 0..<picture.width * scale {
        let (from, to) = (4 * (y / scale * picture.width + x / scale), 4 * ((top + y) * columns + left + x))
        let alpha = Int(picture.rgba[from + 3])
        for sample in 0..<3 {
          rgba[to + sample] = UInt8((Int(picture.rgba[from + sample]) * alpha + 255 * (255 - alpha) + 127) / 255)
        }
      }
    }
  }

  /// How far below the top of a row a text begins: under the picture, or in the middle where there is none.
  private func textTop(_ cell: Cell, _ row: Int) throws -> Int {
    if cell.picture != nil { return heights[row].picture }
    let lines = try Self.lines(cell.text, Double(width), textSize).count
    return max((heights[row].picture - lines * lineHeight) / 2, 0)
  }

  /// Where the baseline of a line of text is below the top of the texts.
  private func baseline(_ line: Int) -> Double { Double(line * lineHeight) + textSize }

  private func write(_ text: String, _ left: Int, _ top: Int, _ rgba: inout [UInt8], _ columns: Int) throws {
    let lines = try Self.lines(text, Double(width), textSize)
    guard !lines.isEmpty else { return }
    let ink = Drawing.Ink(40, 40, 40)
    var strip = Drawing(
      width: Double(width), height: Double(lines.count * lineHeight), background: Drawing.Ink(255, 255, 255))
    strip.elements = lines.enumerated().map { line, text in
      .text(Drawing.Text(text, Drawing.Point(0, baseline(line)), ink, size: textSize))
    }
    // A point of the strip is a pixel of the sheet.
    let picture = try strip.picture(dotsPerInch: 72)
    for row in 0..<picture.height {
      let (from, to) = (4 * row * picture.width, 4 * ((top + row) * columns + left))
      rgba.replaceSubrange(to..<to + 4 * picture.width, with: picture.rgba[from..<from + 4 * picture.width])
    }
  }

  /// The sheet as SVG, with texts as such.
  var svg: String {
    get throws {
      if let only { return only.svg(scale: scale) }
      let (columns, height) = size
      var svg = """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(columns)" height="\(height)" viewBox="0 0 \(columns) \(height)">
        <rect width="100%" height="100%" fill="white"/>

        """
      try forEach { cell, x, y, row in
        if let picture = cell.picture {
          let body = picture.svg().split(separator: "\n").dropFirst().dropLast().joined(separator: "\n")
          svg += "<g transform=\"translate(\(x + (width - picture.width * scale) / 2) \(y)) scale(\(scale))\""
          svg += " shape-rendering=\"crispEdges\">\n\(body)\n</g>\n"
        }
        for (line, text) in try Self.lines(cell.text, Double(width), textSize).enumerated() {
          let bottom = Double(y + (try textTop(cell, row))) + baseline(line)
          svg += "<text x=\"\(x)\" y=\"\(bottom)\" font-family=\"\(TextWidth.fonts)\" font-size=\"\(textSize)\">"
          svg += "\(Markup.escaped(text))</text>\n"
        }
      }
      return svg + "</svg>\n"
    }
  }

  /// Writes the sheet in the form of one of the endings of pictures.
  func write(to path: String, ending: String) throws {
    if ending == "svg" { try AtomicFile.write(try svg, to: path) } else { try picture.write(to: path, ending: ending) }
  }
}
