import Formats
import PixelBytes
import Tensors
import Testing

struct QuantizeTests {
  @Test func paletteIsThePublishedOne() throws {
    let colors = try Fixture.tensors("tok/tok2d.safetensors").entry("palette_rgb").uint8s()
    #expect(Palette.nes.colors.flatMap { [$0.red, $0.green, $0.blue] } == colors)
    #expect(Palette.nes.colors[27].hex == "f83800")
  }

  @Test func labIsThatOfScikitImage() throws {
    let lab = try Fixture.tensors("tok/tok2d.safetensors").entry("palette_lab").doubles()
    let ours = Palette.nes.lab.flatMap { [$0.lightness, $0.a, $0.b] }
    #expect(ours.count == lab.count)
    for (a, b) in zip(ours, lab) { #expect(abs(a - b) < 1e-12) }
  }

  @Test(arguments: [
    "gradient", "noise", "onecolour", "palette25x22", "photo", "sprite_alpha_blanked", "sprite_alpha_dropped",
  ])
  func indicesAreThePublishedOnes(name: String) throws {
    let file = try Fixture.tensors("tok/tok2d.safetensors")
    let image = try Fixture.picture(name, in: file).quantized()
    #expect(image.indices == (try file.entry("img.\(name).palette_index").uint8s()))
  }

  @Test func alphaIsMergedWithWhiteFirst() throws {
    let file = try Fixture.tensors("tok/tok2d.safetensors")
    let image = try Fixture.picture("sprite_alpha", in: file).quantized()
    #expect(image.indices == (try file.entry("img.sprite_alpha_blanked.palette_index").uint8s()))
  }

  @Test func theCacheChangesNothing() {
    var random = Random(seed: 5, stream: "test")
    let rgba = (0..<4 * 5000).map { $0 % 4 == 3 ? 255 : UInt8(random.below(256)) }
    let image = RasterImage(width: 100, height: 50, rgba: rgba)
    let naive = (0..<5000).map { Palette.nes.nearest(to: Color(rgba[4 * $0], rgba[4 * $0 + 1], rgba[4 * $0 + 2])) }
    #expect(image.quantized().indices == naive)
  }

  /// 250,000 random colors in a palette of 55 and in some of few or many colors, and all threads.
  @Test(arguments: [0, 1, 2, 7, 198]) func theTablesChangeNothing(colors: Int) throws {
    var random = Random(seed: UInt64(colors), stream: "test")
    let drawn = (0..<colors).map { _ in Color(hex: UInt32(truncatingIfNeeded: random.next() >> 40)) }
    let palette = colors == 0 ? Palette.nes : try Palette(drawn)
    // Few different colors of the first half come again and again, those of the second are all over.
    let rgba = (0..<250_000).flatMap { pixel -> [UInt8] in
      let bits = random.next() & (pixel < 125_000 ? 0x1F_1F1F : 0xFF_FFFF)
      return [0, 8, 16].map { UInt8(truncatingIfNeeded: bits >> $0) } + [255]
    }
    let image = RasterImage(width: 500, height: 500, rgba: rgba)
    let naive = stride(from: 0, to: rgba.count, by: 4).map {
      palette.nearest(to: Color(rgba[$0], rgba[$0 + 1], rgba[$0 + 2]))
    }
    #expect(image.quantized(to: palette).indices == naive)
    #expect(try image.quantized(to: palette, threads: 3).indices == naive)
  }

  @Test func quantizingPaletteColorsIsTheIdentity() {
    let image = IndexedImage(width: 11, height: 5, indices: Array(0..<55))
    #expect(image.raster.quantized() == image)
  }

  @Test(arguments: [
    (1, 1, 1, 1), (25, 22, 25, 22), (128, 113, 25, 22), (113, 128, 22, 25), (1000, 1, 25, 1), (3, 50, 2, 25),
  ])
  func fittingKeepsTheAspectRatio(width: Int, height: Int, newWidth: Int, newHeight: Int) {
    let rgba = (0..<width * height).flatMap { (place: Int) -> [UInt8] in
      [UInt8(place % width % 251), UInt8(place / width % 251), 0, 255]
    }
    let small = RasterImage(width: width, height: height, rgba: rgba).fitted(to: 25)
    #expect(small.width == newWidth && small.height == newHeight)
    // The samples hold the coordinates they came from, which must rise and stay inside.
    let columns = (0..<newWidth).map { Int(small.rgba[4 * $0]) }
    if width <= 251 { #expect(columns == columns.sorted() && Set(columns).count == newWidth) }
  }

  @Test func palettesAreChecked() {
    #expect(throws: DataError(.value, "a palette holds 1 to 198 colors, not 0")) { try Palette([]) }
    #expect(throws: DataError(.value, "the palette holds 010203 twice, as colors 0 and 2")) {
      try Palette([Color(1, 2, 3), Color(0, 0, 0), Color(1, 2, 3)])
    }
    #expect(throws: DataError.self) { try Palette((0..<199).map { Color(UInt8($0), 0, 0) }) }
  }
}
