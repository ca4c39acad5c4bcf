import Formats
import PixelBytes
import PixelScript
import Safepoint

/// Pictures of a script laid out to be seen or saved: a list, rows of lists, a data set, or an output with its texts.
struct ArrangedPictures {
  /// How they are laid out.
  struct Layout {
    /// What stands under each; nil for nothing.
    var titles: Titles?
    var rows: PictureDivision?
    var columns: PictureDivision?
    /// The most columns where nothing is said of rows and columns.
    var mostColumns = Int.max
    var scale: Int?
    /// The frames of an animation that are shown in a second.
    var fps: Double?

    /// The layout of what is drawn, where as many stand side by side as there is room for: at most eight.
    func forShow(_ style: DisplayStyle) -> Layout {
      guard rows == nil, columns == nil else { return self }
      var layout = self
      layout.mostColumns = max(min(style.width / 12, 8), 1)
      return layout
    }

    /// Whether nothing is said.
    var isEmpty: Bool { titles == nil && rows == nil && columns == nil && scale == nil && fps == nil }
  }

  /// What stands under pictures.
  enum Titles: ScriptConvertible {
    /// Their captions.
    case captions
    case texts([String])

    static let scriptName = "list of strings or true"

    static func convert(_ value: Value) throws(Stopped) -> Titles? {
      if case .bool(let isWanted) = value { return isWanted ? .captions : .texts([]) }
      if case .list(let rows) = value, rows.count > 0, case .list = rows[0] {
        var texts: [String] = []
        for row in rows.values {
          guard let more = try [String].convert(row) else { return nil }
          texts += more
        }
        return .texts(texts)
      }
      return try [String].convert(value).map { .texts($0) }
    }

    var scriptValue: Value {
      switch self {
      case .captions: .bool(true)
      case .texts(let texts): texts.scriptValue
      }
    }
  }

  private static let animations = ["gif", "apng"]
  private static let endings = RasterImage.fileEndings + animations
  /// The pictures of one file.
  private static let limit = 10_000

  private let rows: [[PictureSheet.Cell?]]
  private let layout: Layout
  /// The most pictures that are drawn at once.
  private static let shownLimit = 256

  /// Whether an ending is that of a picture.
  static func isPicture(_ ending: String) -> Bool { endings.contains(ending) }

  /// The pictures of a value; nil when it has none, or is a picture by itself and nothing is said of a layout, unless it is to be the
  /// frame of an animation: then it is as large as it is.
  init?(_ value: Value, _ layout: Layout, ending: String = "") throws {
    let isAlone = layout.isEmpty && Self.isAlone(value)
    if isAlone, !Self.animations.contains(ending) { return nil }
    var layout = layout
    if isAlone { layout.scale = 1 }
    self.layout = layout
    switch value {
    case .object(let data as DataSetObject):
      guard data.data.count <= Self.limit else { throw Self.tooMany(data.data.count) }
      let cells = try (0..<data.data.count).map { place -> PictureSheet.Cell in
        try Safepoint.check()
        let row = try data.row(place)
        return PictureSheet.Cell(picture: row.picture, text: row.caption)
      }
      rows = try Self.arranged(cells, layout)
    case .object(let output as OutputObject):
      rows = output.decoding.parts.compactMap { part, _ -> PictureSheet.Cell? in
        switch part {
        case .text(let text) where !text.isEmpty: PictureSheet.Cell(picture: nil, text: text)
        case .image(let image): PictureSheet.Cell(picture: image.raster, text: "")
        default: nil
        }
      }.map { [$0] }
      if rows.isEmpty { throw ScriptError(.value, "the output holds no picture and no text to save", argument: "x") }
    case .object(let object as any Pictured):
      rows = try Self.arranged([try Self.cell(object)], layout)
    case .list(let list):
      guard let found = try Self.rows(of: list, layout) else { return nil }
      rows = found
    default: return nil
    }
  }

  /// Whether a value is one picture without words.
  private static func isAlone(_ value: Value) -> Bool {
    switch value {
    case .object(let output as OutputObject): output.decoding.images.count == 1 && output.decoding.text.isEmpty
    case .object(let object): object is any Pictured
    default: false
    }
  }

  private static func cell(_ object: any Pictured) throws -> PictureSheet.Cell {
    PictureSheet.Cell(picture: try object.picture, text: object.caption)
  }

  private static func tooMany(_ count: Int) -> ScriptError {
    ScriptError(.limit, "a file shows at most \(limit) pictures, found \(count)", argument: "x")
  }

  /// The rows of a list of pictures, or of lists of them; nil for another list.
  private static func rows(of list: ScriptList, _ layout: Layout) throws -> [[PictureSheet.Cell?]]? {
    guard list.count > 0 else { return nil }
    guard list.count <= limit else { throw tooMany(list.count) }
    if case .list = list[0] {
      var rows: [[PictureSheet.Cell?]] = []
      for value in list.values {
        guard case .list(let row) = value, row.count <= limit, let cells = try cells(of: row) else { return nil }
        rows.append(cells)
      }
      guard layout.rows?.isCount != true, layout.columns?.isCount != true else {
        throw ScriptError(
          .value, "lists of lists say themselves how many rows and columns there are",
          help: "`rows: [\"a\", \"b\"]` and `columns: [\"c\", \"d\"]` name them", argument: "columns")
      }
      var places = try titled(Array(rows.joined()), layout).makeIterator()
      return try layout.labelled(rows.map { row in row.map { _ in places.next() ?? nil } })
    }
    return try cells(of: list).map { try arranged($0, layout) }
  }

  /// The cells of a list of pictures, nil ones among them; nil for another list.
  private static func cells(of list: ScriptList) throws -> [PictureSheet.Cell?]? {
    var cells: [PictureSheet.Cell?] = []
    for value in list.values {
      switch value {
      case .nil: cells.append(nil)
      case .object(let object as any Pictured): cells.append(try cell(object))
      case .object(let output as OutputObject):
        cells.append(PictureSheet.Cell(picture: output.decoding.images.first?.raster, text: output.decoding.text))
      default: return nil
      }
    }
    return cells.contains { $0 != nil } ? cells : nil
  }

  /// The cells with the texts that the layout wants: one for each place, or for each picture.
  private static func titled(_ cells: [PictureSheet.Cell?], _ layout: Layout) throws -> [PictureSheet.Cell?] {
    switch layout.titles {
    case .captions?: return cells
    case .texts(let texts)? where !texts.isEmpty:
      let count = cells.count { $0 != nil }
      guard texts.count == count || texts.count == cells.count else {
        throw ScriptError(.value, "there are \(texts.count) titles for \(count) pictures", argument: "titles")
      }
      var rest = texts[...]
      return cells.map { cell in
        guard let cell else {
          if texts.count > count { rest.removeFirst() }
          return nil
        }
        return PictureSheet.Cell(picture: cell.picture, text: rest.removeFirst())
      }
    default: return cells.map { cell in cell.map { PictureSheet.Cell(picture: $0.picture, text: "") } }
    }
  }

  private static func arranged(_ cells: [PictureSheet.Cell?], _ layout: Layout) throws -> [[PictureSheet.Cell?]] {
    guard !cells.isEmpty else { throw ScriptError(.value, "there is no picture", argument: "x") }
    let titled = try titled(cells, layout)
    for (name, count) in [("rows", layout.rows?.count), ("columns", layout.columns?.count)] {
      if let count, count < 1 { throw ScriptError(.value, "\(name) must be 1 or more, found \(count)", argument: name) }
    }
    // About as many columns as rows when nothing is said.
    let columns =
      layout.columns?.count ?? layout.rows.map { (cells.count - 1) / $0.count + 1 }
      ?? min(Int(Double(cells.count).squareRoot().rounded(.up)), layout.mostColumns)
    if let rows = layout.rows?.count, Size.product(rows, columns) < cells.count {
      throw ScriptError(
        .value, "\(rows) rows of \(columns) have no room for \(cells.count) pictures", argument: "rows")
    }
    if let rows = layout.rows, rows.isCount, layout.columns != nil {
      let filled = (cells.count - 1) / columns + 1
      guard filled == rows.count else {
        throw ScriptError(
          .value, "\(cells.count) pictures in \(columns) columns fill \(filled) rows, and `rows` says \(rows.count)",
          help: "leave out `rows` or `columns`", argument: "rows")
      }
    }
    return try layout.labelled(
      stride(from: 0, to: cells.count, by: min(columns, cells.count)).map { start in
        Array(titled[start..<min(start + columns, titled.count)])
      })
  }

  private func checkScale() throws(ScriptError) {
    if let scale = layout.scale, !(1...1000).contains(scale) {
      throw ScriptError(.value, "scale must be from 1 to 1000, found \(scale)", argument: "scale")
    }
  }

  private func checkedRate(most: Double = APNG.mostPerSecond) throws(ScriptError) -> Double {
    let fps = layout.fps ?? 10
    guard fps > 0, fps <= most else {
      throw ScriptError(
        .value,
        "fps must be above 0 and at most \(Int(most))\(most < APNG.mostPerSecond ? " in a .gif" : ""), found \(Display.text(of: fps))",
        help: most < APNG.mostPerSecond && fps > 0 ? "a .apng shows more, as GIF counts hundredths of a second" : nil,
        argument: "fps")
    }
    return fps
  }

  /// What stands under the pictures.
  var texts: [String] { rows.joined().compactMap { $0?.text } }

  /// Writes the file.
  func write(to path: String, ending: String) throws {
    try checkScale()
    guard Self.animations.contains(ending) else {
      if layout.fps != nil {
        throw ScriptError(.value, "only a .gif or .apng has frames, found \(Display.quoted(path))", argument: "fps")
      }
      let isOutput = rows.allSatisfy { $0.count == 1 } && rows.count > 1
      return try PictureSheet(rows: rows, scale: layout.scale, textWidth: isOutput ? 480 : 96)
        .write(to: path, ending: ending)
    }
    let isGIF = ending == "gif"
    let fps = try isGIF ? checkedRate(most: 50) : checkedRate()
    let pictures = try Self.frames(rows.joined().compactMap { $0 }, scale: layout.scale)
    guard !pictures.isEmpty else { throw ScriptError(.value, "there is no picture", argument: "x") }
    let frames = pictures.map { GIF.Frame(image: $0, delay: isGIF ? Int((100 / fps).rounded()) : 0) }
    let bytes = try isGIF ? GIF.encode(frames, file: path) : APNG.encode(frames, perSecond: fps, file: path)
    try Safepoint.check()
    try AtomicFile.write(bytes, to: path)
  }
}

extension ArrangedPictures {
  /// The pictures of an animation, with their titles where there are some: then all are of one size.
  static func frames(_ cells: [PictureSheet.Cell], scale wished: Int?, fills: Bool = false) throws -> [RasterImage] {
    let cells = cells.filter { $0.picture != nil }
    let scales = cells.compactMap(\.picture).map { max(1, 128 / max($0.width, $0.height)) }
    let sizes = Set(cells.compactMap(\.picture).map { [$0.width, $0.height] })
    guard cells.contains(where: { !$0.text.isEmpty }) || fills && sizes.count > 1 else {
      return try zip(cells, scales).compactMap { cell, scale in
        try Safepoint.check()
        return try cell.picture?.enlarged(wished ?? scale)
      }
    }
    let sheets = try cells.map { cell in
      try Safepoint.check()
      return try PictureSheet(rows: [[cell]], scale: wished ?? scales.min(), textWidth: 96).picture
    }
    let (width, height) = (sheets.map(\.width).max() ?? 0, sheets.map(\.height).max() ?? 0)
    return try sheets.map { try $0.onWhite(width: width, height: height) }
  }
}

extension RasterImage {
  /// The picture at the top of a white one, in its middle.
  fileprivate func onWhite(width: Int, height: Int) throws -> RasterImage {
    guard width > self.width || height > self.height else { return self }
    try Safepoint.reserve(4, times: width, height, for: "a picture")
    var pixels = [UInt8](repeating: 255, count: 4 * width * height)
    let left = (width - self.width) / 2
    for y in 0..<self.height {
      let (from, to) = (4 * y * self.width, 4 * (y * width + left))
      pixels.replaceSubrange(to..<to + 4 * self.width, with: rgba[from..<from + 4 * self.width])
    }
    return RasterImage(width: width, height: height, rgba: pixels)
  }

  /// Each pixel as a square of so many.
  func enlarged(_ scale: Int) throws -> RasterImage {
    guard scale > 1 else { return self }
    let (width, height) = (Size.product(self.width, scale), Size.product(self.height, scale))
    guard width <= Self.sideLimit, height <= Self.sideLimit, Size.product(width, height) <= Self.pixelLimit else {
      throw ScriptError(.limit, "a frame would have \(width) x \(height) pixels", help: "a smaller `scale:`")
    }
    try Safepoint.reserve(4, times: width, height, for: "a picture")
    var pixels: [UInt8] = []
    pixels.reserveCapacity(4 * width * height)
    for y in 0..<height {
      try Safepoint.check(after: 10 * width)
      for x in 0..<width {
        let place = 4 * (y / scale * self.width + x / scale)
        pixels += rgba[place..<place + 4]
      }
    }
    return RasterImage(width: width, height: height, rgba: pixels)
  }
}

extension ArrangedPictures {
  /// The pictures of a list of lists; nil for another list.
  init?(rowsIn list: ScriptList) throws {
    guard list.count > 0, list.count <= Self.limit, case .list(let first) = list[0], first.count > 0 else { return nil }
    switch first[0] {
    case .nil, .object: break
    default: return nil
    }
    layout = Layout(titles: .captions)
    guard let found = try Self.rows(of: list, layout) else { return nil }
    rows = found
  }

  /// The pictures as `show` draws them: of very many the first rows.
  func rendering() -> Rendering {
    var (shown, count) = ([[Rendering.Tile?]](), 0)
    for row in rows where count < Self.shownLimit {
      shown.append(row.prefix(Self.shownLimit - count).map { cell in cell.map { Rendering.Tile($0.picture, $0.text) } })
      count += row.count
    }
    let more = rows.reduce(0) { $0 + $1.count } - shown.reduce(0) { $0 + $1.count }
    let sheet = Rendering.sheet(Rendering.Sheet(rows: shown, scale: layout.scale))
    return more > 0 ? .column([sheet, .text("(\(more) more)\n")]) : sheet
  }

  /// What `show` draws, after a look at the layout: a sheet, or with `fps` an animation.
  func checkedRendering() throws -> Rendering {
    try checkScale()
    guard layout.fps != nil else { return rendering() }
    let frames = rows.joined().compactMap { $0 }.filter { $0.picture != nil }
    guard !frames.isEmpty else { throw ScriptError(.value, "there is no picture", argument: "x") }
    return .animation(
      Rendering.Animation(
        frames: frames.map { Rendering.Tile($0.picture, $0.text) }, fps: try checkedRate(), scale: layout.scale))
  }
}
