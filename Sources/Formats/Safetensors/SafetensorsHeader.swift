import Safepoint

/// The description of the arrays at the beginning of a safetensors file.
struct SafetensorsHeader {
  /// One array: where in the data behind the header it is.
  struct Description {
    let name: String
    let type: SafetensorsElement
    let shape: [Int]
    let range: Range<Int>
  }

  /// The texts under `__metadata__`.
  let metadata: [String: String]
  /// The arrays in the order of the header, those of types aside that are not known.
  let arrays: [Description]
  /// The names of all arrays in the order of the header.
  let names: [String]
  /// The types of arrays that are not known, by the names of these.
  let unknown: [String: String]

  /// Returns how long the header is, from the first 9 bytes of a file.
  static func length(_ bytes: [UInt8], fileSize: Int, _ file: String) throws(FormatError) -> Int {
    guard fileSize >= 8, bytes.count >= 8 else {
      try refuseOthers(bytes, file)
      throw FormatError(.malformed, in: file, "ends after \(fileSize) bytes; a safetensors file starts with 8")
    }
    let length: UInt64 = bytes.littleEndian(at: 0)
    guard length <= UInt64(Safetensors.headerLimit) else {
      try refuseText(bytes, file)
      throw FormatError(
        .malformed, in: file, "states a header of \(length) bytes; at most \(Safetensors.headerLimit) are read")
    }
    guard Int(length) <= fileSize - 8 else {
      try refuseText(bytes, file)
      throw FormatError(
        .malformed, in: file, "states a header of \(length) bytes, but only \(fileSize - 8) bytes follow")
    }
    guard length >= 2, bytes.count > 8, bytes[8] == UInt8(ascii: "{") else {
      try refuseOthers(bytes, file)
      throw FormatError(.malformed, in: file, "the header does not start with {")
    }
    return Int(length)
  }

  /// Throws for another file; one that begins as it should is broken, and no other.
  private static func refuseOthers(_ bytes: [UInt8], _ file: String) throws(FormatError) {
    if ForeignFile.isSafetensors(bytes) { return }
    try ForeignFile.refuse(bytes, in: file, expected: "a safetensors file")
  }

  /// Throws for what is an index of several files, or another file altogether.
  private static func refuseText(_ bytes: [UInt8], _ file: String) throws(FormatError) {
    try refuseOthers(bytes, file)
    if bytes[0] == UInt8(ascii: "{") {
      throw FormatError(
        .malformed, in: file,
        "is a text of JSON; an index (.safetensors.index.json) names the files that hold the arrays, which are read one by one"
      )
    }
  }

  /// Reads the header of a file with `dataSize` bytes behind it; the arrays must cover them exactly once.
  init(_ bytes: [UInt8], dataSize: Int, _ file: String) throws(FormatError) {
    var metadata: [String: String] = [:]
    var (arrays, names, unknown): ([Description], [String], [String: String]) = ([], [], [:])
    var places: [Place] = []
    for field in try Self.fields(bytes, file) {
      if Safepoint.mustStop(after: 20_000) { throw Self.wrong("the work was stopped", file) }
      if field.name == "__metadata__" {
        metadata = try Self.texts(field.value, file)
      } else {
        names.append(field.name)
        let array = try Self.description(field, dataSize, file)
        places.append(Place(name: field.name, range: array.range))
        if let type = SafetensorsElement(rawValue: array.type) {
          try Safetensors.check(field.name, type, array.shape, byteCount: array.range.count, file)
          arrays.append(Description(name: field.name, type: type, shape: array.shape, range: array.range))
        } else {
          unknown[field.name] = array.type
        }
      }
    }
    try Self.checkCoverage(places, dataSize, file)
    (self.metadata, self.arrays, self.names, self.unknown) = (metadata, arrays, names, unknown)
  }

  /// Throws for the first array of a type that is not known.
  func checkTypes(_ file: String) throws(FormatError) {
    guard let name = names.first(where: { unknown[$0] != nil }), let type = unknown[name] else { return }
    throw Self.unknownType(type, of: name, file)
  }

  /// The error that the type of an array is not known.
  static func unknownType(_ type: String, of name: String, _ file: String) -> FormatError {
    FormatError(
      .unsupported, in: file,
      "array \"\(name)\" has the type \(type); expected "
        + SafetensorsElement.allCases.filter { $0.kind != .packed }.map(\.rawValue).joined(separator: ", "))
  }

  private static func fields(_ bytes: [UInt8], _ file: String) throws(FormatError) -> [JSON.Field] {
    let header: JSON
    do { header = try JSON(bytes) } catch {
      throw error.kind == .repeatedName ? FormatError(.malformed, in: file, error.reason) : wrong(error.reason, file)
    }
    return header.fields ?? []
  }

  private static func wrong(_ reason: String, _ file: String) -> FormatError {
    FormatError(.malformed, in: file, "the header is wrong: \(reason)")
  }

  private static func texts(_ value: JSON, _ file: String) throws(FormatError) -> [String: String] {
    var texts: [String: String] = [:]
    for field in value.fields ?? [] { texts[field.name] = field.value.string }
    guard let count = value.fields?.count, count == texts.count else {
      throw wrong("__metadata__ holds not only texts", file)
    }
    return texts
  }

  /// What the header says of an array.
  private static func description(_ field: JSON.Field, _ dataSize: Int, _ file: String) throws(FormatError)
    -> (type: String, shape: [Int], range: Range<Int>)
  {
    let name = field.name
    func part<Part: JSONReadable>(_ key: String) throws(FormatError) -> Part {
      guard let value = field.value[key] else { throw wrong("array \"\(name)\": \"\(key)\" is missing", file) }
      // A size that is written with a point is none.
      let isExact = value.elements?.allSatisfy { if case .number = $0 { false } else { true } } ?? true
      guard isExact, let part = Part(value) else {
        let found = isExact ? value.text(.spaced) : "numbers with a point or an exponent"
        throw wrong(
          "array \"\(name)\", \(key): expected \(Part.jsonForm.one), found \(found.prefix(60))\(found.count > 60 ? "…" : "")",
          file)
      }
      return part
    }
    let (dtype, shape): (String, [Int]) = (try part("dtype"), try part("shape"))
    let range = try range(try part("data_offsets"), name, dataSize, file)
    return (dtype, shape, range)
  }

  private static func range(
    _ offsets: [Int], _ name: String, _ available: Int, _ file: String
  ) throws(FormatError) -> Range<Int> {
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

  /// Where an array is in the data.
  private struct Place {
    let name: String
    let range: Range<Int>
  }

  private static func checkCoverage(_ arrays: [Place], _ end: Int, _ file: String) throws(FormatError) {
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
