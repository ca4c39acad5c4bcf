import Foundation

/// The keys of a JSON object in the order of the text, which Foundation's parsers lose, with a check that none is given twice.
struct JSONKeys {
  /// The keys of the outermost object, in order.
  private(set) var topLevel: [String] = []

  /// Scans text that a JSON parser has already accepted; a key given twice in one object throws.
  init(_ bytes: [UInt8], _ file: String) throws(FormatError) {
    var seen: [Set<String>] = []
    var place = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): seen.append([])
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = seen.popLast()
      case UInt8(ascii: "\""):
        let end = Self.endOfString(bytes, from: place)
        if Self.nextSign(bytes, from: end) == UInt8(ascii: ":"), !seen.isEmpty {
          let key = try Self.string(Array(bytes[place..<end]), file)
          guard seen[seen.count - 1].insert(key).inserted else {
            throw FormatError(.malformed, in: file, "the name \"\(key)\" is given twice")
          }
          if seen.count == 1 { topLevel.append(key) }
        }
        place = end - 1
      default: break
      }
      place += 1
    }
  }

  private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
    var place = start + 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place + 1, bytes.count)
  }

  private static func nextSign(_ bytes: [UInt8], from start: Int) -> UInt8? {
    bytes[start...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }

  private static func string(_ bytes: [UInt8], _ file: String) throws(FormatError) -> String {
    do { return try JSONDecoder().decode(String.self, from: Data(bytes)) } catch {
      throw FormatError(.malformed, in: file, "a name is not a JSON string")
    }
  }
}
