import Foundation
import Safepoint

/// The description of the arrays at the beginning of a safetensors file.
struct SafetensorsHeader {
  /// One array: where in the data behind the header it is.
  struct Description {
    let name: String
    let type: ElementType
    let shape: [Int]
    let range: Range<Int>
  }

  /// The texts under `__metadata__`.
  let metadata: [String: String]
  /// The arrays in the order of the header.
  let arrays: [Description]

  /// Returns how long the header is, from the first 9 bytes of a file.
  static func length(_ bytes: [UInt8], fileSize: Int, _ file: String) throws(FormatError) -> Int {
    guard fileSize >= 8, bytes.count >= 8 else {
      throw FormatError(.malformed, in: file, "ends after \(fileSize) bytes; a safetensors file starts with 8")
    }
    let length: UInt64 = bytes.littleEndian(at: 0)
    guard length <= UInt64(Safetensors.headerLimit) else {
      throw FormatError(
        .malformed, in: file, "states a header of \(length) bytes; at most \(Safetensors.headerLimit) are read")
    }
    guard Int(length) <= fileSize - 8 else {
      throw FormatError(
        .malformed, in: file, "states a header of \(length) bytes, but only \(fileSize - 8) bytes follow")
    }
    guard length >= 2, bytes.count > 8, bytes[8] == UInt8(ascii: "{") else {
      throw FormatError(.malformed, in: file, "the header does not start with {")
    }
    return Int(length)
  }

  /// Reads the header of a file with `dataSize` bytes behind it; the arrays must cover them exactly once.
  init(_ bytes: [UInt8], dataSize: Int, _ file: String) throws(FormatError) {
    let header = try Self.header(bytes, file)
    metadata = header.metadata
    var arrays: [Description] = []
    for name in try JSONKeys(bytes, file).topLevel where name != "__metadata__" {
      guard let description = header.arrays[name] else {
        throw FormatError(.malformed, in: file, "the name \"\(name)\" cannot be read")
      }
      let range = try Self.range(description, name, dataSize, file)
      guard let type = ElementType(rawValue: description.dtype) else {
        throw FormatError(
          .unsupported, in: file,
          "array \"\(name)\" has the type \(description.dtype); expected "
            + ElementType.allCases.map(\.rawValue).joined(separator: ", "))
      }
      try Safetensors.check(name, type, description.shape, byteCount: range.count, file)
      arrays.append(Description(name: name, type: type, shape: description.shape, range: range))
    }
    try Self.checkCoverage(arrays, dataSize, file)
    self.arrays = arrays
  }

  private static func header(_ bytes: [UInt8], _ file: String) throws(FormatError) -> HeaderText {
    do {
      return try JSONDecoder().decode(HeaderText.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw FormatError(.malformed, in: file, "the header is wrong: \(reason(error))")
    } catch {
      throw FormatError(.malformed, in: file, "the header is wrong: \(error)")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      guard let name = context.codingPath.first?.stringValue else { return "" }
      let field = context.codingPath.dropFirst().map(\.stringValue).joined(separator: ".")
      return "array \"\(name)\"" + (field.isEmpty ? ": " : ", \(field): ")
    }
    return switch error {
    case .keyNotFound(let key, let context): place(context) + "\"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context): place(context) + context.debugDescription
    case .dataCorrupted(let context): place(context) + context.debugDescription
    @unknown default: "\(error)"
    }
  }

  private static func range(
    _ description: ArrayDescription, _ name: String, _ available: Int, _ file: String
  ) throws(FormatError) -> Range<Int> {
    let offsets = description.data_offsets
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
      throw FormatError(.malformed, in: file, "array \"\(name)\" has the offsets \(offsets); expected [begin, end]")
    }
    guard offsets[1] <= available else {
      throw FormatError(
        .malformed, in: file,
        "array \"\(name)\" ends at byte \(offsets[1]) of the data, but only \(available) bytes follow the header")
    }
    return offsets[0]..<offsets[1]
  }

  private static func checkCoverage(_ arrays: [Description], _ end: Int, _ file: String) throws(FormatError) {
    var place = 0
    var previous = "the header"
    let sorted = arrays.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for array in sorted {
      if array.range.lowerBound < place {
        throw FormatError(.malformed, in: file, "array \"\(array.name)\" overlaps \(previous)")
      }
      if array.range.lowerBound > place {
        let gap = array.range.lowerBound - place
        throw FormatError(.malformed, in: file, "\(gap) bytes between \(previous) and \"\(array.name)\" belong to none")
      }
      place = array.range.upperBound
      previous = "\"\(array.name)\""
    }
    guard place == end else {
      throw FormatError(.malformed, in: file, "\(end - place) bytes after \(previous) belong to no array")
    }
  }
}

/// The header's description of one array, with the names of the format.
struct ArrayDescription: Codable {
  var dtype: String
  var shape: [Int]
  // swift-format-ignore: AlwaysUseLowerCamelCase
  var data_offsets: [Int]
}

/// The JSON header: a text map under one reserved name, an array under each other.
private struct HeaderText: Decodable {
  var metadata: [String: String] = [:]
  var arrays: [String: ArrayDescription] = [:]

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for name in container.allKeys {
      try Safepoint.check(after: 20_000)
      if name.stringValue == "__metadata__" {
        metadata = try container.decode([String: String].self, forKey: name)
      } else {
        arrays[name.stringValue] = try container.decode(ArrayDescription.self, forKey: name)
      }
    }
  }
}
