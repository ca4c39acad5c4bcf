import Foundation
import PixelScript
import Testing
import Workbench

/// Every kind of plot of every kind of column.
@Suite struct PlotColumnTests {
  static let kinds = ["line", "scatter", "bars", "area", "histogram", "box", "heatmap"]

  private static let columns = """
    t = {
      numbers: [1.5, 2.25, -3, 4], whole: [1, 2, 3, 40], truths: [true, false, nil, true], texts: ["a", "b", nil, "a"],
      dates: ["2024-01-05", "2024-01-07", nil, "2024-01-05"], times: ["2024-01-05T10:00:00.000001Z", "2024-01-05T10:00:01Z"],
      missing: [nil, 1, nil, 2], nan: [nan, 1, nan, 2], infinite: [inf, 1, -inf, 2], nothing: [nil, nil], nans: [nan, nan],
      one: [3], none: [], same: [5, 5, 5], large: [1.7e308, -1.7e308, 1.6e308], small: [5e-324, 1e-323], lists: [[1, 2], [3]]
    }

    """

  /// It is drawn within the width of any terminal and on a page whose numbers are numbers, or refused with a reason.
  @Test(arguments: kinds) func isDrawnOrRefused(kind: String) throws {
    for options in [
      "", ", by: \"g\"", ", x: \"n\"", ", x: \"g\", by: \"g\"", ", log: \"y\"", ", x: \"n\", z: \"v\", y: \"g\"",
    ] {
      var found: [Rendering] = []
      let session = Session(
        options: SessionOptions(seed: 1),
        console: Console(write: { _ in }, show: { rendering, _ in found.append(rendering) }))
      let script =
        Self.columns + """
          for name in t {
            v = t[name]
            table = table({v: v, n: range(len(v)), g: [["p", "q"][k % 2] for k in range(len(v))]})
            try { show plot(table, kind: "\(kind)"\(options.contains(" y:") ? "" : ", y: \"v\"")\(options)) } catch e { assert len(e.message) > 10, e.message }
          }
          """
      #expect(session.run(script, name: "test", echo: false).diagnostics.map(\.description) == [], "\(kind)\(options)")
      for rendering in found {
        let page = String(decoding: try rendering.file().bytes, as: UTF8.self)
        #expect(!page.contains(#/[" ,](nan|-?inf)[" ,]/#), "\(kind)\(options): \(page)")
        for width in [20, 40, 80] {
          for color in [Console.ColorDepth.none, .trueColor] {
            let text = try rendering.text(in: DisplayStyle(color: color, width: width))
            let plain = text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
            let widest = plain.split(separator: "\n").map { DisplayWidth.columns(of: String($0)) }.max() ?? 0
            #expect(widest <= width, "\(kind)\(options) at \(width):\n\(plain)")
          }
        }
      }
    }
  }

  /// Dates are told as dates along whatever axis they stand.
  @Test(arguments: [
    ("kind: \"line\", x: \"n\", y: \"v\"", true), ("kind: \"scatter\", x: \"n\", y: \"v\"", true),
    ("kind: \"box\", y: \"v\"", true), ("kind: \"histogram\", x: \"v\"", true), ("kind: \"histogram\", y: \"v\"", true),
    ("kind: \"line\", x: \"v\", y: \"n\"", true), ("kind: \"bars\", y: \"v\"", false),
    ("kind: \"area\", y: \"v\"", false),
    ("y: [\"v\", \"n\"]", false), ("y: \"v\", log: \"y\"", false), ("y: \"v\", ylim: [\"2024-01-01\", nil]", true),
    ("y: \"v\", right: \"n\"", true), ("y: \"n\", right: \"v\"", false),
  ]) func datesAreDates(options: String, isDrawn: Bool) throws {
    let script = "t = table({n: [1, 2, 3], v: [\"2024-01-05\", \"2024-01-08\", \"2024-02-10\"]})\nplot(t, \(options))"
    guard isDrawn else {
      let output = TestSession().run(script)
      #expect(output.hasPrefix("error["), "\(options): \(output)")
      return
    }
    let page = try PlotPage(script)
    #expect(page.texts.contains { $0.hasPrefix("2024-0") }, "\(options): \(page.texts)")
    #expect(page.terminal.contains("2024-0"), "\(page.terminal)")
  }

  /// A histogram of days has an interval for each.
  @Test func daysAreCounted() throws {
    let days = (1...5).map { "\"2024-03-0\($0)\"" } + ["\"2024-03-02\"", "\"2024-03-02\""]
    let page = try PlotPage("plot([\(days.joined(separator: ", "))], kind: \"histogram\")")
    let bars = page.svg.matches(of: /<polygon points="([^"]*)"/)
    #expect(bars.count == 5, "\(page.svg)")
    #expect(page.texts.contains("2024-03-01"))
  }
}
