import Safepoint

/// A sprite of the editor Aseprite: frames of layers, a palette and tags (the file format specification of its repository).
///
/// Read are sprites in color, gray and palette colors, which may change from frame to frame, with normal and group layers, linked and
/// compressed cels, tile maps, and all blend modes. A file is not trusted: every size in it is checked before memory is taken.
public struct Aseprite: Sendable {
  /// Frames with a name.
  public struct Tag: Equatable, Sendable {
    /// The name.
    public let name: String
    /// The frames, counted from 0.
    public let frames: ClosedRange<Int>
  }

  /// The number of columns of every frame.
  public let width: Int
  /// The number of rows of every frame.
  public let height: Int
  /// The names of frames.
  public private(set) var tags: [Tag] = []
  /// The colors of the palette in the first frame: red, green, blue and alpha of each.
  public var palette: [SIMD4<UInt8>] { palettes.first ?? [] }
  let depth: Int
  let transparent: Int
  let hasOpacities: Bool
  /// Whether groups of layers are drawn by themselves first, and then as one layer.
  let hasGroups: Bool
  let file: String
  private let keepsDamaged: Bool
  private(set) var layers: [Layer] = []
  private(set) var tilesets: [Int: Tileset] = [:]
  private(set) var cels: [[Cel]] = []
  private(set) var delays: [Int] = []
  /// The colors as of each frame.
  private(set) var palettes: [[SIMD4<UInt8>]] = []
  /// The colors so far, and whether parts of the newer form told them, beside which those of the older mean nothing.
  private var colors: [SIMD4<UInt8>] = []
  private var areNewColors = false
  /// The pixels and tiles of all cels and tile sets so far.
  private var held = 0

  struct Layer {
    let isVisible: Bool
    let level: Int
    let isGroup: Bool
    /// Whether the color that is transparent elsewhere is drawn.
    let isBackground: Bool
    let mode: Int
    let opacity: Int
    let tileset: Int?
  }

  struct Tileset {
    let width: Int
    let height: Int
    let count: Int
    let pixels: [UInt8]
  }

  struct Cel {
    enum Content {
      case pixels(width: Int, height: Int, bytes: [UInt8])
      /// That of a frame which has none before it.
      case linked(Int)
      /// The tiles of a map, with how they are turned: four bytes each.
      case tiles(width: Int, height: Int, bytes: [UInt8], masks: [UInt32])
    }

    let layer: Int
    let left: Int
    let top: Int
    let opacity: Int
    /// How many layers further up it is drawn.
    let shift: Int
    let content: Content
  }

  /// Whether bytes begin as such a file does.
  public static func isAseprite(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 128 && bytes[4] == 0xE0 && bytes[5] == 0xA5
  }

  /// Reads the bytes of a file; `file` is the name that errors give it.
  ///
  /// A broken frame is an error, unless `keepsDamaged`, which gives those before it, or the parts that can be read of the first.
  public init(_ bytes: [UInt8], file: String = "sprite", keepsDamaged: Bool = false) throws(FormatError) {
    (self.file, self.keepsDamaged) = (file, keepsDamaged)
    do throws(ParquetFault) {
      guard Self.isAseprite(bytes) else { throw ParquetFault(.malformed, "it does not begin as one") }
      func half(_ place: Int) -> Int { Int(bytes.littleEndian(at: place) as UInt16) }
      (width, height, depth) = (half(8), half(10), half(12))
      (hasOpacities, hasGroups) = (bytes[14] & 1 == 1, bytes[14] & 2 == 2)
      transparent = Int(bytes[28])
      guard depth == 32 || depth == 16 || depth == 8 else {
        throw ParquetFault(.malformed, "it states \(depth) bits a pixel")
      }
      do throws(FormatError) { try RasterImage.checkSize(width, height, file: file) } catch {
        throw ParquetFault(error.kind, error.message)
      }
      var reader = ByteReader(bytes, 128..<bytes.count)
      for frame in 0..<half(6) {
        if Safepoint.mustStop(after: 1000) { throw ParquetFault(.io, "the work was stopped") }
        do throws(ParquetFault) { try readFrame(&reader) } catch {
          guard keepsDamaged, error.kind == .malformed, frame > 0 || !(cels.first ?? []).isEmpty else {
            throw error.at("frame \(frame)")
          }
          if frame > 0 { (cels, delays) = (Array(cels.prefix(frame)), Array(delays.prefix(frame))) }
          if palettes.count < cels.count { palettes.append(colors) }
          break
        }
      }
      guard !cels.isEmpty else { throw ParquetFault(.malformed, "it has no frame") }
    } catch {
      throw FormatError(
        error.kind, in: file, error.kind == .malformed ? "is a broken Aseprite file: \(error.message)" : error.message)
    }
  }

  private mutating func readFrame(_ reader: inout ByteReader) throws(ParquetFault) {
    let size = Int(try reader.word32("the size of a frame"))
    // Of a frame whose end is missing the parts before that are read.
    let isCut = keepsDamaged && cels.isEmpty && size - 4 > reader.remaining
    var frame = try reader.part(isCut ? reader.remaining : size - 4, "the parts of a frame")
    guard try frame.half() == 0xF1FA else { throw ParquetFault(.malformed, "it is no frame") }
    let few = try frame.half()
    delays.append(try frame.half() / 10)
    _ = try frame.half()
    let many = Int(try frame.word32("the number of parts"))
    cels.append([])
    for _ in 0..<(many == 0 ? few : many) {
      if Safepoint.mustStop(after: 200) { throw ParquetFault(.io, "the work was stopped") }
      let size = Int(try frame.word32("the size of a part"))
      let kind = try frame.half()
      var part = try frame.part(size - 6, "a part")
      switch kind {
      case 0x2004: try readLayer(&part)
      case 0x2005: try readCel(&part)
      case 0x2018: try readTags(&part)
      case 0x2019: try readPalette(&part)
      case 0x0004, 0x0011: if !areNewColors { try readOldPalette(&part, hasSixBits: kind == 0x0011) }
      case 0x2023: try readTileset(&part)
      default: break
      }
    }
    palettes.append(colors)
  }

  private mutating func readLayer(_ part: inout ByteReader) throws(ParquetFault) {
    let (flags, kind, level) = (try part.half(), try part.half(), try part.half())
    _ = try part.take(4, "a layer")
    let (mode, opacity) = (try part.half(), Int(try part.byte()))
    _ = try part.take(3, "a layer")
    _ = try part.text()
    let tileset = kind == 2 ? Int(try part.word32("the number of a tile set")) : nil
    layers.append(
      Layer(
        // A layer of reference is there for the artist alone.
        isVisible: flags & 1 == 1 && flags & 64 == 0, level: level, isGroup: kind == 1, isBackground: flags & 8 == 8,
        mode: mode, opacity: (kind == 1 ? hasGroups : hasOpacities) ? opacity : 255, tileset: tileset))
  }

  private mutating func readCel(_ part: inout ByteReader) throws(ParquetFault) {
    let layer = try part.half()
    let (left, top) = (try part.signedHalf(), try part.signedHalf())
    let (opacity, kind, shift) = (Int(try part.byte()), try part.half(), try part.signedHalf())
    _ = try part.take(5, "a cel")
    guard layer < layers.count else { throw ParquetFault(.malformed, "a cel is of layer \(layer) of \(layers.count)") }
    let content: Cel.Content
    switch kind {
    case 0, 2:
      let (width, height) = (try part.half(), try part.half())
      let size = try checked(width, height) * depth / 8
      let bytes = kind == 2 ? try inflated(part, size) : Array(part.bytes[try part.take(size, "the pixels of a cel")])
      content = .pixels(width: width, height: height, bytes: bytes)
    case 1:
      let frame = try part.half()
      let source = frame < cels.count - 1 ? cels[frame].first { $0.layer == layer } : nil
      content = source?.content ?? .linked(frame)
    case 3:
      let (width, height, bits) = (try part.half(), try part.half(), try part.half())
      guard bits == 32 else { throw ParquetFault(.unsupported, "has tiles of \(bits) bits, which are not read") }
      var masks: [UInt32] = []
      for _ in 0..<4 { masks.append(try part.word32("the masks of tiles")) }
      _ = try part.take(10, "a cel")
      content = .tiles(
        width: width, height: height, bytes: try inflated(part, 4 * (try checked(width, height))), masks: masks)
    default: throw ParquetFault(.unsupported, "has a cel of the kind \(kind), which is not read")
    }
    cels[cels.count - 1].append(
      Cel(layer: layer, left: left, top: top, opacity: opacity, shift: shift, content: content))
  }

  /// The pixels of a cel, which all together must be few enough to be held in memory.
  private mutating func checked(_ width: Int, _ height: Int) throws(ParquetFault) -> Int {
    held += width * height
    guard held <= RasterImage.pixelLimit else {
      throw ParquetFault(
        .limit, "has a cel of \(width) x \(height) pixels; at most \(RasterImage.pixelLimit >> 20) megapixels are read")
    }
    return width * height
  }

  private func inflated(_ part: ByteReader, _ size: Int) throws(ParquetFault) -> [UInt8] {
    try PageCompression.gzip.decompress(part, size: size).bytes
  }

  private mutating func readTags(_ part: inout ByteReader) throws(ParquetFault) {
    let count = try part.half()
    _ = try part.take(8, "tags")
    for _ in 0..<count {
      let (first, last) = (try part.half(), try part.half())
      _ = try part.take(13, "a tag")
      let name = try part.text()
      guard first <= last else { throw ParquetFault(.malformed, "a tag goes from frame \(first) to \(last)") }
      tags.append(Tag(name: name, frames: first...last))
    }
  }

  private mutating func readPalette(_ part: inout ByteReader) throws(ParquetFault) {
    let size = Int(try part.word32("the size of a palette"))
    let (first, last) = (Int(try part.word32("a palette")), Int(try part.word32("a palette")))
    _ = try part.take(8, "a palette")
    // One without colors, which sprites in color may have, changes nothing, whatever it says of the first and the last.
    if size == 0 { return }
    guard size <= 65_536, first <= last, last < size else {
      throw ParquetFault(.malformed, "a palette of \(size) colors changes those from \(first) to \(last)")
    }
    if colors.count > size { colors.removeLast(colors.count - size) }
    while colors.count < size { colors.append(SIMD4(0, 0, 0, 255)) }
    for index in first...last {
      let hasName = try part.half() & 1 == 1
      let place = try part.take(4, "a color").lowerBound
      colors[index] = SIMD4(part.bytes[place], part.bytes[place + 1], part.bytes[place + 2], part.bytes[place + 3])
      if hasName { _ = try part.text() }
    }
    areNewColors = true
    try hold(colors)
  }

  /// Colors of three bytes, whose highest two bits mean nothing where `hasSixBits`.
  private mutating func readOldPalette(_ part: inout ByteReader, hasSixBits: Bool) throws(ParquetFault) {
    var index = 0
    for _ in 0..<(try part.half()) {
      index += Int(try part.byte())
      let stated = Int(try part.byte())
      for _ in 0..<(stated == 0 ? 256 : stated) {
        let place = try part.take(3, "a color").lowerBound
        guard index < 65_536 else { throw ParquetFault(.malformed, "a palette has more than 65536 colors") }
        while colors.count <= index { colors.append(SIMD4(0, 0, 0, 255)) }
        func sample(_ value: UInt8) -> UInt8 { hasSixBits ? value << 2 | value >> 4 & 3 : value }
        colors[index] = SIMD4(
          sample(part.bytes[place]), sample(part.bytes[place + 1]), sample(part.bytes[place + 2]), 255)
        index += 1
      }
    }
    try hold(colors)
  }

  /// Counts the colors of a palette, of which each frame that changes them has its own.
  private mutating func hold(_ colors: [SIMD4<UInt8>]) throws(ParquetFault) {
    held += colors.count
    guard held <= RasterImage.pixelLimit else {
      throw ParquetFault(
        .limit, "has more than \(RasterImage.pixelLimit >> 20) million pixels and colors of palettes in its frames")
    }
  }

  private mutating func readTileset(_ part: inout ByteReader) throws(ParquetFault) {
    let (number, flags, count) = (
      Int(try part.word32("a tile set")), try part.word32("a tile set"), Int(try part.word32("a tile set"))
    )
    let (width, height) = (try part.half(), try part.half())
    _ = try part.take(16, "a tile set")
    _ = try part.text()
    if flags & 1 == 1 { throw ParquetFault(.unsupported, "has tiles in another file, which are not read") }
    guard flags & 2 == 2 else { return }
    let size = Int(try part.word32("the size of tiles"))
    let (area, isHuge) = count.multipliedReportingOverflow(by: width * height)
    guard !isHuge, area <= RasterImage.pixelLimit - held else {
      throw ParquetFault(
        .limit,
        "has \(count) tiles of \(width) x \(height) pixels; at most \(RasterImage.pixelLimit >> 20) megapixels are read"
      )
    }
    held += area
    let pixels = try inflated(try part.part(size, "tiles"), area * depth / 8)
    tilesets[number] = Tileset(width: width, height: height, count: count, pixels: pixels)
  }
}

extension ByteReader {
  /// Two bytes, the lowest first.
  fileprivate mutating func half() throws(ParquetFault) -> Int {
    Int(bytes.littleEndian(at: try take(2, "a number").lowerBound) as UInt16)
  }

  fileprivate mutating func signedHalf() throws(ParquetFault) -> Int {
    Int(Int16(truncatingIfNeeded: try half()))
  }

  fileprivate mutating func text() throws(ParquetFault) -> String {
    let count = try half()
    return String(decoding: bytes[try take(count, "a text")], as: UTF8.self)
  }
}
