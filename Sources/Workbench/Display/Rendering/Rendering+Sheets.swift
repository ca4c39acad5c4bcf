import Formats
import Foundation
import PixelScript
import Safepoint

extension Rendering {
  /// Pictures in rows, as they were laid out.
  public struct Sheet: Sendable, Codable {
    /// The rows; nil leaves a place free.
    public let rows: [[Tile?]]
    /// How many columns of a terminal, or pixels of a file, a pixel is wide; nil for what is seen well.
    public let scale: Int?

    /// Creates a sheet.
    public init(rows: [[Tile?]], scale: Int? = nil) { (self.rows, self.scale) = (rows, scale) }

    /// All of it as one picture, texts under the pictures.
    var picture: RasterImage {
      get throws {
        let cells = rows.map { row in row.map { $0.map { PictureSheet.Cell(picture: $0.picture, text: $0.caption) } } }
        return try PictureSheet(rows: cells, scale: scale, textWidth: 96).picture
      }
    }

    /// The texts of all, for those who don't see the pictures.
    var words: String {
      let captions = rows.joined().compactMap { $0?.caption }.filter { !$0.isEmpty }
      return captions.isEmpty ? "pictures" : captions.joined(separator: "; ")
    }
  }

  /// Pictures that are shown one after the other in one place.
  public struct Animation: Sendable, Codable {
    /// The pictures in their order.
    public let frames: [Tile]
    /// How many are shown in a second.
    public let fps: Double
    /// How many columns of a terminal, or pixels of a file, a pixel is wide; nil for what is seen well.
    public let scale: Int?

    /// Creates an animation.
    public init(frames: [Tile], fps: Double, scale: Int? = nil) {
      (self.frames, self.fps, self.scale) = (frames, fps, scale)
    }

    /// The frames as a row of pictures, where nothing moves.
    var still: [Rendering] {
      let shown = frames.prefix(Rendering.tileLimit)
      let more = frames.count - shown.count
      let tiles = shown.map { Tile($0.picture, $0.caption) }
      return [.grid(tiles)] + (more > 0 ? [.text("(\(more) more)\n")] : [])
    }

    /// The frames as one file that browsers show moving.
    func file() throws -> (picture: [UInt8], width: Int, height: Int) {
      let cells = frames.map { PictureSheet.Cell(picture: $0.picture, text: $0.caption) }
      let pictures = try ArrangedPictures.frames(cells, scale: scale, fills: true)
      let bytes = try APNG.encode(pictures.map { GIF.Frame(image: $0, delay: 0) }, perSecond: fps)
      return (bytes, pictures.first?.width ?? 1, pictures.first?.height ?? 1)
    }

    /// The lines of a frame, as many for each, below which its text stands; a terminal that keeps pictures calls their place by
    /// `identity`.
    public func lines(of frame: Int, in style: DisplayStyle, identity: Int) -> [String] {
      // What is left of a picture shows through the next one where sixels are transparent.
      let style = style.pictures == .sixel ? style.inText : style
      let room = max(style.screen.lines - 3, 1)
      let view = frames[frame].picture.map {
        ImageView($0, style: style, lines: room, scale: scale, identity: identity)
      }
      var lines = view?.lines ?? []
      let height =
        frames.compactMap(\.picture).map {
          (ImageScale($0.width, $0.height, columns: style.width, lines: room, wished: scale).height + 1) / 2
        }.max() ?? 0
      lines += Array(repeating: "", count: max(height - lines.count, 0))
      guard frames.contains(where: { !$0.caption.isEmpty }) else { return lines }
      let words = DisplayWidth.printable(frames[frame].caption)
      return lines + [TerminalText.truncated(words, to: style.width - 1, unicode: style.unicode)]
    }
  }
}

extension Rendering.Sheet {
  /// The bytes that it takes, about.
  var cost: Int { Rendering.cost(of: rows.joined().compactMap { $0 }) }
}
