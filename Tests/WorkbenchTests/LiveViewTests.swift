import Formats
import Testing
import Workbench

/// What stands below the progress of a training.
@Suite struct LiveViewTests {
  private static let picture = RasterImage(
    width: 8, height: 10, rgba: (0..<80).flatMap { pixel in [UInt8(pixel), 100, 200, 255] })

  private func lines(_ values: [Double], _ style: DisplayStyle, picture: RasterImage? = nil) -> [String] {
    LiveView(number: 1, name: "loss", values: values, picture: picture).lines(style)
  }

  @Test(arguments: [[], [.nan], [1], [2, 2, 2], [1e-9, 3e12], (0..<128).map { 5 / Double($0 + 1) }] as [[Double]])
  func linesFit(values: [Double]) {
    for unicode in [true, false] {
      for width in [40, 41, 77, 300] {
        for picture in [nil, Self.picture, RasterImage(width: 100, height: 1, rgba: Array(repeating: 255, count: 400))]
        {
          let lines = lines(values, DisplayStyle(width: width, unicode: unicode), picture: picture)
          #expect(lines.count == LiveView.height)
          #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
          #expect(unicode || lines.allSatisfy { $0.utf8.allSatisfy { $0 < 128 } })
        }
      }
    }
  }

  @Test func aFallingLossFalls() {
    let lines = lines([4, 3, 2, 1], DisplayStyle(width: 40, unicode: false))
    #expect(lines[0].hasPrefix("   4 +*") && lines[7].hasPrefix("   1 +") && lines[7].hasSuffix("*"))
    #expect(lines[4].hasPrefix("loss |"))
  }

  @Test func aCurveKeepsMeansOfAllValues() {
    var curve = LiveCurve()
    for count in 1...5000 {
      curve.add(Double(count))
      #expect(curve.means.count <= LiveCurve.limit)
    }
    #expect(curve.means == curve.means.sorted() && (curve.means.first ?? 0) < 40 && (curve.means.last ?? 0) > 4950)
  }

  /// Each is the mean of as many values, twice as many whenever there are too many of them, and the last of those left.
  @Test(arguments: [0, 1, 2, 127, 128, 129, 130, 131, 255, 256, 257, 511, 512, 513, 1000, 5000])
  func aCurveIsMadeOfMeans(count: Int) {
    var curve = LiveCurve()
    let values = (0..<count).map { Double($0 * $0) }
    for value in values { curve.add(value) }
    var span = 1
    while count > LiveCurve.limit * span { span *= 2 }
    let expected = stride(from: 0, to: count, by: span).map { start in
      let part = values[start..<min(start + span, count)]
      return part.reduce(0, +) / Double(part.count)
    }
    #expect(curve.means.count == expected.count)
    for (a, b) in zip(curve.means, expected) { #expect(abs(a - b) <= 1e-9 * max(b, 1)) }
  }
}
