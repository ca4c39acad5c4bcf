import CCompression
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

/// Unpacks a stream of bytes, one piece after the other; several that stand one behind the other are one.
private final class Unpacker {
  private let gzip: UnsafeMutablePointer<z_stream>?
  private let zstd: OpaquePointer?
  /// Whether the stream may have more to give without further bytes.
  private(set) var hasMore = false
  /// Whether what was taken so far ends where a stream does.
  private(set) var isBetween = true

  private static let outputSize = 1 << 20

  init(_ form: PackedFile.Form) {
    switch form {
    case .gzip:
      let stream = unsafe UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      unsafe stream.initialize(to: z_stream())
      _ = unsafe pb_inflate_init(stream)
      unsafe (gzip, zstd) = (stream, nil)
    case .zstd: unsafe (gzip, zstd) = (nil, ZSTD_createDStream())
    }
  }

  deinit {
    if let gzip = unsafe gzip {
      unsafe inflateEnd(gzip)
      unsafe gzip.deallocate()
    }
    if let zstd = unsafe zstd { unsafe _ = ZSTD_freeDStream(zstd) }
  }

  /// Takes what it can of `piece` from `place` on, and returns what that unpacks to; nil for what is not packed so.
  func next(_ piece: [UInt8], _ place: inout Int) -> [UInt8]? {
    var taken = 0
    var isBroken = false
    let rest = piece[place...]
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.outputSize) { target, count in
      unsafe rest.withUnsafeBufferPointer { source in
        if let gzip = unsafe gzip {
          if isBetween, !source.isEmpty { isBroken = unsafe inflateReset(gzip) != Z_OK }
          unsafe gzip.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
          unsafe gzip.pointee.avail_in = UInt32(source.count)
          unsafe gzip.pointee.next_out = target.baseAddress
          unsafe gzip.pointee.avail_out = UInt32(target.count)
          let status = unsafe inflate(gzip, Z_NO_FLUSH)
          // Without room or bytes nothing is wrong.
          isBroken = isBroken || ![Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status)
          isBetween = status == Z_STREAM_END
          taken = unsafe source.count - Int(gzip.pointee.avail_in)
          count = unsafe target.count - Int(gzip.pointee.avail_out)
        } else {
          var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
          var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          let status = unsafe ZSTD_decompressStream(zstd, &output, &input)
          isBroken = ZSTD_isError(status) != 0
          isBetween = status == 0
          unsafe (taken, count) = (input.pos, output.pos)
        }
      }
    }
    place += taken
    hasMore = bytes.count == Self.outputSize && !isBetween
    return isBroken || taken == 0 && bytes.isEmpty && !rest.isEmpty ? nil : bytes
  }
}
