import CCompression

/// Unpacks a stream of bytes, one piece after the other; several that stand one behind the other are one.
@safe final class Unpacker {
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
      let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      unsafe stream.initialize(to: unsafe z_stream())
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
    if let zstd = unsafe zstd { _ = unsafe ZSTD_freeDStream(zstd) }
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
