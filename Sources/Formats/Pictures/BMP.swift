import Safepoint

/// Reading BMP pictures: of 1, 4, 8, 16, 24 or 32 bits a pixel, with masks, and with runs, as Windows and OS/2 write them.
public enum BMP {
  /// Returns the picture in the bytes of a BMP; `file` is the name that errors give it.
  ///
  /// The size is checked before any pixel is allocated. A picture whose rows are not all there is an error, unless `keepsDamaged`, which
  /// leaves what is missing transparent, and so is a run beyond its row, filled up to four bytes, or the last one, of which that takes
  /// what lies inside.
  public static func decode(
    _ bytes: [UInt8], file: String = "BMP", keepsDamaged: Bool = false
  ) throws(FormatError) -> RasterImage {
    var reader = try BMPReader(bytes, file: file, keepsDamaged: keepsDamaged)
    return try reader.picture()
  }
}

/// One BMP file that is read.
private struct BMPReader {
  private enum Compression: Int {
    case none = 0
    case runs8, runs4, masks
    case alphaMasks = 6
  }

  private let bytes: [UInt8]
  private let file: String
  private let keepsDamaged: Bool
  private let width: Int
  private let height: Int
  private let isTopDown: Bool
  private let depth: Int
  private let compression: Compression
  private let start: Int
  /// Red, green, blue and alpha.
  private let masks: [UInt32]
  private let colors: [[UInt8]]

  init(_ bytes: [UInt8], file: String, keepsDamaged: Bool) throws(FormatError) {
    (self.bytes, self.file, self.keepsDamaged) = (bytes, file, keepsDamaged)
    func broken(_ reason: String) -> FormatError { FormatError(.malformed, in: file, "is a broken BMP: \(reason)") }
    func word(_ place: Int) -> Int { place + 2 <= bytes.count ? Int(bytes.littleEndian(at: place) as UInt16) : 0 }
    func long(_ place: Int) -> UInt32 { place + 4 <= bytes.count ? bytes.littleEndian(at: place) : 0 }
    guard bytes.count >= 26 else { throw broken("it ends in its header") }
    let size = Int(long(14))
    guard size == 12 || 40...1000 ~= size, bytes.count >= 14 + size else {
      throw broken(
        "its header states \(size) bytes; expected 12 or from 40 to 1000, of which \(bytes.count - 14) are there")
    }
    let isOld = size == 12
    width = isOld ? word(18) : Int(Int32(bitPattern: long(18)))
    let stated = isOld ? word(20) : Int(Int32(bitPattern: long(22)))
    (height, isTopDown) = (abs(stated), stated < 0)
    try RasterImage.checkSize(width, height, file: file)
    depth = word(isOld ? 24 : 28)
    let code = isOld ? 0 : Int(long(30))
    guard let compression = Compression(rawValue: code) else {
      throw FormatError(.unsupported, in: file, "is a BMP of the compression \(code), which is not read")
    }
    self.compression = compression
    let fits =
      switch compression {
      case .none: [1, 2, 4, 8, 16, 24, 32].contains(depth)
      case .runs8: depth == 8
      case .runs4: depth == 4
      case .masks, .alphaMasks: depth == 16 || depth == 32
      }
    guard fits else { throw broken("it states \(depth) bits a pixel and the compression \(code)") }
    let hasMasks = compression == .masks || compression == .alphaMasks
    let maskCount = !hasMasks ? 0 : size >= 56 || compression == .alphaMasks ? 4 : 3
    if hasMasks {
      masks = (0..<4).map { $0 < maskCount ? long(54 + 4 * $0) : 0 }
    } else {
      masks = depth == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF_0000, 0xFF00, 0xFF, 0]
    }
    let table = 14 + size + (size == 40 ? 4 * maskCount : 0)
    let width = isOld ? 3 : 4
    start = Int(long(10))
    var count = 0
    if depth <= 8 {
      count = isOld || long(46) == 0 ? 1 << depth : Int(min(long(46), 1 << UInt32(depth)))
      // The pixels may begin where colors would stand.
      if start > table { count = min(count, (start - table) / width) }
    }
    guard table + count * width <= bytes.count else { throw broken("it ends in its colors") }
    // A file may state more bytes than there are, but where that leaves open whether some of its pixels are among those missing.
    let hasRuns = compression == .runs8 || compression == .runs4
    // Runs are as long as the header says, where it does.
    let length = hasRuns ? Int(long(34)) : Self.stride(self.width, depth) * height
    let end = hasRuns && length == 0 ? Int.max : start + length
    guard keepsDamaged || Int(long(2)) <= bytes.count || end <= bytes.count else {
      throw broken("it states \(long(2)) bytes, of which \(bytes.count) are there")
    }
    colors = (0..<count).map { index in
      let place = table + index * width
      return [bytes[place + 2], bytes[place + 1], bytes[place]]
    }
  }

  mutating func picture() throws(FormatError) -> RasterImage {
    var rgba = [UInt8](repeating: 0, count: 4 * width * height)
    switch compression {
    case .runs8, .runs4: try readRuns(&rgba)
    default: try readRows(&rgba)
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }

  private func missing() -> FormatError {
    FormatError(.malformed, in: file, "is a broken BMP: it ends before its last pixel")
  }

  /// The bytes of a row, which is filled up to four.
  private static func stride(_ width: Int, _ depth: Int) -> Int { (width * depth + 31) / 32 * 4 }

  /// Where a row as it is stored belongs.
  private func place(ofRow row: Int) -> Int { 4 * width * (isTopDown ? row : height - 1 - row) }

  private func readRows(_ rgba: inout [UInt8]) throws(FormatError) {
    let stride = Self.stride(width, depth)
    let shifts = masks.map { mask in
      (shift: UInt32(mask.trailingZeroBitCount & 31), limit: mask >> UInt32(mask.trailingZeroBitCount & 31))
    }
    for row in 0..<height {
      if Safepoint.mustStop(after: 8 * width) { throw FormatError(.io, in: file, "was not read: the work was stopped") }
      let source = start + row * stride
      // The last row may lack the bytes that fill it up.
      guard start >= 14, source + (width * depth + 7) / 8 <= bytes.count else {
        if keepsDamaged { return }
        throw missing()
      }
      var target = place(ofRow: row)
      for x in 0..<width {
        switch depth {
        case 24:
          let place = source + 3 * x
          (rgba[target], rgba[target + 1], rgba[target + 2], rgba[target + 3]) = (
            bytes[place + 2], bytes[place + 1], bytes[place], 255
          )
        case 16, 32:
          let value =
            depth == 16
            ? UInt32(bytes.littleEndian(at: source + 2 * x) as UInt16) : bytes.littleEndian(at: source + 4 * x)
          for channel in 0..<4 {
            let (shift, limit) = shifts[channel]
            rgba[target + channel] =
              limit == 0 ? (channel == 3 ? 255 : 0) : Self.scaled((value & masks[channel]) >> shift, limit)
          }
        default:
          let bit = x * depth
          let index = Int(bytes[source + bit / 8] >> UInt8(8 - depth - bit % 8)) & (1 << depth - 1)
          try put(index, at: target, &rgba)
        }
        target += 4
      }
    }
  }

  /// A sample of a mask whose highest is `limit`, from 0 to 255.
  private static func scaled(_ sample: UInt32, _ limit: UInt32) -> UInt8 {
    limit == 255 ? UInt8(truncatingIfNeeded: sample) : UInt8(UInt64(sample) * 255 / UInt64(limit))
  }

  private func put(_ index: Int, at target: Int, _ rgba: inout [UInt8]) throws(FormatError) {
    guard index < colors.count else {
      if keepsDamaged { return }
      throw FormatError(.malformed, in: file, "is a broken BMP: it has the color \(index) of \(colors.count)")
    }
    for channel in 0..<3 { rgba[target + channel] = colors[index][channel] }
    rgba[target + 3] = 255
  }

  private func readRuns(_ rgba: inout [UInt8]) throws(FormatError) {
    // What no run reaches has the first color.
    if let first = colors.first {
      for pixel in 0..<width * height {
        if pixel & 0xFFF == 0, Safepoint.mustStop(after: 1 << 14) { return }
        for channel in 0..<3 { rgba[4 * pixel + channel] = first[channel] }
        rgba[4 * pixel + 3] = 255
      }
    }
    var (place, x, y) = (start, 0, 0)
    // Some programs write what fills a row up to four bytes too.
    let filled = Self.stride(width, depth) * 8 / depth
    func index(_ byte: UInt8, _ number: Int) -> Int {
      compression == .runs8 ? Int(byte) : Int(number % 2 == 0 ? byte >> 4 : byte & 15)
    }
    func draw(_ index: Int) throws(FormatError) {
      if x < width, y < height {
        try put(index, at: self.place(ofRow: y) + 4 * x, &rgba)
      } else if !keepsDamaged, x >= filled || y >= height {
        let place = y < height ? "the \(width) pixels of its row" : "its \(height) rows"
        throw FormatError(.malformed, in: file, "is a broken BMP: a run goes beyond \(place)")
      }
      x += 1
    }
    while true {
      if Safepoint.mustStop(after: 256) { throw FormatError(.io, in: file, "was not read: the work was stopped") }
      guard place + 2 <= bytes.count else {
        if keepsDamaged || y >= height { return }
        throw missing()
      }
      let (count, value) = (Int(bytes[place]), bytes[place + 1])
      place += 2
      if count > 0 {
        for number in 0..<count { try draw(index(value, number)) }
        continue
      }
      switch value {
      case 0: (x, y) = (0, y + 1)
      case 1: return
      case 2:
        guard place + 2 <= bytes.count else {
          if keepsDamaged { return }
          throw missing()
        }
        (x, y) = (x + Int(bytes[place]), y + Int(bytes[place + 1]))
        place += 2
      default:
        let size = compression == .runs8 ? Int(value) : (Int(value) + 1) / 2
        guard place + size <= bytes.count else {
          if keepsDamaged { return }
          throw missing()
        }
        for number in 0..<Int(value) {
          try draw(index(bytes[place + (compression == .runs8 ? number : number / 2)], number))
        }
        place += size + size % 2
      }
    }
  }
}
