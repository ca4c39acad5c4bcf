/// The contents of a safetensors file: named arrays in file order, and a map of texts.
///
/// The format is an 8-byte little-endian header length, a JSON header, and the bytes of the arrays one after the other.
public struct Safetensors: Sendable {
  /// One named array.
  public struct Entry: Sendable {
    /// The name of the array.
    public let name: String
    /// The type of each element.
    public let type: SafetensorsElement
    /// The sizes of the axes; empty for a scalar.
    public let shape: [Int]
    /// The elements, row-major and little-endian.
    public let bytes: ArraySlice<UInt8>
    let file: String

    /// The number of elements.
    public var count: Int { 8 * bytes.count / type.bits }
  }

  /// The largest header that is read, in bytes.
  public static let headerLimit = 100_000_000

  /// The arrays, in the order of the header.
  public private(set) var entries: [Entry] = []
  /// The texts under `__metadata__`.
  public var metadata: [String: String]
  /// The path the arrays were read from, named by errors.
  public let file: String
  private var places: [String: Int] = [:]

  /// Creates an empty set of arrays; `file` is the name that errors give it.
  public init(metadata: [String: String] = [:], file: String = "safetensors") {
    self.metadata = metadata
    self.file = file
  }

  /// Reads the file at `path`, at most `limit` bytes; a broken file throws a `FormatError` that names the array.
  public init(contentsOf path: String, limit: Int = 4 << 30) throws(FormatError) {
    try self.init(decoding: try readFile(path, limit: limit), file: path)
  }

  /// The array called `name`, nil when there is none.
  public subscript(name: String) -> Entry? {
    places[name].map { entries[$0] }
  }

  /// Returns the array called `name`; throws when there is none.
  public func entry(_ name: String) throws(FormatError) -> Entry {
    guard let entry = self[name] else {
      throw FormatError(.malformed, in: file, "has no array \"\(name)\"")
    }
    return entry
  }

  /// Adds an array at the end.
  ///
  /// A name given twice, a name that is reserved and a byte count that does not fit `type` and `shape` throw.
  public mutating func append(
    _ name: String, _ type: SafetensorsElement, shape: [Int], bytes: ArraySlice<UInt8>
  ) throws(FormatError) {
    guard name != "__metadata__" else {
      throw FormatError(.malformed, in: file, "an array cannot be called \"__metadata__\"")
    }
    guard places[name] == nil else { throw FormatError(.malformed, in: file, "array \"\(name)\" is there twice") }
    try Self.check(name, type, shape, byteCount: bytes.count, file)
    places[name] = entries.count
    entries.append(Entry(name: name, type: type, shape: shape, bytes: bytes, file: file))
  }

  /// Throws unless an array of this type and shape has `byteCount` bytes.
  static func check(
    _ name: String, _ type: SafetensorsElement, _ shape: [Int], byteCount: Int, _ file: String
  ) throws(FormatError) {
    let bits = shape.contains { $0 < 0 } ? nil : checkedProduct(shape + [type.bits])
    let expected = bits.flatMap { $0 % 8 == 0 ? $0 / 8 : nil }
    guard expected == byteCount else {
      let reason =
        if let expected {
          "\(type.rawValue) \(shape) needs \(expected) bytes, but it has \(byteCount)"
        } else if let side = shape.first(where: { $0 < 0 }) {
          "its shape \(shape) has the size \(side); sizes are whole numbers from 0 on"
        } else if let bits {
          "\(type.rawValue) \(shape) needs \(bits) bits, which are no whole bytes"
        } else {
          "its shape \(shape) is beyond what a file can hold"
        }
      throw FormatError(.malformed, in: file, "array \"\(name)\": \(reason)")
    }
  }
}

extension Safetensors {
  /// Throws where no array has one of some names.
  public static func check(_ names: [String]?, among found: [String], file: String) throws(FormatError) {
    guard let missing = names?.first(where: { !found.contains($0) }) else { return }
    let told = found.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ") + (found.count > 20 ? ", ..." : "")
    throw FormatError(
      .malformed, in: file, "has no array \"\(missing)\"; it has \(found.isEmpty ? "none" : told)")
  }
}
