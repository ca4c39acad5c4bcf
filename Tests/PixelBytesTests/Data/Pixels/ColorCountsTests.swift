import Formats
import PixelBytes
import Tensors
import Testing

struct ColorCountsTests {
  @Test func gathersTheCommonColorsFirst() throws {
    // 60 reds of two close kinds, 30 blues, 10 greens.
    var rgba: [UInt8] = []
    for pixel in 0..<100 {
      rgba +=
        pixel < 40
        ? [250, 0, 0, 255] : pixel < 60 ? [244, 4, 0, 255] : pixel < 90 ? [0, 0, 250, 255] : [0, 200, 0, 255]
    }
    var counts = ColorCounts()
    counts.add(RasterImage(width: 10, height: 10, rgba: rgba))
    let colors = try Palette(clustering: counts, count: 3, seed: 1).colors
    #expect(colors.count == 3)
    #expect(
      colors[0].red >= 244 && colors[0].green <= 4 && colors[1] == Color(0, 0, 250) && colors[2] == Color(0, 200, 0))
    #expect(try Palette(clustering: counts, count: 9).colors.count == 4)
  }

  @Test func transparencyIsCountedAsWhite() throws {
    var counts = ColorCounts()
    counts.add(RasterImage(width: 2, height: 1, rgba: [9, 9, 9, 0, 0, 0, 0, 255]))
    #expect(Set(try Palette(clustering: counts, count: 2).colors) == [Color(255, 255, 255), Color(0, 0, 0)])
  }

  @Test func manyPicturesInAnyOrderGiveTheSame() throws {
    var random = Random(seed: 4, stream: "test")
    let pictures = (0..<6).map { _ in
      RasterImage(width: 200, height: 100, rgba: (0..<80_000).map { $0 % 4 == 3 ? 255 : UInt8(random.below(256)) })
    }
    func palette(_ pictures: [RasterImage], seed: UInt64) throws -> Palette {
      var counts = ColorCounts()
      for picture in pictures { counts.add(picture) }
      return try Palette(clustering: counts, count: 20, seed: seed)
    }
    // 120,000 pixels of nearly as many colors, which go beyond what is counted one by one.
    let first = try palette(pictures, seed: 1)
    #expect(first.colors.count == 20)
    #expect(try first == palette(pictures.reversed(), seed: 1))
    #expect(try first != palette(pictures, seed: 2))
  }

  @Test func impossiblePalettesAreRefused() {
    #expect(throws: DataError(.value, "a palette holds 1 to 198 colors, not 199")) {
      try Palette(clustering: ColorCounts(), count: 199)
    }
    #expect(throws: DataError(.value, "a palette holds 1 to 198 colors, not 0")) {
      try Palette(clustering: ColorCounts(), count: 5)
    }
  }
}
