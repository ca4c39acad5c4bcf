import Formats
import Testing

/// Layers of tiles in sprites of Aseprite written byte by byte: they look as the same pixels in a layer without tiles.
struct AsepriteTileTests {
  private static func half(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8 & 255)] }
  private static func word(_ number: Int) -> [UInt8] { half(number & 0xFFFF) + half(number >> 16) }

  /// A zlib stream of one block that is not compressed.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let sum = [high >> 8, high & 255, low >> 8, low & 255].map { UInt8($0) }
    return [0x78, 1, 1] + half(bytes.count) + half(~bytes.count & 0xFFFF) + bytes + sum
  }

  /// How the layer with the cel in question is drawn over another one, and where its cel lies.
  struct Drawing {
    var mode = 0
    var opacity = 255
    var strength = 255
    var left = 0
    var top = 0
  }

  /// The bits of a tile that tell its number, and that it is mirrored along x and along y, and turned sideways.
  private static let masks = [0x1FFF_FFFF, 0x8000_0000, 0x4000_0000, 0x2000_0000]

  private static let side = 5
  private static let tile = 2
  /// Gray and alpha of the pixels of each tile; the first is empty.
  private static let tiles: [[(gray: Int, alpha: Int)]] = [
    .init(repeating: (0, 0), count: 4), [(10, 255), (20, 255), (30, 128), (40, 255)],
    [(110, 255), (120, 0), (130, 255), (140, 64)],
  ]

  private static func bytes(_ pixels: [(gray: Int, alpha: Int)]) -> [UInt8] {
    pixels.flatMap { [UInt8($0.gray), UInt8($0.gray), UInt8($0.gray), UInt8($0.alpha)] }
  }

  /// What is seen of a cel, whose bytes begin with its size, over a layer of one gray.
  private func seen(_ cel: [UInt8], isOfTiles: Bool, _ drawing: Drawing) throws -> [UInt8] {
    func part(_ kind: Int, _ bytes: [UInt8]) -> [UInt8] { Self.word(bytes.count + 6) + Self.half(kind) + bytes }
    func layer(_ kind: Int, _ mode: Int, _ opacity: Int) -> [UInt8] {
      part(
        0x2004,
        Self.half(1) + Self.half(kind) + Self.word(0) + Self.half(0) + Self.half(mode) + [UInt8(opacity), 0, 0, 0]
          + Self.half(1) + [0x61] + (kind == 2 ? Self.word(7) : []))
    }
    func placed(_ layer: Int, _ drawing: Drawing, _ kind: Int, _ cel: [UInt8]) -> [UInt8] {
      part(
        0x2005,
        Self.half(layer) + Self.half(drawing.left) + Self.half(drawing.top) + [UInt8(drawing.strength)]
          + Self.half(kind) + Self.half(0) + .init(repeating: 0, count: 5) + cel)
    }
    let pixels = Self.stored(Self.bytes(Self.tiles.flatMap { $0 }))
    let set = Self.word(7) + Self.word(2) + Self.word(Self.tiles.count) + Self.half(Self.tile) + Self.half(Self.tile)
    let ground = [(gray: Int, alpha: Int)](repeating: (100, 255), count: Self.side * Self.side)
    let parts = [
      part(0x2023, set + .init(repeating: 0, count: 16) + Self.half(1) + [0x61] + Self.word(pixels.count) + pixels),
      layer(0, 0, 255), layer(isOfTiles ? 2 : 0, drawing.mode, drawing.opacity),
      placed(0, Drawing(), 0, Self.half(Self.side) + Self.half(Self.side) + Self.bytes(ground)),
      placed(1, drawing, isOfTiles ? 3 : 0, cel),
    ]
    let frame =
      Self.half(0xF1FA) + Self.half(parts.count) + Self.half(100) + Self.half(0) + Self.word(parts.count)
      + parts.flatMap { $0 }
    var head = Self.word(0) + Self.half(0xA5E0) + Self.half(1) + Self.half(Self.side) + Self.half(Self.side)
    head += Self.half(32) + Self.word(1)
    head += [UInt8](repeating: 0, count: 128 - head.count)
    return try Aseprite(head + Self.word(frame.count + 4) + frame).frames()[0].image.rgba
  }

  /// A map of columns x rows tiles, each with its number and how it is turned, as tiles and as the pixels that it shows.
  private func expectSame(
    _ columns: Int, _ map: [(number: Int, turn: Int)], _ drawing: Drawing,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (rows, tile) = (map.count / columns, Self.tile)
    let values = map.map { entry in
      entry.number + (0..<3).reduce(0) { $0 + (entry.turn >> $1 & 1) * Self.masks[$1 + 1] }
    }
    let tiles =
      Self.half(columns) + Self.half(rows) + Self.half(32) + Self.masks.flatMap(Self.word)
      + .init(repeating: 0, count: 10) + Self.stored(values.flatMap(Self.word))
    var pixels = [(gray: Int, alpha: Int)](repeating: (0, 0), count: map.count * tile * tile)
    for (place, entry) in map.enumerated() {
      var shown = Self.tiles[entry.number]
      if entry.turn & 4 != 0 { shown = [shown[0], shown[2], shown[1], shown[3]] }
      if entry.turn & 1 != 0 { shown = [shown[1], shown[0], shown[3], shown[2]] }
      if entry.turn & 2 != 0 { shown = [shown[2], shown[3], shown[0], shown[1]] }
      for (index, pixel) in shown.enumerated() {
        let (x, y) = (place % columns * tile + index % tile, place / columns * tile + index / tile)
        pixels[y * columns * tile + x] = pixel
      }
    }
    let plain = Self.half(columns * tile) + Self.half(rows * tile) + Self.bytes(pixels)
    let (found, expected) = (
      try seen(tiles, isOfTiles: true, drawing), try seen(plain, isOfTiles: false, drawing)
    )
    #expect(found == expected, "\(map) \(drawing)", sourceLocation: sourceLocation)
  }

  @Test func everyTurnOfEveryTile() throws {
    for number in Self.tiles.indices { for turn in 0..<8 { try expectSame(1, [(number, turn)], Drawing()) } }
  }

  @Test func mapsAreCutAtEveryEdge() throws {
    let map = [(1, 0), (2, 1), (0, 0), (2, 6), (1, 4), (2, 3)].map { (number: $0.0, turn: $0.1) }
    for columns in [1, 2, 3, 6] {
      for left in [-7, -3, -1, 0, 1, 4, 5] {
        for top in [-7, -3, -1, 0, 1, 4, 5] { try expectSame(columns, map, Drawing(left: left, top: top)) }
      }
    }
  }

  @Test func opacitiesAndModesCount() throws {
    for mode in [0, 1, 2, 16] {
      for opacity in [0, 100, 255] {
        for strength in [0, 100, 255] {
          try expectSame(2, [(1, 0), (2, 0)], Drawing(mode: mode, opacity: opacity, strength: strength))
        }
      }
    }
  }
}
