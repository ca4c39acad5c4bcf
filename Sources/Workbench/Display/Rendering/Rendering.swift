import Formats
import PixelScript
import Safepoint
import Tensors

/// What a cell shows: a value that nothing changes any more, which draws itself as text, as HTML and as a file.
public indirect enum Rendering: Sendable, Codable {
  /// A picture of a grid with what stands under it; either may be missing.
  public struct Tile: Sendable, Codable {
    /// The picture.
    public let picture: RasterImage?
    /// What stands under it, as it came from the data.
    public let caption: String

    /// Creates a tile.
    public init(_ picture: RasterImage?, _ caption: String) { (self.picture, self.caption) = (picture, caption) }
  }

  /// Whole lines, which may hold anything that data hold.
  case text(String)
  case picture(RasterImage)
  case grid([Tile])
  case sheet(Sheet)
  case animation(Animation)
  case plot(Chart)
  case table(TableView)
  /// One below the other.
  case column([Rendering])

  /// The most pictures of a list that are shown.
  static let tileLimit = 64

  /// The most plots of a list that are shown.
  static let plotLimit = 12

  /// The drawing of a value that draws itself, a grid for a list of pictures, else the value's text; an echo may show less.
  public init(of value: Value, isEcho: Bool = false) throws {
    switch value {
    case .object(let object as any Showable):
      self = try isEcho ? object.echo() : object.rendering()
      return
    case .map(let map):
      if let table = Self.listing(of: map) {
        self = table.rendering()
        return
      }
    case .list(let list):
      if let drawing = try Self.drawing(of: list) {
        self = drawing
        return
      }
    default: break
    }
    self = .text(ValueView.plain(value))
  }

  /// Whether a statement in the middle of a cell shows a value: what draws itself, and lists of that which are drawn.
  static func isShownInPassing(_ value: Value) throws -> Bool {
    switch value {
    case .object(let object as any Showable): object.isShownInPassing
    case .list(let list): try drawing(of: list) != nil
    default: false
    }
  }

  /// The drawing of a list of pictures, of rows of them, or of plots; nil for another list.
  private static func drawing(of list: ScriptList) throws -> Rendering? {
    func pictured(_ value: Value) -> (any Pictured)? {
      if case .object(let object) = value { object as? any Pictured } else { nil }
    }
    if list.count > 0, pictured(list[0]) != nil {
      let pictures = list.values.compactMap(pictured)
      guard pictures.count == list.count else { return nil }
      let tiles = try pictures.prefix(Self.tileLimit).map { Tile(try $0.picture, $0.caption) }
      let more = pictures.count - tiles.count
      return more > 0 ? .column([.grid(tiles), .text("(\(more) more)\n")]) : .grid(tiles)
    }
    if let pictures = try ArrangedPictures(rowsIn: list) { return pictures.rendering() }
    return charts(in: list).map { charts in
      let more = list.count - charts.count
      return .column(charts.map { .plot($0) } + (more > 0 ? [.text("(\(more) more)\n")] : []))
    }
  }

  /// The first plots of a list of nothing else; nil for another list.
  private static func charts(in list: ScriptList) -> [Chart]? {
    guard list.count > 0 else { return nil }
    var charts: [Chart] = []
    for place in 0..<list.count {
      guard case .object(let plot as PlotObject) = list[place] else { return nil }
      if place < plotLimit { charts.append(plot.chart) }
    }
    return charts
  }

  /// The names, shapes and types of a map of tensors, such as the parameters of a model; nil for a map of other values, or of
  /// tensors that are short enough to be written out.
  private static func listing(of map: ScriptMap) -> TableObject? {
    guard map.count > 0, map.count <= 10_000 else { return nil }
    let tensors = map.entries.compactMap { entry -> TensorObject? in
      if case .object(let object) = entry.value { object as? TensorObject } else { nil }
    }
    guard tensors.count == map.count, tensors.contains(where: { $0.tensor.count > 8 }) else { return nil }
    return TableObject(
      columns: ["name", "shape", "elements", "type"],
      rows: zip(map.entries, tensors).map { entry, tensor in
        [
          entry.key, .string("\(tensor.shape)"), .number(tensor.tensor.count),
          .string(tensor.tensor.elementType.rawValue),
        ]
      })
  }

  /// The lines in a style; throws when the work must stop, as a drawing may have ended early then.
  public func text(in style: DisplayStyle = DisplayStyle()) throws(Stopped) -> String {
    let text = drawn(in: style)
    try Safepoint.check()
    return text
  }

  private func drawn(in style: DisplayStyle) -> String {
    switch self {
    case .text(let text): text
    case .picture(let picture): ImageGrid.text([Tile(picture, "")], style: style)
    case .grid(let tiles): ImageGrid.text(tiles, style: style)
    case .sheet(let sheet): ImageGrid.text(sheet, style: style)
    case .animation(let animation): animation.still.map { $0.drawn(in: style) }.joined()
    case .plot(let chart): ChartView.text(chart, style: style)
    case .table(let table): table.text(in: style)
    case .column(let parts):
      parts.map { $0.isText ? ControlCharacters.escaped($0.drawn(in: style)) : $0.drawn(in: style) }.joined()
    }
  }

  /// The lines for a terminal, where nothing acts that a drawing has not put there itself; throws as `text` does.
  public func terminalText(in style: DisplayStyle) throws(Stopped) -> String {
    switch self {
    // Captions are made printable where they are drawn.
    case .picture, .grid, .sheet, .animation: return try text(in: style)
    case .column(let parts):
      var text = ""
      for part in parts { text += try part.terminalText(in: style) }
      return text
    case .text: return ControlCharacters.escaped(try text(in: style))
    case .plot, .table: return ControlCharacters.escaped(try text(in: style.inText), keepingColors: true)
    }
  }

  /// True for text alone, which selects no colors and in which nothing is escaped yet.
  public var isText: Bool { if case .text = self { true } else { false } }

  /// True for what moves on a terminal.
  var isAnimation: Bool { if case .animation = self { true } else { false } }

  /// About how many bytes it takes to keep it.
  public var cost: Int {
    switch self {
    case .text(let text): 64 + text.utf8.count
    case .picture(let picture): 64 + picture.rgba.count
    case .grid(let tiles): Self.cost(of: tiles)
    case .sheet(let sheet): sheet.cost
    case .animation(let animation): Self.cost(of: animation.frames)
    case .plot(let chart): chart.cost
    case .table(let table): table.cost
    case .column(let parts): parts.reduce(64) { $0 + $1.cost }
    }
  }
}

extension Rendering {
  static func cost(of tiles: [Tile]) -> Int {
    tiles.reduce(64) { $0 + 64 + $1.caption.utf8.count + ($1.picture?.rgba.count ?? 0) }
  }
}

/// A file that shows what a cell showed.
public struct RenderedFile: Sendable, Equatable {
  /// How its name ends, such as "png".
  public let ending: String
  /// Its type as the web names it, such as "image/png".
  public let mediaType: String
  /// What is in it.
  public let bytes: [UInt8]
}
