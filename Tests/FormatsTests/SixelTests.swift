import Formats
import Testing

/// Sixels of every sample, length and height, by the rules of DEC's VT340: colors in percent, a sign of six dots a column, `!` before
/// the count of equal ones.
@Suite struct SixelTests {
  private func text(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> [UInt8]) -> String {
    let rgba = (0..<height).flatMap { y in (0..<width).flatMap { pixel($0, y) } }
    let text = Sixel.encode(RasterImage(width: width, height: height, rgba: rgba))
    let start = "\u{1B}P0;1q\"1;1;\(width);\(height)"
    #expect(text.hasPrefix(start) && text.hasSuffix("\u{1B}\\"))
    return String(text.dropFirst(start.count).dropLast(2))
  }

  @Test(arguments: [0..<128, 128..<256]) func samplesAreRoundedToPercents(samples: Range<Int>) {
    let found = text(samples.count, 1) { x, _ in [UInt8(samples.lowerBound + x), 0, 255, 255] }
    let colors = samples.enumerated().map { number, sample in
      "#\(number);2;\(Int((Double(sample) * 100 / 255).rounded()));0;100"
    }
    #expect(found.hasPrefix(colors.joined() + "#0"))
  }

  /// Up to three equal signs stand as they are.
  @Test(arguments: [1, 2, 3, 4, 5, 99, 300]) func equalSignsAreCounted(count: Int) {
    let signs = count > 3 ? "!\(count)@" : String(repeating: "@", count: count)
    #expect(text(count, 1) { _, _ in [0, 0, 0, 255] } == "#0;2;0;0;0#0\(signs)$-")
    // What is empty before them counts the same, and what is empty behind them is left out.
    let empty = count > 3 ? "!\(count)?" : String(repeating: "?", count: count)
    let late = text(count + 2, 1) { x, _ in [0, 0, 0, x == count ? 255 : 0] }
    #expect(late == "#0;2;0;0;0#0\(empty)@$-")
  }

  @Test(arguments: 1...13) func bandsHaveSixRows(height: Int) {
    var expected = "#0;2;0;0;0"
    for band in stride(from: 0, to: height, by: 6) {
      let dots = (1 << min(6, height - band)) - 1
      expected += "#0" + String(UnicodeScalar(UInt8(63 + dots))) + "$-"
    }
    #expect(text(1, height) { _, _ in [0, 0, 0, 255] } == expected)
    // Each dot has a place of its own.
    let slope = text(height, height) { x, y in [0, 0, 0, x == y ? 255 : 0] }
    let signs = slope.replacing("#0;2;0;0;0", with: "").split(separator: "-").map { band in
      band.drop { $0 == "#" || $0 == "0" }.dropLast().drop { "!?".contains($0) || $0.isNumber }
    }
    #expect(signs.joined() == String((0..<height).map { Array("@ACGO_")[$0 % 6] }))
  }

  /// 255 colors stay as they are; of 256 grays the nearest of six steps are left.
  @Test func manyColorsAreBroughtTogether() {
    func grays(_ count: Int) -> String { text(count, 1) { x, _ in [UInt8](repeating: UInt8(x), count: 3) + [255] } }
    #expect(grays(255).contains("#254;2;100;100;100"))
    let steps = (0...5).map { "#\($0);2;\(20 * $0);\(20 * $0);\(20 * $0)" }.joined()
    // 0 to 25, then 51 to each of the four steps between, then 230 to 255.
    #expect(
      grays(256) == steps + "#0!26@$#1!26?!51@$#2!77?!51@$#3!128?!51@$#4!179?!51@$#5!230?!26@$-")
  }
}
