import Formats
import PixelBytes
import Tensors

extension Benchmark {
  /// Pictures of 50 x 25 pixels in the NES palette; nearly every pixel has a color of its own.
  static let quantizing = quantizing(name: "quantize", threads: 1)
  /// The same on two cores, a picture at a time each.
  static let quantizingParallel = quantizing(name: "quantize-2", threads: 2)
  /// Photos of 128 x 128 pixels to sprites of 25.
  static let pixelizing = pixelizing(name: "pixelize", threads: 1)
  /// The same on two cores.
  static let pixelizingParallel = pixelizing(name: "pixelize-2", threads: 2)

  private static func quantizing(name: String, threads: Int) -> Benchmark {
    Benchmark(name: name, unit: "pictures") {
      let pictures = (0..<64).map { photo(width: 25, height: 50, seed: $0) }
      for picture in pictures {
        let naive = stride(from: 0, to: picture.rgba.count, by: 4).map {
          Palette.nes.nearest(to: Color(picture.rgba[$0], picture.rgba[$0 + 1], picture.rgba[$0 + 2]))
        }
        try WrongAnswer.check(picture.quantized().indices == naive, "the tables change a color")
      }
      return {
        let results = try Parallel.map(threads * 64, threads: threads) { pictures[$0 % 64].quantized().indices.count }
        return results.count
      }
    }
  }

  private static func pixelizing(name: String, threads: Int) -> Benchmark {
    Benchmark(name: name, unit: "pictures") {
      let pictures = (0..<16).map { photo(width: 128, height: 128, seed: $0) }
      for picture in pictures {
        let sprite = picture.pixelized()
        try WrongAnswer.check(sprite.width == 25 && sprite == picture.pixelized(), "a sprite is not of its size")
      }
      return {
        try Parallel.map(threads * 16, threads: threads) { pictures[$0 % 16].pixelized().width }.count
      }
    }
  }

  /// Sprites of 16 x 16 pixels with their captions.
  static let sprites = Benchmark(name: "sprites", unit: "rows") {
    let sprites = try Sprites(size: 16, seed: 1)
    try WrongAnswer.check(sprites.row(7) == sprites.row(7), "a row changes")
    return {
      for number in 0..<200 { _ = sprites.row(number) }
      return 200
    }
  }

  /// A smooth picture with grain.
  private static func photo(width: Int, height: Int, seed: Int) -> RasterImage {
    var random = Random(seed: UInt64(seed), stream: "photo")
    let slopes = (0..<6).map { _ in Double(random.uniform(-3, 3)) }
    let rgba = (0..<width * height).flatMap { pixel -> [UInt8] in
      let (x, y) = (Double(pixel % width) / Double(width), Double(pixel / width) / Double(height))
      let samples = (0..<3).map { channel in
        110 + 40 * slopes[channel] * (x - 0.5) + 40 * slopes[channel + 3] * (y - 0.5) + Double(random.uniform(-8, 8))
      }
      return samples.map { UInt8(min(max($0, 0), 255)) } + [255]
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }
}
