import Foundation

extension Safetensors {
  /// Reads arrays from the bytes of a file; `file` is the name that errors give it.
  ///
  /// Every length and offset is checked: the arrays must cover the data exactly once, without holes or overlaps.
  public init(decoding bytes: [UInt8], file: String = "safetensors") throws(FormatError) {
    let length = try Self.headerLength(bytes, file)
    let headerBytes = Array(bytes[8..<8 + length])
    let header = try Self.header(headerBytes, file)
    self.init(metadata: header.metadata, file: file)
    let order = try JSONKeys(headerBytes, file).topLevel.filter { $0 != "__metadata__" }
    let data = bytes[(8 + length)...]
    for name in order {
      guard let description = header.arrays[name] else {
        throw FormatError(.malformed, in: file, "the name \"\(name)\" cannot be read")
      }
      let range = try Self.range(description, name, data.count, file)
      guard let type = ElementType(rawValue: description.dtype) else {
        throw FormatError(
          .unsupported, in: file,
          "array \"\(name)\" has the type \(description.dtype); expected "
            + ElementType.allCases.map(\.rawValue).joined(separator: ", "))
      }
      let slice = data[(data.startIndex + range.lowerBound)..<(data.startIndex + range.upperBound)]
      try append(name, type, shape: description.shape, bytes: slice)
    }
    try checkCoverage(data.startIndex, data.endIndex)
  }

  private static func headerLength(_ bytes: [UInt8], _ file: String) throws(FormatError) -> Int {
    guard bytes.count >= 8 else {
      throw FormatError(.malformed, in: file, "ends after \(bytes.count) bytes; a safetensors file starts with 8")
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(headerLimit) else {
      throw FormatError(.malformed, in: file, "states a header of \(length) bytes; at most \(headerLimit) are read")
    }
    guard Int(length) <= bytes.count - 8 else {
      throw FormatError(
        .malformed, in: file, "states a header of \(length) bytes, but only \(bytes.count - 8) bytes follow")
    }
    guard length >= 2, bytes[8] == UInt8(ascii: "{") else {
      throw FormatError(.malformed, in: file, "the header does not start with {")
    }
    return Int(length)
  }

  private static func header(_ bytes: [UInt8], _ file: String) throws(FormatError) -> Header {
    do {
      return try JSONDecoder().decode(Header.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw FormatError(.malformed, in: file, "the header is wrong: \(Self.reason(error))")
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

  private func checkCoverage(_ start: Int, _ end: Int) throws(FormatError) {
    var place = start
    var previous = "the header"
    let sorted = entries.sorted {
      ($0.bytes.startIndex, $0.bytes.endIndex) < ($1.bytes.startIndex, $1.bytes.endIndex)
    }
    for entry in sorted {
      if entry.bytes.startIndex < place {
        throw FormatError(.malformed, in: file, "array \"\(entry.name)\" overlaps \(previous)")
      }
      if entry.bytes.startIndex > place {
        let gap = entry.bytes.startIndex - place
        throw FormatError(.malformed, in: file, "\(gap) bytes between \(previous) and \"\(entry.name)\" belong to none")
      }
      place = entry.bytes.endIndex
      previous = "\"\(entry.name)\""
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
private struct Header: Decodable {
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
      if name.stringValue == "__metadata__" {
        metadata = try container.decode([String: String].self, forKey: name)
      } else {
        arrays[name.stringValue] = try container.decode(ArrayDescription.self, forKey: name)
      }
    }
  }
}
