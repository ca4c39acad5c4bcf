import CCompression

extension PageCompression {
  /// Returns the bytes of a page as they are stored; nil when the codec is none that is written or fails.
  func compress(_ bytes: [UInt8]) -> [UInt8]? {
    switch self {
    case .none: bytes
    case .zstd: Self.zstd(bytes)
    case .snappy: Self.snappy(bytes)
    case .gzip, .lzo, .brotli, .oldLZ4, .lz4: nil
    }
  }

  private static func zstd(_ bytes: [UInt8]) -> [UInt8]? {
    let capacity = ZSTD_compressBound(bytes.count)
    var failed = false
    let packed = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
      let size = unsafe bytes.withUnsafeBytes { source in
        unsafe ZSTD_compress(target.baseAddress, capacity, source.baseAddress, source.count, 1)
      }
      failed = ZSTD_isError(size) != 0
      count = failed ? 0 : size
    }
    return failed ? nil : packed
  }

  private static func snappy(_ bytes: [UInt8]) -> [UInt8]? {
    let capacity = snappy_max_compressed_length(bytes.count)
    var failed = false
    let packed = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
      var size = capacity
      let status = unsafe bytes.withUnsafeBytes { source in
        unsafe target.withMemoryRebound(to: CChar.self) { target in
          unsafe snappy_compress(
            source.bindMemory(to: CChar.self).baseAddress, source.count, target.baseAddress, &size)
        }
      }
      failed = status != SNAPPY_OK
      count = failed ? 0 : size
    }
    return failed ? nil : packed
  }

  /// The checksum that a page states of its bytes as they are stored.
  static func checksum(_ bytes: [UInt8]) -> UInt32 { checksum(ByteReader(bytes)) }
}
