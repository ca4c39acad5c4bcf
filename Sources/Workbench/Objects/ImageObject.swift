import Formats
import PixelScript

/// A picture in a script.
public final class ImageObject: Pictured {
  /// The picture.
  public let picture: RasterImage

  /// Wraps a picture.
  public init(_ picture: RasterImage) { self.picture = picture }

  /// Nothing.
  public var caption: String { "" }
}

extension ImageObject: ScriptObject {
  /// "image".
  public static let scriptName = "image"
  /// The size, as in `image 16x16`.
  public var displayText: String { "image \(picture.width)x\(picture.height)" }
  /// The sizes.
  public var fieldNames: [String] { ["width", "height"] }
  /// Four bytes a pixel.
  public var memoryCost: Int { 64 + picture.rgba.count }

  /// `width` and `height` in pixels.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "width": .number(picture.width)
    case "height": .number(picture.height)
    default: nil
    }
  }

  /// True when sizes and all pixels are equal.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? ImageObject)?.picture == picture }
}

extension ImageObject: Showable {
  /// The picture as half blocks or characters.
  public func drawing(in style: DisplayStyle) -> String {
    ImageView(picture, style: style).lines.map { $0 + "\n" }.joined()
  }
}

extension ImageObject: Savable {
  /// Those of pictures.
  public static var fileEndings: [String] { RasterImage.fileEndings }
  /// Writes the picture.
  public func save(to path: String, ending: String) throws { try picture.write(to: path, ending: ending) }
}
