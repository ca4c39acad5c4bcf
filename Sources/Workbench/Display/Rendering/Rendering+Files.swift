import Formats
import Foundation
import Safepoint

extension Rendering {
  /// The file that fits it best: PNG of a picture, SVG of a plot, CSV of a table, else plain text; throws when the work must stop.
  public func file() throws -> RenderedFile {
    let file =
      switch self {
      case .picture(let picture): RenderedFile(ending: "png", mediaType: "image/png", bytes: try PNG.encode(picture))
      case .plot(let chart):
        RenderedFile(ending: "svg", mediaType: "image/svg+xml", bytes: Array(try ChartScene(chart).drawing.svg().utf8))
      case .table(let table):
        if let csv = table.csv {
          RenderedFile(ending: "csv", mediaType: "text/csv", bytes: csv)
        } else {
          try plainFile()
        }
      case .sheet(let sheet):
        RenderedFile(ending: "png", mediaType: "image/png", bytes: try PNG.encode(try sheet.picture))
      case .animation(let animation):
        RenderedFile(ending: "png", mediaType: "image/apng", bytes: try animation.file().picture)
      case .text, .grid, .column: try plainFile()
      }
    try Safepoint.check()
    return file
  }

  private func plainFile() throws -> RenderedFile {
    RenderedFile(ending: "txt", mediaType: "text/plain", bytes: Array(try text().utf8))
  }

  /// A part of a page of HTML without scripts and references: pictures and plots stand in it; throws when the work must stop.
  public func html() throws -> String {
    let html =
      switch self {
      case .text(let text): "<pre>\(Markup.escaped(text))</pre>\n"
      case .picture(let picture): try Self.html(picture, "") + "\n"
      case .grid(let tiles):
        "<div>\n" + (try tiles.map { try Self.html($0) }.joined()) + "</div>\n"
      case .sheet(let sheet):
        try sheet.rows.map { row in
          let tiles = try row.map { try Self.html($0 ?? Tile(nil, ""), scale: sheet.scale) }
          return "<div>\n\(tiles.joined())</div>\n"
        }.joined()
      case .animation(let animation):
        try Self.html(animation)
      case .plot(let chart): try ChartScene(chart).drawing.svg()
      case .table(let table): table.html
      case .column(let parts): try parts.map { try $0.html() }.joined()
      }
    try Safepoint.check()
    return html
  }

  private static func html(_ animation: Animation) throws -> String {
    let (bytes, width, height) = try animation.file()
    return """
      <img src="data:image/png;base64,\(Data(bytes).base64EncodedString())" alt="\(animation.frames.count) frames" \
      width="\(width)" height="\(height)" style="image-rendering:pixelated">

      """
  }

  private static func html(_ tile: Tile, scale: Int? = nil) throws -> String {
    let picture = try tile.picture.map { try html($0, tile.caption, scale: scale) } ?? ""
    return """
      <figure style="display:inline-block;margin:4px">\(picture)\
      <figcaption>\(Markup.escaped(tile.caption))</figcaption></figure>

      """
  }

  /// Small pictures are enlarged by a whole factor and keep their pixels sharp.
  private static func html(_ picture: RasterImage, _ words: String, scale: Int? = nil) throws -> String {
    let scale = scale ?? max(1, 128 / max(picture.width, picture.height))
    let data = Data(try PNG.encode(picture)).base64EncodedString()
    return """
      <img src="data:image/png;base64,\(data)" alt="\(Markup.escaped(words))" width="\(picture.width * scale)" \
      height="\(picture.height * scale)" style="image-rendering:pixelated">
      """
  }
}
