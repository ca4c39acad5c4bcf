import CCompression

/// How the pages of a column are compressed.
enum PageCompression: Int {
  case none = 0
  case snappy, gzip, lzo, brotli, oldLZ4, zstd, lz4

  /// Returns the `size` bytes that a page holds; a page that holds more or fewer throws.
  func decompress(_ input: ByteReader, size: Int) throws(ParquetFault) -> ByteReader {
    guard size <= ParquetLimit.page else {
      throw ParquetFault(.limit, "states \(size) bytes; at most \(ParquetLimit.page) are read")
    }
    if self == .none {
      guard input.remaining == size else {
        throw ParquetFault(.malformed, "states \(size) bytes and holds \(input.remaining)")
      }
      return input
    }
    if size == 0 { return ByteReader([]) }
    // The most that a byte of the codec can become, so that a lie is found before memory is taken.
    let growth = self == .snappy ? 64 : self == .gzip ? 1100 : .max
    guard size / growth <= input.remaining else {
      throw ParquetFault(.malformed, "states \(size) bytes, which its \(input.remaining) compressed ones cannot become")
    }
    let range = input.place..<input.end
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { target, count in
      unsafe input.bytes[range].withUnsafeBytes { source in
        let written: Int? =
          switch self {
          case .snappy: unsafe snappy(source, UnsafeMutableRawBufferPointer(target))
          case .gzip: unsafe gzip(source, target)
          case .zstd: unsafe zstd(source, UnsafeMutableRawBufferPointer(target))
          default: nil
          }
        count = written ?? 0
      }
    }
    guard self == .snappy || self == .gzip || self == .zstd else {
      throw ParquetFault(.unsupported, "is compressed with \(self); expected none, snappy, gzip or zstd")
    }
    guard bytes.count == size else {
      throw ParquetFault(.malformed, "cannot be decompressed by \(self) to the \(size) bytes that it states")
    }
    return ByteReader(bytes)
  }

  private func snappy(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) -> Int? {
    guard let input = unsafe source.bindMemory(to: CChar.self).baseAddress,
      let output = unsafe target.bindMemory(to: CChar.self).baseAddress
    else { return nil }
    var size = 0
    guard unsafe snappy_uncompressed_length(input, source.count, &size) == SNAPPY_OK, size == target.count else {
      return nil
    }
    return unsafe snappy_uncompress(input, source.count, output, &size) == SNAPPY_OK ? size : nil
  }

  private func zstd(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) -> Int? {
    let size = unsafe ZSTD_decompress(target.baseAddress, target.count, source.baseAddress, source.count)
    return ZSTD_isError(size) == 0 ? size : nil
  }

  private func gzip(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableBufferPointer<UInt8>) -> Int? {
    var stream = unsafe z_stream()
    guard unsafe pb_inflate_init(&stream) == Z_OK else { return nil }
    defer { unsafe inflateEnd(&stream) }
    unsafe stream.next_in = UnsafeMutablePointer(mutating: source.bindMemory(to: UInt8.self).baseAddress)
    unsafe stream.avail_in = UInt32(source.count)
    unsafe stream.next_out = target.baseAddress
    unsafe stream.avail_out = UInt32(target.count)
    // Several members may follow each other.
    while true {
      guard unsafe inflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
      let written = unsafe target.count - Int(stream.avail_out)
      if unsafe stream.avail_in == 0 || stream.avail_out == 0 { return unsafe stream.avail_in == 0 ? written : nil }
      guard unsafe inflateReset(&stream) == Z_OK else { return nil }
    }
  }

  /// The checksum that a page may state of its bytes as they are stored.
  static func checksum(_ input: ByteReader) -> UInt32 {
    unsafe input.bytes[input.place..<input.end].withUnsafeBytes { source in
      unsafe UInt32(truncatingIfNeeded: crc32(0, source.bindMemory(to: UInt8.self).baseAddress, UInt32(source.count)))
    }
  }
}
