import Safepoint

/// Files that gzip or zstd packed as a whole, which the endings of their names tell, as in `rows.csv.gz`.
public enum PackedFile {
  /// What packed a file.
  public enum Form: String, CaseIterable {
    /// GNU zip (RFC 1952).
    case gzip = ".gz"
    /// Zstandard (RFC 8878).
    case zstd = ".zst"

    /// The form that the name of a file tells.
    public init?(path: String) {
      let name = path.lowercased()
      guard let form = Self.allCases.first(where: { name.hasSuffix($0.rawValue) }) else { return nil }
      self = form
    }
  }

  /// What such a file begins with.
  private static func marks(_ form: Form) -> [[UInt8]] {
    switch form {
    case .gzip: [[0x1F, 0x8B]]
    // Frames, and those that readers skip.
    case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]] + (0x50...0x5F).map { [$0, 0x2A, 0x4D, 0x18] }
    }
  }

  /// The form that a file begins as; nil for another file.
  static func form(of bytes: [UInt8]) -> Form? {
    Form.allCases.first { marks($0).contains { bytes.starts(with: $0) } }
  }

  /// The most bytes that a file is unpacked to.
  static let sizeLimit = 1 << 33

  /// Reads what a file of at most so many bytes holds that is packed in this form, whatever its name says.
  package static func read(_ path: String, _ form: Form, limit: Int) throws(FormatError) -> [UInt8] {
    let file = try SystemFile.unpacked(SystemFile.reading(path), form)
    let size = try file.size()
    guard size <= limit else {
      throw FormatError(.limit, in: path, "unpacks to \(size) bytes; at most \(limit) are read")
    }
    return try file.read(size)
  }

  /// A path without the ending that tells how the file is packed; any other as it is.
  public static func unpackedName(_ path: String) -> String {
    Form(path: path).map { String(path.dropLast($0.rawValue.utf8.count)) } ?? path
  }
}

extension SystemFile {
  /// What a packed file holds, in a file without a name; a broken one throws.
  static func unpacked(_ packed: borrowing SystemFile, _ form: PackedFile.Form) throws(FormatError) -> SystemFile {
    let file = try SystemFile.unnamed(for: packed.path)
    let unpacker = Unpacker(form)
    var (start, size, isBetween, isAtEnd) = (0, 0, true, false)
    func damaged(_ what: String) -> FormatError { FormatError(.malformed, in: packed.path, "is damaged: \(what)") }
    while true {
      let piece = try packed.read(1 << 18, at: start)
      if piece.isEmpty { break }
      if start == 0, PackedFile.form(of: piece) != form {
        let found =
          PackedFile.form(of: piece).map { "it is packed by \($0)" } ?? ForeignFile(piece).map { "it is \($0)" }
        throw FormatError(
          .malformed, in: packed.path,
          "is not packed by \(form), as its name says; "
            + (found ?? "what is not packed has a name without \(form.rawValue)"))
      }
      start += piece.count
      var place = 0
      while place < piece.count || unpacker.hasMore {
        // Zeros behind the end fill up a block, of a tape or a disk.
        if unpacker.isBetween, size > 0 || start > piece.count || place > 0, piece[place...].allSatisfy({ $0 == 0 }) {
          place = piece.count
          break
        }
        let before = place
        guard let bytes = unpacker.next(piece, &place) else {
          let byte = start - piece.count + (isAtEnd ? before : place)
          throw damaged(isAtEnd ? "bytes that are not packed stand behind its end, at byte \(byte)" : "at byte \(byte)")
        }
        isAtEnd = unpacker.isBetween
        if Safepoint.mustStop(after: 1000 + bytes.count) {
          throw FormatError(.io, in: packed.path, "was not read to its end")
        }
        size += bytes.count
        guard size <= PackedFile.sizeLimit else {
          throw FormatError(
            .limit, in: packed.path, "unpacks to more than the \(PackedFile.sizeLimit >> 30) GB that are read")
        }
        try file.write(bytes)
      }
      isBetween = unpacker.isBetween
    }
    guard start > 0 else { throw FormatError(.malformed, in: packed.path, "is an empty file") }
    guard isBetween else { throw damaged("it ends before what is packed does, as when it was cut off") }
    return file
  }
}
