import Safepoint

/// A safetensors file, opened: its header is checked, and parts of its arrays are read when they are asked for.
///
/// Opening takes as long as reading the header, however large the file is. The parts are read by offset rather than from
/// mapped memory: what was read once the system keeps in memory either way, and a file that someone cuts off while it is
/// mapped would end the program, which here is an error. Reading is safe from several threads at once.
public final class SafetensorsFile: Sendable {
  /// One array of the file.
  public struct Entry: Sendable {
    /// The name of the array.
    public let name: String
    /// The type of each element.
    public let type: SafetensorsElement
    /// The sizes of the axes; empty for a scalar.
    public let shape: [Int]
    /// The number of elements.
    public let count: Int
    let start: Int
  }

  /// The path of the file.
  public let path: String
  /// The texts under `__metadata__`.
  public let metadata: [String: String]
  /// The arrays, in the order of the header, those of types aside that are not known.
  public let entries: [Entry]
  /// The names of all arrays, in the order of the header.
  public let names: [String]
  /// The types of arrays that are not known, by the names of these.
  private let unknown: [String: String]
  private let places: [String: Int]
  private let file: SystemFile

  /// Opens the file at `path`; throws a `FormatError` when it is missing or its header is wrong in any way, and for an array of a type
  /// that is not known, which with `takesUnknown` is an error where it is asked for.
  public init(_ path: String, takesUnknown: Bool = false) throws(FormatError) {
    self.path = path
    file = try SystemFile.reading(path)
    let size = try file.size()
    let length = try SafetensorsHeader.length(try file.read(min(size, 512)), fileSize: size, path)
    let bytes = try file.read(length, at: 8)
    let start = 8 + length
    let header = try SafetensorsHeader(bytes, dataSize: size - start, path)
    if !takesUnknown { try header.checkTypes(path) }
    (metadata, names, unknown) = (header.metadata, header.names, header.unknown)
    entries = header.arrays.map {
      Entry(
        name: $0.name, type: $0.type, shape: $0.shape, count: 8 * $0.range.count / $0.type.bits,
        start: start + $0.range.lowerBound)
    }
    places = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The array called `name`, nil when there is none.
  public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// Returns the array called `name`; throws when there is none.
  public func entry(_ name: String) throws(FormatError) -> Entry {
    guard let entry = self[name] else {
      throw unknown[name].map { SafetensorsHeader.unknownType($0, of: name, path) }
        ?? FormatError(.malformed, in: path, "has no array \"\(name)\"")
    }
    return entry
  }

  /// Reads the elements of an array from one place to another, counted over all its axes, as an array of one axis.
  ///
  /// Throws when there is no such array, when it has fewer elements, and when the file became shorter.
  public func elements(_ name: String, _ range: Range<Int>) throws(FormatError) -> Safetensors.Entry {
    let entry = try entry(name)
    guard range.lowerBound >= 0, range.upperBound <= entry.count else {
      throw FormatError(
        .malformed, in: path, "array \"\(name)\" has \(entry.count) elements; expected those of \(range)")
    }
    guard entry.type.kind != .packed else {
      throw FormatError(.unsupported, in: path, "array \"\(name)\" holds \(entry.type.rawValue), which is not read")
    }
    let size = range.count * entry.type.width
    let bytes = try file.read(size, at: entry.start + range.lowerBound * entry.type.width)
    guard bytes.count == size else {
      throw FormatError(.io, in: path, "became shorter: array \"\(name)\" ends too early")
    }
    return Safetensors.Entry(name: name, type: entry.type, shape: [range.count], bytes: bytes[...], file: path)
  }

  /// Reads a whole array as 32-bit floats, as `Safetensors.Entry.floats` gives them, part by part; throws as `elements` does, when the
  /// work must stop, and for a number of 64 bits that is beyond those of 32.
  public func floats(_ name: String) throws(FormatError) -> [Float] {
    let entry = try entry(name)
    return try whole(name) { (part, first) throws(FormatError) in
      let floats = part.floats()
      if part.type == .f64, floats.contains(where: \.isInfinite) { try check(part, from: first, of: entry) }
      return floats
    }
  }

  /// Throws for a number that became infinite.
  private func check(_ part: Safetensors.Entry, from first: Int, of entry: Entry) throws(FormatError) {
    for (index, number) in part.doubles().enumerated() where number.isFinite && Float(number).isInfinite {
      var (rest, place) = (first + index, [Int]())
      for size in entry.shape.reversed() {
        place.insert(rest % size, at: 0)
        rest /= size
      }
      throw FormatError(
        .unsupported, in: path,
        "array \"\(entry.name)\" holds \(number) at \(place), which is beyond what numbers of 32 bits hold")
    }
  }

  /// Reads a whole array as 64-bit floats, as `Safetensors.Entry.doubles` gives them, part by part; throws as `floats` does.
  public func doubles(_ name: String) throws(FormatError) -> [Double] {
    try whole(name) { (part, _) in part.doubles() }
  }

  private func whole<Number>(
    _ name: String, _ numbers: (_ part: Safetensors.Entry, _ first: Int) throws(FormatError) -> [Number]
  ) throws(FormatError) -> [Number] {
    let count = try entry(name).count
    var result: [Number] = []
    result.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: Self.part) {
      if Safepoint.mustStop { throw FormatError(.io, in: path, "was not read to its end") }
      result += try numbers(try elements(name, first..<min(count, first + Self.part)), first)
    }
    return result
  }

  /// The elements that are read at once: some fractions of a millisecond of work, which the processor's caches hold.
  private static let part = 1 << 16

  /// Reads elements of an array of bytes, which must be of type U8; throws as `elements` does.
  public func bytes(_ name: String, _ range: Range<Int>) throws(FormatError) -> [UInt8] {
    try expect(.u8, name)
    return Array(try elements(name, range).bytes)
  }

  /// Reads elements of an array of 64-bit whole numbers, which must be of type I64; throws as `elements` does.
  public func int64s(_ name: String, _ range: Range<Int>) throws(FormatError) -> [Int64] {
    try expect(.i64, name)
    return try elements(name, range).int64s()
  }

  /// Reads the whole number at a place, as `Safetensors.Entry.wholeNumber` gives it; throws as `elements` does.
  public func wholeNumber(_ name: String, at place: Int) throws(FormatError) -> String? {
    try elements(name, place..<place + 1).wholeNumber(at: 0)
  }

  private func expect(_ type: SafetensorsElement, _ name: String) throws(FormatError) {
    let found = try entry(name).type
    guard found == type else {
      throw FormatError(.malformed, in: path, "array \"\(name)\" holds \(found.rawValue); expected \(type.rawValue)")
    }
  }
}
