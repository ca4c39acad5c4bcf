import Formats
import Foundation

extension TrainingRecord {
  /// The version of the layout of training.json.
  static let version = 1

  private struct File: Codable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var pixelbytes_version: Int
    var runs: [TrainingRecord]
  }

  private struct Version: Codable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var pixelbytes_version: Int
  }

  /// The text of training.json: the same for the same runs.
  static func encoded(_ runs: [TrainingRecord]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // A model may have learned nothing: a loss that is no number is a result too.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let data = try encoder.encode(File(pixelbytes_version: version, runs: runs))
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// Reads training.json; throws a `FormatError` that says which field of which run is wrong.
  static func decode(contentsOf path: String) throws(FormatError) -> [TrainingRecord] {
    let bytes = Data(try readFile(path, limit: 1 << 26, expected: "a record of training"))
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      let found = try decoder.decode(Version.self, from: bytes).pixelbytes_version
      guard found <= version else {
        throw FormatError(
          .unsupported, in: path, "is of version \(found); this program reads up to \(version)")
      }
      return try decoder.decode(File.self, from: bytes).runs
    } catch let error as FormatError { throw error } catch {
      throw FormatError(.malformed, in: path, "is no record of training: \(reason(error))")
    }
  }

  static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, let context): return place(context.codingPath + [key]) + " is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      return place(context.codingPath) + ": " + context.debugDescription
    @unknown default: return "\(error)"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    let names = path.map { $0.intValue.map { "[\($0)]" } ?? "." + $0.stringValue }.joined()
    return names.isEmpty ? "the text" : names.hasPrefix(".") ? String(names.dropFirst()) : names
  }
}
