import Formats
import PixelScript

/// A picture in a script.
public final class ImageObject: Pictured {
  /// The picture.
  public let image: RasterImage

  /// Wraps a picture.
  public init(_ image: RasterImage) { self.image = image }

  /// The picture.
  public var picture: RasterImage? { image }

  /// Nothing.
  public var caption: String { "" }
}

extension ImageObject: ScriptObject {
  /// "image".
  public static let scriptName = "image"
  /// The size, as in `image 16x16`.
  public var displayText: String { "image \(image.width)x\(image.height)" }
  /// The sizes.
  public var fieldNames: [String] { ["width", "height"] }
  /// Four bytes a pixel.
  public var memoryCost: Int { 112 + image.rgba.count }

  /// `width` and `height` in pixels.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "width": .number(image.width)
    case "height": .number(image.height)
    default: nil
    }
  }

  /// True when sizes and all pixels are equal.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? ImageObject)?.image == image }
}

extension ImageObject: Showable {
  /// Pictures are.
  public var isShownInPassing: Bool { true }
  /// The picture.
  public func rendering() -> Rendering { .picture(image) }
}

extension ImageObject: Savable {
  /// Those of pictures.
  public static var fileEndings: [String] { RasterImage.fileEndings }
  /// Writes the image.
  public func save(to path: String, ending: String) throws { try image.write(to: path, ending: ending) }
}
