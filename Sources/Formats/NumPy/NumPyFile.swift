import Safepoint

/// Arrays as NumPy saves them: one in a .npy file, or several in a .npz, which is a zip archive of such (NEP 1).
///
/// Numbers and truth values of either byte order, in rows or in columns first. Python objects, which only Python can make, texts and records
/// are refused.
public enum NumPyFile {
  /// The name of the array of a .npy file, which has none.
  public static let loneName = "tensor"

  /// Whether a file begins as one of NumPy's, or as a zip archive.
  public static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) || bytes.starts(with: [0x50, 0x4B]) }

  /// Reads the arrays of the file at `path`, or those of them that have one of some names; a broken file throws a `FormatError` that says
  /// where.
  public static func read(
    _ path: String, names: [String]? = nil, limit: Int = fileLimit
  ) throws(FormatError) -> Safetensors {
    try decode(try readFile(path, limit: limit), names: names, file: path)
  }

  /// Reads the arrays of the bytes of a file, or those of them that have one of some names.
  public static func decode(
    _ bytes: [UInt8], names: [String]? = nil, file: String
  ) throws(FormatError) -> Safetensors {
    var arrays = Safetensors(file: file)
    if bytes.starts(with: magic) {
      try Safetensors.check(names, among: [loneName], file: file)
      if names?.isEmpty ?? false { return arrays }
      try append(bytes, loneName, to: &arrays)
      return arrays
    }
    let archive = try opened(bytes, file)
    var total = 0
    try Safetensors.check(names, among: archive.members.map(name), file: file)
    for member in archive.members where names?.contains(name(of: member)) ?? true {
      let contents = try archive.contents(of: member)
      total += contents.count
      guard total <= sizeLimit else {
        throw FormatError(.limit, in: file, "holds more than the \(sizeLimit) bytes of arrays that are read")
      }
      guard contents.starts(with: magic) else {
        throw FormatError(
          .unsupported, in: file, "\"\(member.name)\" is no array of NumPy's; a .npz holds nothing else")
      }
      try append(contents, name(of: member), to: &arrays)
    }
    return arrays
  }

  /// The names of the arrays of the bytes of a file.
  public static func names(of bytes: [UInt8], file: String) throws(FormatError) -> [String] {
    if bytes.starts(with: magic) { return [loneName] }
    return try opened(bytes, file).members.map(name)
  }

  private static func opened(_ bytes: [UInt8], _ file: String) throws(FormatError) -> ZipArchive {
    guard begins(bytes) else {
      try ForeignFile.refuse(bytes, in: file, expected: "a .npy or .npz file")
      throw FormatError(.malformed, in: file, "is not a .npy or .npz file")
    }
    return try ZipArchive(bytes, file: file)
  }

  /// What the array of a member is called.
  private static func name(of member: ZipArchive.Member) -> String {
    member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let sizeLimit = 4 << 30
  /// The most bytes of a file that are read.
  public static let fileLimit = 4 << 30
  private static let headerLimit = 1 << 20

  private static func append(_ bytes: [UInt8], _ name: String, to arrays: inout Safetensors) throws(FormatError) {
    let file = arrays.file
    func broken(_ reason: String) -> FormatError {
      FormatError(.malformed, in: file, "array \"\(name)\" is damaged: \(reason); copy or download it again")
    }
    guard bytes.count >= 12 else { throw broken("it ends in its header") }
    let width = bytes[6] == 1 ? 2 : 4
    guard (1...3).contains(bytes[6]) else {
      throw FormatError(.unsupported, in: file, "array \"\(name)\" is of version \(bytes[6]); 1 to 3 are read")
    }
    let length = (0..<width).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    let start = 8 + width + length
    guard length <= headerLimit, start <= bytes.count else {
      throw broken("it states a header of \(length) bytes, of which \(max(0, bytes.count - 8 - width)) are there")
    }
    let header: NumPyHeader
    do throws(NumPyHeader.Fault) { header = try NumPyHeader(bytes[8 + width..<start]) } catch {
      if case .unsupported(let reason) = error {
        throw FormatError(.unsupported, in: file, "array \"\(name)\" \(reason)")
      }
      throw broken("its header is not {'descr': ..., 'fortran_order': ..., 'shape': ...}")
    }
    let type = header.type
    // A tensor has a last axis of both parts of complex numbers.
    let shape = header.shape + (header.isPair ? [2] : [])
    var total = header.size
    for side in header.shape {
      let (product, isBeyond) = total.multipliedReportingOverflow(by: side)
      guard !isBeyond else { throw broken("its shape \(header.shape) is beyond what a file can hold") }
      total = product
    }
    guard bytes.count - start == total else {
      throw broken("it has \(bytes.count - start) bytes of elements; \(header.shape) of \(type.rawValue) need \(total)")
    }
    let elements = bytes[start...]
    let isAsRead = !header.isColumnsFirst || header.shape.count < 2
    if isAsRead, !header.isBigEndian {
      return try arrays.append(name, type, shape: shape, bytes: elements)
    }
    guard Safepoint.mayMake(total) else {
      throw FormatError(.limit, in: file, "array \"\(name)\" does not fit into the budget of memory")
    }
    let ordered = header.inRows(elements)
    guard ordered.count == total else { throw FormatError(.io, in: file, "was not read to its end") }
    try arrays.append(name, type, shape: shape, bytes: ordered[...])
  }
}

/// What the header of a .npy file says: a dictionary as Python writes it.
struct NumPyHeader {
  enum Fault: Error {
    case malformed
    case unsupported(String)
  }

  let type: SafetensorsElement
  /// Whether an element is two of the type: a complex number of binary64.
  let isPair: Bool
  let shape: [Int]
  /// Whether the first axis is the one whose elements stand side by side.
  let isColumnsFirst: Bool
  let isBigEndian: Bool

  private static let types: [String: SafetensorsElement] = [
    "f2": .f16, "f4": .f32, "f8": .f64, "i1": .i8, "i2": .i16, "i4": .i32, "i8": .i64, "u1": .u8, "u2": .u16,
    "u4": .u32,
    "u8": .u64, "b1": .bool, "c8": .c64, "c16": .f64,
  ]

  /// The bytes of an element.
  var size: Int { type.width * (isPair ? 2 : 1) }

  init(_ bytes: ArraySlice<UInt8>) throws(Fault) {
    var words = Words(String(decoding: bytes, as: UTF8.self))
    var (descriptor, isColumnsFirst, shape): (String?, Bool?, [Int]?)
    try words.take("{")
    while !words.accept("}") {
      let key = try words.text()
      try words.take(":")
      switch key {
      case "descr":
        guard words.isText else { throw .unsupported("holds records of several fields, which are not read") }
        descriptor = try words.text()
      case "fortran_order": isColumnsFirst = try words.truth()
      case "shape": shape = try words.shape()
      default: throw .malformed
      }
      if !words.accept(",") {
        try words.take("}")
        break
      }
    }
    guard let descriptor, let isColumnsFirst, let shape, descriptor.utf8.count >= 2 else { throw .malformed }
    let order = descriptor.first ?? "|"
    guard "<>|=".contains(order), let type = Self.types[String(descriptor.dropFirst())] else {
      let what =
        switch descriptor.dropFirst().first {
        case "O": "Python objects, which only Python can make"
        case "U", "S": "texts; a table of them is saved as .csv"
        default: "elements of the type \(descriptor)"
        }
      throw .unsupported("holds \(what); \(Self.types.keys.sorted().joined(separator: " ")) are read")
    }
    isPair = descriptor.dropFirst() == "c16"
    (self.type, self.shape, self.isColumnsFirst, isBigEndian) = (type, shape, isColumnsFirst, order == ">")
  }

  /// Elements in the order of rows, lowest bytes first; fewer where the work must stop.
  func inRows(_ elements: ArraySlice<UInt8>) -> [UInt8] {
    let size = size
    // Both halves of a complex number have an order of their own.
    let part = type == .c64 || isPair ? size / 2 : size
    var steps: [Int] = []
    var step = size
    for side in shape {
      steps.append(step)
      step *= side
    }
    if !isColumnsFirst {
      step = size
      for axis in shape.indices.reversed() {
        steps[axis] = step
        step *= shape[axis]
      }
    }
    var (rows, place, index) = ([UInt8](), elements.startIndex, [Int](repeating: 0, count: shape.count))
    rows.reserveCapacity(elements.count)
    while rows.count < elements.count {
      if Safepoint.mustStop(after: 4 * size) { return [] }
      for first in stride(from: place, to: place + size, by: part) {
        for offset in 0..<part { rows.append(elements[first + (isBigEndian ? part - 1 - offset : offset)]) }
      }
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += steps[axis]
        if index[axis] < shape[axis] { break }
        place -= index[axis] * steps[axis]
        index[axis] = 0
      }
    }
    return rows
  }
}

extension NumPyHeader {
  /// The words of a literal of Python's.
  private struct Words {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    private mutating func skip() { rest = rest.drop { $0 == " " || $0 == "\n" } }

    mutating func accept(_ sign: Character) -> Bool {
      skip()
      guard rest.first == sign else { return false }
      rest.removeFirst()
      return true
    }

    mutating func take(_ sign: Character) throws(Fault) { if !accept(sign) { throw .malformed } }

    var isText: Bool {
      mutating get {
        skip()
        return rest.first == "'" || rest.first == "\""
      }
    }

    mutating func text() throws(Fault) -> String {
      guard isText, let quote = rest.first, let end = rest.dropFirst().firstIndex(of: quote) else { throw .malformed }
      defer { rest = rest[rest.index(after: end)...] }
      return String(rest.dropFirst()[..<end])
    }

    mutating func truth() throws(Fault) -> Bool {
      skip()
      for (word, truth) in [("True", true), ("False", false)] where rest.hasPrefix(word) {
        rest = rest.dropFirst(word.count)
        return truth
      }
      throw .malformed
    }

    mutating func shape() throws(Fault) -> [Int] {
      var sides: [Int] = []
      try take("(")
      while !accept(")") {
        skip()
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        // Python 2 wrote long numbers as 3L.
        guard let side = Int(digits), sides.count < 64 else { throw .malformed }
        rest = rest.dropFirst(digits.count)
        if rest.first == "L" { rest.removeFirst() }
        sides.append(side)
        if !accept(",") {
          try take(")")
          break
        }
      }
      return sides
    }
  }
}
