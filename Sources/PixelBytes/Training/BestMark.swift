import Formats
import Foundation

/// What the file best.json of a run's best model tells of it, so that it is known for one of the run.
struct BestMark: Codable {
  /// The steps before the evaluation that it is from.
  let step: Int
  /// What made it the best.
  let keep: String
  /// The steps before the first evaluation that it was compared with.
  let since: Int
  /// The SHA-256 of its tensors.
  let sha256: String

  /// The name of the file.
  static let file = "best.json"

  /// The mark of the best model in a folder; nil where the tensors beside it are not those that it was written with, or none is there.
  init?(of folder: String) throws(FormatError) {
    let path = folder + "/" + Self.file
    let tensors = folder + "/" + Checkpoint.tensorFile
    guard FileManager.default.fileExists(atPath: path), FileManager.default.fileExists(atPath: tensors) else {
      return nil
    }
    let bytes = Data(try readFile(path, limit: 1 << 20))
    do { self = try JSONDecoder().decode(BestMark.self, from: bytes) } catch { return nil }
    guard SHA256.digest(of: try readFile(tensors, limit: 4 << 30)) == sha256 else { return nil }
  }

  init(step: Int, keep: String, since: Int, sha256: String) {
    (self.step, self.keep, self.since, self.sha256) = (step, keep, since, sha256)
  }

  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return Array(String(decoding: try encoder.encode(self), as: UTF8.self).utf8) + [UInt8(ascii: "\n")]
  }
}
