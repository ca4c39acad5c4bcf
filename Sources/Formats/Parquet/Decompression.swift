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
    guard self != .lzo else {
      throw ParquetFault(.unsupported, "is compressed with lzo, which is not read")
    }
    if size == 0 { return ByteReader([]) }
    // The most that a byte of the codec can become, so that a lie is found before memory is taken.
    let growth =
      switch self {
      case .snappy: 64
      case .gzip: 1100
      case .lz4, .oldLZ4: 256
      default: Int.max
      }
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
          case .lz4: unsafe lz4(source, UnsafeMutableRawBufferPointer(target))
          case .oldLZ4:
            unsafe framedLZ4(source, UnsafeMutableRawBufferPointer(target))
              ?? lz4(source, UnsafeMutableRawBufferPointer(target))
          case .brotli: unsafe brotli(source, target)
          case .none, .lzo: nil
          }
        count = written ?? 0
      }
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

  private func lz4(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) -> Int? {
    guard let input = unsafe source.bindMemory(to: CChar.self).baseAddress,
      let output = unsafe target.bindMemory(to: CChar.self).baseAddress, let size = Int32(exactly: source.count),
      let room = Int32(exactly: target.count)
    else { return nil }
    let written = unsafe LZ4_decompress_safe(input, output, size, room)
    return written < 0 ? nil : Int(written)
  }

  /// Blocks as Hadoop writes them, each behind its size before and after compression, the highest byte first.
  private func framedLZ4(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) -> Int? {
    var (place, written) = (0, 0)
    func number(_ place: Int) -> Int {
      (place..<place + 4).reduce(0) { unsafe $0 << 8 | Int(source[$1]) }
    }
    while place < source.count {
      guard source.count - place >= 8 else { return nil }
      let (size, stored) = (number(place), number(place + 4))
      place += 8
      guard stored <= source.count - place, size <= target.count - written else { return nil }
      let block = unsafe UnsafeRawBufferPointer(rebasing: source[place..<place + stored])
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: target[written..<written + size])
      guard unsafe size == 0 || lz4(block, room) == size else { return nil }
      (place, written) = (place + stored, written + size)
    }
    return written
  }

  private func brotli(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableBufferPointer<UInt8>) -> Int? {
    var size = target.count
    let status = unsafe BrotliDecoderDecompress(
      source.count, source.bindMemory(to: UInt8.self).baseAddress, &size, target.baseAddress)
    return status == BROTLI_DECODER_RESULT_SUCCESS ? size : nil
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

/// Bytes deflated without a header, as parts of zip archives are.
enum Deflated {
  /// The bytes that they become; nil unless they are so many.
  static func inflated(_ packed: ArraySlice<UInt8>, to size: Int) -> [UInt8]? {
    let input = Array(packed)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { target, count in
      unsafe input.withUnsafeBufferPointer { source in
        var stream = unsafe z_stream()
        guard unsafe pb_inflate_raw_init(&stream) == Z_OK else { return }
        unsafe stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(target.count)
        count = unsafe inflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : 0
        unsafe inflateEnd(&stream)
      }
    }
    return bytes.count == size ? bytes : nil
  }

  /// The checksum of bytes that zip archives keep.
  static func checksum(_ bytes: [UInt8]) -> Int {
    unsafe bytes.withUnsafeBufferPointer { unsafe Int(crc32_z(0, $0.baseAddress, $0.count)) }
  }
}
