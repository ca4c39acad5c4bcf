import Formats
import Foundation

/// Pictures that texts of a notebook name by their paths, as addresses that hold them.
struct EmbeddedPictures {
  private let folder: String
  private let files: FileAccess

  /// The most bytes of a picture.
  private static let limit = 2 << 20
  private static let kinds = [
    "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "webp": "webp", "svg": "svg+xml",
  ]

  /// Those whose paths begin where a script lies.
  init(beside script: String, _ files: FileAccess) {
    folder = script.lastIndex(of: "/").map { String(script[...$0]) } ?? ""
    self.files = files
  }

  /// The picture at a path as an address; nil for an address elsewhere, and for what can't be read, is no picture or too large.
  func address(_ path: String) -> String? {
    guard let place = path.removingPercentEncoding, !path.contains(":"),
      let kind = place.lastIndex(of: ".").flatMap({ Self.kinds[place[place.index(after: $0)...].lowercased()] })
    else { return nil }
    do {
      let bytes = try readFile(try files.readable(place.hasPrefix("/") ? place : folder + place), limit: Self.limit)
      return "data:image/\(kind);base64,\(Data(bytes).base64EncodedString())"
    } catch { return nil }
  }
}
