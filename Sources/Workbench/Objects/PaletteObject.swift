import Formats
import PixelBytes
import PixelScript

/// A palette in a script; it draws itself as a picture of its colors.
public final class PaletteObject: Pictured {
  /// The palette.
  public let palette: Palette
  /// The name or path it was loaded by.
  public let name: String

  /// Wraps a palette.
  public init(_ palette: Palette, name: String) { (self.palette, self.name) = (palette, name) }

  /// The colors in rows of at most eleven, what is left over transparent.
  public var picture: RasterImage? { swatches }

  private var swatches: RasterImage {
    let width = min(palette.colors.count, 11)
    let height = (palette.colors.count + width - 1) / width
    var rgba = [UInt8](repeating: 0, count: 4 * width * height)
    for (place, color) in palette.colors.enumerated() {
      rgba.replaceSubrange(4 * place..<4 * place + 4, with: [color.red, color.green, color.blue, 255])
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }

  /// The name.
  public var caption: String { name }
}

extension PaletteObject: ScriptObject {
  /// "palette".
  public static let scriptName = "palette"
  /// The name and the number of colors.
  public var displayText: String { "palette \(Display.quoted(name)): \(palette.colors.count) colors" }
  /// What every palette has.
  public var fieldNames: [String] { ["name", "colors"] }
  /// The number of colors.
  public var length: Int? { palette.colors.count }

  /// `name`, and `colors`, a list of strings of six hexadecimal digits.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "name": .string(self.name)
    case "colors": .list(palette.colors.map { .string($0.hex) })
    default: nil
    }
  }

  /// True for the same colors in the same order.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? PaletteObject)?.palette == palette }
}

extension PaletteObject: Showable {
  /// Pictures are.
  public var isShownInPassing: Bool { true }
  /// The colors as a picture.
  public func rendering() -> Rendering { .picture(swatches) }
}

extension PaletteObject: Savable {
  /// Those of palettes, and of pictures of their colors.
  public static var fileEndings: [String] { Palette.fileEndings + RasterImage.fileEndings }
  /// Writes the colors, or the picture of them.
  public func save(to path: String, ending: String) throws {
    if Palette.fileEndings.contains(ending) {
      let base = name.split(separator: "/").last.map(String.init) ?? name
      try AtomicFile.write(palette.text(ending: ending, name: base), to: path)
    } else {
      try swatches.write(to: path, ending: ending)
    }
  }
}
