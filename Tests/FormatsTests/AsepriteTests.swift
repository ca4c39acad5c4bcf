import Formats
import Testing

/// Aseprite files as the editor writes them, part by part, and what it shows of them.
@Suite struct AsepriteTests {
  private static func half(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
  private static func word(_ value: Int) -> [UInt8] { half(value) + half(value >> 16) }
  private static func part(_ kind: Int, _ bytes: [UInt8]) -> [UInt8] { word(bytes.count + 6) + half(kind) + bytes }

  private static func layer(
    isGroup: Bool = false, level: Int = 0, mode: Int = 0, opacity: UInt8 = 255, isBackground: Bool = false
  ) -> [UInt8] {
    let flags = half(isBackground ? 9 : 1)
    return part(
      0x2004, flags + half(isGroup ? 1 : 0) + half(level) + word(0) + half(mode) + [opacity, 0, 0, 0] + half(0))
  }

  /// A cel of one pixel.
  private static func cel(_ layer: Int, _ pixel: [UInt8], opacity: UInt8 = 255, left: Int = 0, shift: Int = 0)
    -> [UInt8]
  {
    let head = half(layer) + half(left) + half(0) + [opacity] + half(0) + half(shift) + [0, 0, 0, 0, 0]
    return part(0x2005, head + half(1) + half(1) + pixel)
  }

  private static func link(_ layer: Int, _ frame: Int, opacity: UInt8 = 255) -> [UInt8] {
    part(0x2005, half(layer) + word(0) + [opacity] + half(1) + half(0) + [0, 0, 0, 0, 0] + half(frame))
  }

  private static func palette(_ colors: [[UInt8]], first: Int = 0, size: Int? = nil) -> [UInt8] {
    let entries = colors.flatMap { half(0) + $0 }
    return part(
      0x2019,
      word(size ?? first + colors.count) + word(first) + word(first + colors.count - 1)
        + [UInt8](repeating: 0, count: 8) + entries)
  }

  private static func oldPalette(_ kind: Int, _ colors: [[UInt8]]) -> [UInt8] {
    part(kind, half(1) + [0, UInt8(colors.count)] + colors.flatMap(\.self))
  }

  private static func file(_ frames: [[[UInt8]]], depth: Int = 32, flags: Int = 1, width: Int = 1) -> [UInt8] {
    let body = frames.flatMap { parts in
      let parts = (parts.count, parts.flatMap(\.self))
      return word(parts.1.count + 16) + half(0xF1FA) + half(parts.0) + half(100) + half(0) + word(parts.0) + parts.1
    }
    let head =
      word(128 + body.count) + half(0xA5E0) + half(frames.count) + half(width) + half(1) + half(depth) + word(flags)
    return head + [UInt8](repeating: 0, count: 128 - head.count) + body
  }

  private func pixels(_ bytes: [UInt8]) throws(FormatError) -> [[UInt8]] {
    try Aseprite(bytes).frames().map(\.image.rgba)
  }

  private static let pairs: [(below: [UInt8], above: [UInt8], opacity: UInt8)] = [
    ([200, 100, 50, 255], [30, 180, 220, 255], 255), ([200, 100, 50, 128], [30, 180, 220, 200], 180),
    ([10, 250, 90, 77], [240, 5, 130, 33], 255),
  ]

  /// What each mode makes of three pairs of colors, by the formulas of the editor's blending, reckoned apart from this program.
  @Test(
    arguments: [
      (0, [[30, 180, 220, 255], [79, 156, 171, 198], [85, 170, 103, 100]]),
      (1, [[24, 71, 43, 255], [76, 107, 91, 198], [60, 170, 94, 100]]),
      (2, [[206, 209, 227, 255], [159, 170, 175, 198], [85, 196, 107, 100]]),
      (3, [[158, 141, 86, 255], [138, 138, 110, 198], [61, 196, 99, 100]]),
      (4, [[30, 100, 50, 255], [79, 120, 93, 198], [60, 170, 99, 100]]),
      (5, [[200, 180, 220, 255], [157, 156, 171, 198], [85, 196, 103, 100]]),
      (6, [[227, 255, 255, 255], [168, 191, 186, 198], [77, 196, 109, 100]]),
      (7, [[0, 35, 17, 255], [65, 91, 79, 198], [59, 169, 89, 100]]),
      (8, [[47, 164, 199, 255], [88, 149, 161, 198], [84, 170, 99, 100]]),
      (9, [[167, 125, 96, 255], [142, 131, 114, 198], [62, 196, 99, 100]]),
      (10, [[170, 80, 170, 255], [143, 111, 148, 198], [84, 196, 93, 100]]),
      (11, [[182, 138, 184, 255], [149, 137, 154, 198], [84, 196, 103, 100]]),
      (12, [[38, 156, 188, 255], [83, 145, 156, 198], [87, 181, 109, 100]]),
      (13, [[220, 93, 30, 255], [166, 118, 84, 198], [60, 196, 99, 100]]),
      (14, [[15, 165, 205, 255], [73, 150, 164, 198], [87, 181, 109, 100]]),
      (15, [[214, 114, 64, 255], [162, 126, 99, 198], [59, 185, 94, 100]]),
      (16, [[230, 255, 255, 255], [170, 191, 186, 198], [86, 196, 113, 100]]),
      (17, [[170, 0, 0, 255], [143, 74, 71, 198], [59, 196, 89, 100]]),
      (18, [[255, 142, 58, 255], [181, 138, 97, 198], [60, 196, 108, 100]]),
    ] as [(Int, [[UInt8]])])
  func modesAreThoseOfTheEditor(mode: Int, expected: [[UInt8]]) throws {
    for (pair, color) in zip(Self.pairs, expected) {
      let parts = [
        Self.layer(), Self.layer(mode: mode), Self.cel(0, pair.below), Self.cel(1, pair.above, opacity: pair.opacity),
      ]
      #expect(try pixels(Self.file([parts])) == [color])
    }
  }

  @Test func otherModesAreRefusedByTheirNumber() throws {
    let bytes = Self.file([[Self.layer(mode: 19), Self.cel(0, [1, 2, 3, 255])]])
    #expect(throws: FormatError(.unsupported, in: "sprite", "has a layer of the blend mode 19, which is not known")) {
      try pixels(bytes)
    }
  }

  /// Gray has no hue: the modes that take one of two colors draw the upper.
  @Test(arguments: 12...15) func grayHasNoHue(mode: Int) throws {
    let parts = [Self.layer(), Self.layer(mode: mode), Self.cel(0, [200, 255]), Self.cel(1, [30, 255])]
    #expect(try pixels(Self.file([parts], depth: 16)) == [[30, 30, 30, 255]])
  }

  /// A palette that a later frame changes, in whole or in part and in either form, colors the frames from there on.
  @Test func framesHaveThePaletteOfTheirTime() throws {
    let (red, green, blue): ([UInt8], [UInt8], [UInt8]) = ([255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255])
    let first = [Self.palette([[0, 0, 0, 255], red]), Self.layer(), Self.cel(0, [1])]
    for change in [Self.palette([[9, 9, 9, 255], blue]), Self.palette([blue], first: 1)] {
      let bytes = Self.file([first, [Self.link(0, 0)], [change, Self.link(0, 1)], [Self.link(0, 2)]], depth: 8)
      #expect(try pixels(bytes) == [red, red, blue, blue])
      #expect(try Aseprite(bytes).palette[1] == SIMD4(255, 0, 0, 255))
    }
    func old(_ color: [UInt8]) -> [UInt8] { Self.oldPalette(4, [[0, 0, 0], Array(color.dropLast())]) }
    let bytes = Self.file([[old(red), Self.layer(), Self.cel(0, [1])], [old(green), Self.link(0, 0)]], depth: 8)
    #expect(try pixels(bytes) == [red, green])
    // Beside colors of the newer form those of the older mean nothing.
    let both = Self.file([first, [old(green), Self.link(0, 0)]], depth: 8)
    #expect(try pixels(both) == [red, red])
  }

  /// A palette of no colors changes nothing: sprites in color and gray need none, and one of the older form beside it stays.
  @Test func emptyPalettesChangeNothing() throws {
    for last in [0, 255, 0xFFFF_FFFF] {
      let empty = Self.part(0x2019, Self.word(0) + Self.word(0) + Self.word(last) + [UInt8](repeating: 0, count: 8))
      for (depth, pixel) in [(32, [9, 8, 7, 255]), (16, [50, 255])] as [(Int, [UInt8])] {
        let bytes = Self.file([[empty, Self.layer(), Self.cel(0, pixel)], [empty]], depth: depth)
        #expect(try pixels(bytes) == [depth == 32 ? pixel : [50, 50, 50, 255], [0, 0, 0, 0]])
        #expect(try Aseprite(bytes).palette.isEmpty)
      }
      let old = Self.oldPalette(4, [[0, 0, 0], [1, 2, 3]])
      let bytes = Self.file([[old, empty, Self.layer(), Self.cel(0, [1])], [empty, Self.link(0, 0)]], depth: 8)
      #expect(try pixels(bytes) == [[1, 2, 3, 255], [1, 2, 3, 255]])
    }
  }

  /// Colors of six bits become those of eight by repeating their highest two.
  @Test func colorsOfSixBitsAreScaled() throws {
    for value in UInt8(0)..<64 {
      let bytes = Self.file(
        [[Self.oldPalette(0x11, [[value, 0, 0]]), Self.layer(isBackground: true), Self.cel(0, [0])]], depth: 8)
      #expect(try pixels(bytes) == [[value << 2 | value >> 4, 0, 0, 255]])
    }
  }

  /// A cel that is that of another frame, which may be one too, keeps its own place and opacity.
  @Test func linksAreFollowed() throws {
    let first = [Self.layer(), Self.cel(0, [9, 8, 7, 255])]
    let bytes = Self.file([first, [Self.link(0, 0, opacity: 128)], [Self.link(0, 1)], []])
    #expect(try pixels(bytes) == [[9, 8, 7, 255], [9, 8, 7, 128], [9, 8, 7, 255], [0, 0, 0, 0]])
    #expect(throws: FormatError.self) { try pixels(Self.file([[Self.layer(), Self.link(0, 1)], first])) }
  }

  /// Where a file says so, a group is drawn by itself and then as a layer with an opacity and a mode; else its layers are drawn as if it
  /// were not there.
  @Test func groupsAreDrawnByThemselvesWhereTheFileSaysSo() throws {
    let (red, blue): ([UInt8], [UInt8]) = ([255, 0, 0, 255], [0, 0, 255, 255])
    func sprite(_ flags: Int, mode: Int, opacity: UInt8) -> [UInt8] {
      let layers = [Self.layer(), Self.layer(isGroup: true, mode: mode, opacity: opacity), Self.layer(level: 1)]
      return Self.file([layers + [Self.cel(0, red), Self.cel(2, blue)]], flags: flags)
    }
    #expect(try pixels(sprite(3, mode: 0, opacity: 128)) == [[127, 0, 128, 255]])
    #expect(try pixels(sprite(1, mode: 0, opacity: 128)) == [blue])
    #expect(try pixels(sprite(3, mode: 1, opacity: 255)) == [[0, 0, 0, 255]])
    #expect(try pixels(sprite(3, mode: 0, opacity: 0)) == [red])
    // A layer that would multiply what lies under the group has nothing under it in there.
    let inside = [Self.layer(), Self.layer(isGroup: true), Self.layer(level: 1, mode: 1)]
    let cels = [Self.cel(0, red), Self.cel(2, blue)]
    #expect(try pixels(Self.file([inside + cels], flags: 3)) == [blue])
    #expect(try pixels(Self.file([inside + cels], flags: 1)) == [[0, 0, 0, 255]])
    // Cels are moved among those of their group alone.
    let order = [Self.layer(isGroup: true), Self.layer(level: 1), Self.layer()]
    let moved = [Self.cel(1, red, shift: 5), Self.cel(2, blue)]
    #expect(try pixels(Self.file([order + moved], flags: 3)) == [blue])
    #expect(try pixels(Self.file([order + moved], flags: 1)) == [red])
    // A group that draws beyond the sprite, or nothing, is none.
    let beyond = [Self.layer(isGroup: true), Self.layer(level: 1), Self.layer(isGroup: true)]
    #expect(try pixels(Self.file([beyond + [Self.cel(1, red, left: -1)]], flags: 3)) == [[0, 0, 0, 0]])
  }

  @Test func groupsInGroupsAreLimited() throws {
    let layers = (0..<70).map { Self.layer(isGroup: true, level: $0) }
    #expect(throws: FormatError(.limit, in: "sprite", "has groups of layers nested deeper than 64")) {
      try pixels(Self.file([layers], flags: 3))
    }
    #expect(
      try pixels(Self.file([layers + [Self.layer(level: 70), Self.cel(70, [1, 2, 3, 255])]])) == [[1, 2, 3, 255]])
  }
}
