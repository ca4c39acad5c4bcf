import Formats
import Foundation

extension ModelCard {
  /// The files that a card may be written to: the second when somebody has written or edited the first.
  static let files = ["README.md", "MODEL_CARD.md"]

  /// The text with a last line that tells whether somebody has edited it since.
  var signed: String { text + Self.signature(text) }

  private static func signature(_ text: String) -> String {
    "\n<!-- pixelbytes \(SHA256.digest(of: Array(text.utf8))): a card that is edited stays as it is -->\n"
  }

  /// The file of `folder` that a card may be written to without losing what somebody has written; nil when there is none.
  static func file(in folder: String) -> String? {
    files.first { name in
      let path = folder + "/" + name
      guard FileManager.default.fileExists(atPath: path) else { return true }
      // What cannot be read is none of ours.
      do { return isUnedited(try readTextFile(path, limit: 1 << 20)) } catch { return false }
    }
  }

  private static func isUnedited(_ card: String) -> Bool {
    guard let end = card.ranges(of: "\n<!-- pixelbytes ").last?.lowerBound else { return false }
    return card[end...] == signature(String(card[..<end]))
  }
}
