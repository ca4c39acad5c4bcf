import Formats
import Testing

/// What is written as GIF is read back as it was, by giflib.
@Suite struct GIFWriterTests {
  /// Numbers of colors around the powers of two, each with runs of all lengths and with noise, which fills the table of codes
  /// again and again.
  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 127, 128, 200, 254, 255], [false, true])
  func codesOfEveryWidthAreReadBack(colors: Int, isNoise: Bool) throws {
    var random = SeededGenerator(state: UInt64(colors))
    for (width, height) in [(1, 1), (3, 1), (17, 5), (64, 64), (150, 90)] {
      var rgba: [UInt8] = []
      var (color, left) = (0, 0)
      for pixel in 0..<width * height {
        if isNoise || left == 0 { (color, left) = (Int.random(in: 0..<colors, using: &random), 1 + pixel % 9) }
        left -= 1
        rgba += [UInt8(color), UInt8(color * 7 % 256), 255, 255]
      }
      let frame = GIF.Frame(image: RasterImage(width: width, height: height, rgba: rgba), delay: 7)
      #expect(try GIF.frames(try GIF.encode([frame])) == [frame], "\(width) x \(height)")
    }
  }

  /// A pixel is transparent below half; frames follow each other whole, each with its delay, from the least to the longest.
  @Test func framesAndTransparency() throws {
    func picture(_ alphas: [UInt8]) -> RasterImage {
      RasterImage(width: alphas.count, height: 1, rgba: alphas.flatMap { [10, 20, 30, $0] })
    }
    let alphas: [[UInt8]] = [[255, 0, 255], [0, 0, 255], [127, 128, 1], [255, 255, 255]]
    let frames = zip(alphas, [0, 1, 65_535, 70_000]).map { GIF.Frame(image: picture($0), delay: $1) }
    let found = try GIF.frames(try GIF.encode(frames))
    #expect(found.map(\.delay) == [0, 1, 65_535, 65_535])
    for (frame, alphas) in zip(found, alphas) {
      #expect(frame.image.rgba == alphas.flatMap { $0 < 128 ? [0, 0, 0, 0] : [10, 20, 30, 255] })
    }
  }
}
