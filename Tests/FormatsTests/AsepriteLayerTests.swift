import Formats
import Testing

/// Sprites of Aseprite written byte by byte: how layers, cels and their opacities come together.
struct AsepriteLayerTests {
  /// A layer with its one cel.
  struct Layer {
    var mode = 0
    var opacity = 255
    var flags = 1
    var kind = 0
    var level = 0
    /// The place of the cel, its opacity, what moves it among the layers, and its pixels: columns, and gray and alpha of each.
    var left = 0
    var top = 0
    var strength = 255
    var order = 0
    var columns = 1
    var pixels: [(gray: Int, alpha: Int)] = []
  }

  private static func half(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8 & 255)] }
  private static func word(_ number: Int) -> [UInt8] { half(number & 0xFFFF) + half(number >> 16) }

  /// A file of one frame in color.
  private static func file(_ width: Int, _ height: Int, _ layers: [Layer], hasOpacities: Bool = true) -> [UInt8] {
    func part(_ kind: Int, _ bytes: [UInt8]) -> [UInt8] { word(bytes.count + 6) + half(kind) + bytes }
    var parts = layers.map { layer in
      part(
        0x2004,
        half(layer.flags) + half(layer.kind) + half(layer.level) + half(0) + half(0) + half(layer.mode)
          + [UInt8(layer.opacity), 0, 0, 0] + half(1) + [0x61])
    }
    for (number, layer) in layers.enumerated() where !layer.pixels.isEmpty {
      let bytes = layer.pixels.flatMap { [UInt8($0.gray), UInt8($0.gray), UInt8($0.gray), UInt8($0.alpha)] }
      parts.append(
        part(
          0x2005,
          half(number) + half(layer.left) + half(layer.top) + [UInt8(layer.strength)] + half(0) + half(layer.order)
            + .init(repeating: 0, count: 5) + half(layer.columns) + half(layer.pixels.count / layer.columns) + bytes))
    }
    let frame = half(0xF1FA) + half(parts.count) + half(100) + half(0) + word(parts.count) + parts.flatMap { $0 }
    var head = word(0) + half(0xA5E0) + half(1) + half(width) + half(height) + half(32) + word(hasOpacities ? 1 : 0)
    head += [UInt8](repeating: 0, count: 128 - head.count)
    return head + word(frame.count + 4) + frame
  }

  /// The gray and alpha of each pixel.
  private func seen(_ width: Int, _ height: Int, _ layers: [Layer], hasOpacities: Bool = true) throws -> [[Int]] {
    let picture = try Aseprite(Self.file(width, height, layers, hasOpacities: hasOpacities)).frames()[0].image
    return stride(from: 0, to: picture.rgba.count, by: 4).map { [Int(picture.rgba[$0]), Int(picture.rgba[$0 + 3])] }
  }

  private static let values = [0, 1, 64, 127, 128, 200, 255]

  /// What each mode makes of each value under each other one: a line for each value above, from Aseprite's formulas in Python, whose quotients are rounded.
  @Test(
    arguments: [
      (
        "normal", 0,
        [
          0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 64, 64, 64, 64, 64, 64, 64, 127, 127, 127, 127, 127, 127, 127, 128,
          128, 128, 128, 128, 128, 128, 200, 200, 200, 200, 200, 200, 200, 255, 255, 255, 255, 255, 255, 255,
        ]
      ),
      (
        "multiply", 1,
        [
          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 16, 32, 32, 50, 64, 0, 0, 32, 63, 64, 100, 127, 0, 1, 32, 64,
          64, 100, 128, 0, 1, 50, 100, 100, 157, 200, 0, 1, 64, 127, 128, 200, 255,
        ]
      ),
      (
        "screen", 2,
        [
          0, 1, 64, 127, 128, 200, 255, 1, 2, 65, 128, 128, 200, 255, 64, 65, 112, 159, 160, 214, 255, 127, 128, 159,
          191, 191, 227, 255, 128, 128, 160, 191, 192, 228, 255, 200, 200, 214, 227, 228, 243, 255, 255, 255, 255, 255,
          255, 255, 255,
        ]
      ),
      (
        "overlay", 3,
        [
          0, 0, 0, 0, 1, 145, 255, 0, 0, 1, 1, 2, 145, 255, 0, 1, 32, 64, 65, 173, 255, 0, 1, 64, 127, 128, 200, 255, 0,
          1, 64, 127, 128, 200, 255, 0, 2, 100, 199, 200, 231, 255, 0, 2, 128, 254, 255, 255, 255,
        ]
      ),
      (
        "darken", 4,
        [
          0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 1, 64, 64, 64, 64, 64, 0, 1, 64, 127, 127, 127, 127, 0, 1, 64,
          127, 128, 128, 128, 0, 1, 64, 127, 128, 200, 200, 0, 1, 64, 127, 128, 200, 255,
        ]
      ),
      (
        "lighten", 5,
        [
          0, 1, 64, 127, 128, 200, 255, 1, 1, 64, 127, 128, 200, 255, 64, 64, 64, 127, 128, 200, 255, 127, 127, 127,
          127, 128, 200, 255, 128, 128, 128, 128, 128, 200, 255, 200, 200, 200, 200, 200, 200, 255, 255, 255, 255, 255,
          255, 255, 255,
        ]
      ),
      (
        "dodge", 6,
        [
          0, 1, 64, 127, 128, 200, 255, 0, 1, 64, 128, 129, 201, 255, 0, 1, 85, 170, 171, 255, 255, 0, 2, 128, 253, 255,
          255, 255, 0, 2, 129, 255, 255, 255, 255, 0, 5, 255, 255, 255, 255, 255, 0, 255, 255, 255, 255, 255, 255,
        ]
      ),
      (
        "burn", 7,
        [
          0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 36, 255, 0, 0, 0, 0, 0, 145, 255, 0, 0, 0, 0, 2,
          145, 255, 0, 0, 11, 92, 93, 185, 255, 0, 1, 64, 127, 128, 200, 255,
        ]
      ),
      (
        "hard light", 8,
        [
          0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 0, 1, 32, 64, 64, 100, 128, 0, 1, 64, 127, 127, 199, 254, 1, 2, 65,
          128, 128, 200, 255, 145, 145, 173, 200, 200, 231, 255, 255, 255, 255, 255, 255, 255, 255,
        ]
      ),
      (
        "soft light", 9,
        [
          0, 0, 16, 63, 64, 157, 255, 0, 0, 16, 64, 65, 157, 255, 0, 1, 40, 95, 96, 179, 255, 0, 1, 64, 127, 128, 200,
          255, 0, 1, 64, 127, 128, 200, 255, 0, 3, 100, 157, 158, 215, 255, 0, 4, 128, 180, 181, 226, 255,
        ]
      ),
      (
        "difference", 10,
        [
          0, 1, 64, 127, 128, 200, 255, 1, 0, 63, 126, 127, 199, 254, 64, 63, 0, 63, 64, 136, 191, 127, 126, 63, 0, 1,
          73, 128, 128, 127, 64, 1, 0, 72, 127, 200, 199, 136, 73, 72, 0, 55, 255, 254, 191, 128, 127, 55, 0,
        ]
      ),
      (
        "exclusion", 11,
        [
          0, 1, 64, 127, 128, 200, 255, 1, 2, 65, 128, 127, 199, 254, 64, 65, 96, 127, 128, 164, 191, 127, 128, 127,
          128, 127, 127, 128, 128, 127, 128, 127, 128, 128, 127, 200, 199, 164, 127, 128, 86, 55, 255, 254, 191, 128,
          127, 55, 0,
        ]
      ),
      (
        "addition", 16,
        [
          0, 1, 64, 127, 128, 200, 255, 1, 2, 65, 128, 129, 201, 255, 64, 65, 128, 191, 192, 255, 255, 127, 128, 191,
          254, 255, 255, 255, 128, 129, 192, 255, 255, 255, 255, 200, 201, 255, 255, 255, 255, 255, 255, 255, 255, 255,
          255, 255, 255,
        ]
      ),
      (
        "subtract", 17,
        [
          0, 1, 64, 127, 128, 200, 255, 0, 0, 63, 126, 127, 199, 254, 0, 0, 0, 63, 64, 136, 191, 0, 0, 0, 0, 1, 73, 128,
          0, 0, 0, 0, 0, 72, 127, 0, 0, 0, 0, 0, 0, 55, 0, 0, 0, 0, 0, 0, 0,
        ]
      ),
      (
        "divide", 18,
        [
          0, 255, 255, 255, 255, 255, 255, 0, 255, 255, 255, 255, 255, 255, 0, 4, 255, 255, 255, 255, 255, 0, 2, 129,
          255, 255, 255, 255, 0, 2, 128, 253, 255, 255, 255, 0, 1, 82, 162, 163, 255, 255, 0, 1, 64, 127, 128, 200, 255,
        ]
      ),
    ] as [(String, Int, [Int])])
  func modesMixChannels(name: String, mode: Int, expected: [Int]) throws {
    let columns = Self.values.count
    let below = (0..<columns * columns).map { (gray: Self.values[$0 % columns], alpha: 255) }
    let above = (0..<columns * columns).map { (gray: Self.values[$0 / columns], alpha: 255) }
    let layers = [Layer(columns: columns, pixels: below), Layer(mode: mode, columns: columns, pixels: above)]
    #expect(try seen(columns, columns, layers) == expected.map { [$0, 255] })
    // On nothing every mode is the normal one.
    #expect(try seen(columns, columns, [layers[1]]) == above.map { [$0.gray, 255] })
  }

  /// Opacities of layer, cel and pixel are multiplied, rounded; what lies over another is mixed by its share of both.
  @Test func opacitiesAreMultiplied() throws {
    func over(_ layer: Int, _ cel: Int, _ alpha: Int, hasOpacities: Bool = true) throws -> [Int] {
      try seen(
        1, 1, [Layer(pixels: [(100, 255)]), Layer(opacity: layer, strength: cel, pixels: [(200, alpha)])],
        hasOpacities: hasOpacities)[0]
    }
    // 100 + 100 * 128 / 255, * 64 / 255 and * 32 / 255, cut.
    #expect(try over(128, 255, 255) == [150, 255] && over(255, 128, 255) == [150, 255])
    #expect(try over(255, 255, 128) == [150, 255] && over(128, 128, 255) == [125, 255])
    #expect(
      try over(128, 128, 128) == [112, 255] && over(0, 255, 255) == [100, 255] && over(255, 255, 0) == [100, 255])
    #expect(try over(0, 255, 255, hasOpacities: false) == [200, 255])
    // A half over a half: 128 + 128 - 64 = 192 of 255, the upper one by 128 / 192.
    #expect(try seen(1, 1, [Layer(pixels: [(60, 128)]), Layer(pixels: [(120, 128)])]) == [[100, 192]])
    #expect(try seen(1, 1, [Layer(pixels: [(120, 128)]), Layer(pixels: [(60, 128)])]) == [[80, 192]])
    #expect(try seen(1, 1, [Layer(pixels: [(60, 77)])]) == [[60, 77]])
  }

  /// Cels lie where they say, cut at the edges, and over each other as their layers do, unless they are moved.
  @Test func celsHavePlacesAndAnOrder() throws {
    let pixels = (1...4).map { (gray: $0, alpha: 255) }
    func placed(_ left: Int, _ top: Int) throws -> [Int] {
      try seen(3, 2, [Layer(left: left, top: top, columns: 2, pixels: pixels)]).map { $0[0] }
    }
    #expect(try placed(0, 0) == [1, 2, 0, 3, 4, 0] && placed(1, 0) == [0, 1, 2, 0, 3, 4])
    #expect(try placed(2, 1) == [0, 0, 0, 0, 0, 1] && placed(-1, -1) == [4, 0, 0, 0, 0, 0])
    #expect(try placed(3, 0) == .init(repeating: 0, count: 6) && placed(0, 2) == .init(repeating: 0, count: 6))
    #expect(try placed(-2, 0) == .init(repeating: 0, count: 6) && placed(0, -1) == [3, 4, 0, 0, 0, 0])
    func top(_ orders: [Int]) throws -> Int {
      try seen(1, 1, orders.enumerated().map { Layer(order: $1, pixels: [(10 + $0, 255)]) })[0][0]
    }
    #expect(try top([0, 0, 0]) == 12 && top([2, 0, 0]) == 10 && top([3, 0, 0]) == 10 && top([0, 0, -2]) == 11)
    #expect(try top([0, 1, 0]) == 11 && top([0, 0, -1]) == 11 && top([1, 0, -1]) == 10)
  }

  /// Hidden layers, layers of reference, and layers in hidden groups are not seen.
  @Test func groupsHideTheirLayers() throws {
    func first(_ layers: [Layer]) throws -> Int { try seen(1, 1, layers)[0][0] }
    let one = [(gray: 7, alpha: 255)]
    #expect(try first([Layer(flags: 1, pixels: one)]) == 7 && first([Layer(flags: 0, pixels: one)]) == 0)
    #expect(try first([Layer(flags: 65, pixels: one)]) == 0 && first([Layer(flags: 3, pixels: one)]) == 7)
    func grouped(_ outer: Int, _ inner: Int, _ level: Int) throws -> Int {
      try first([
        Layer(flags: outer, kind: 1), Layer(flags: inner, kind: 1, level: 1), Layer(level: level, pixels: one),
      ])
    }
    #expect(try grouped(1, 1, 2) == 7 && grouped(0, 1, 2) == 0 && grouped(1, 0, 2) == 0)
    #expect(try grouped(1, 0, 1) == 7 && grouped(0, 0, 0) == 7 && grouped(0, 1, 1) == 0)
  }
}
