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
    var (start, size, isBetween) = (0, 0, true)
    while true {
      let piece = try packed.read(1 << 18, at: start)
      if piece.isEmpty { break }
      start += piece.count
      var place = 0
      while place < piece.count || unpacker.hasMore {
        guard let bytes = unpacker.next(piece, &place) else {
          if size == 0, let found = ForeignFile(piece) {
            throw FormatError(.malformed, in: packed.path, "is not packed as its name says; it is \(found)")
          }
          throw FormatError(
            .malformed, in: packed.path, "is damaged: its packed bytes end in byte \(start - piece.count + place)")
        }
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
    guard isBetween, start > 0 else {
      throw FormatError(.malformed, in: packed.path, start == 0 ? "is an empty file" : "is cut off")
    }
    return file
  }
}
