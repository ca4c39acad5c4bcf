import FuzzInputs
import Foundation
import PixelScript
import Testing
import Workbench

/// Data of every form drawn with every option, in a terminal and as a page.
///
/// `Tests/Scripts/workbench/plots.txt` holds digests of the drawings; with `RECORD` in the environment it is written anew. What is drawn
/// is told where it is something else.
@Suite struct OptionDrawingTests {
  private static let plotted = [
    "[1, 3, -2, 5.5, nil, 4]", "{a: [1, 4, 2, 8], b: [3, 1, 0.5, 2]}", "[10, 0.1, 2000, 3], [1, 10, 100, 1000]",
    #"t, x: "n", y: "v", by: "g""#, #"t, x: "k", y: ["v", "w"]"#, #"t, x: "day", y: "v""#, "ones(3, 4) * range(4)",
    "{one: 3, two: -1, three: 0.25}", "[[1, 2, 2, 9], [4, 4, 5, 30]]",
  ]
  private static let options = [
    "", "kind: \"scatter\"", "kind: \"bars\"", "kind: \"area\"", "kind: \"histogram\"", "kind: \"box\"",
    "kind: \"heatmap\"", "kind: \"bars\", stacked: true", "kind: \"area\", stacked: true", "log: \"x\"", "log: \"y\"",
    "log: \"xy\"", "kind: \"heatmap\", log: \"y\"", "kind: \"histogram\", bins: 3", "band: \"sd\"", "band: \"minmax\"",
    "error: 0.5", "xlim: [0, 2]", "xlim: [3, 1]", "ylim: [0, 4]", "ylim: [5, -1]", "zlim: [0, 2], kind: \"heatmap\"",
    "hlines: 1", "hlines: [0.5, 2], vlines: [1, 2]", "names: [\"p\", \"q\"]", "names: \"p\"", "colors: \"red\"",
    "colors: [\"red\", \"112233\"]", "dash: \"dashed\"", "dash: [\"dotted\", \"solid\"]", "marker: \"o\"", "width: 3",
    "legend: \"right\"", "legend: \"bottom\"", "legend: \"inside\"", "legend: \"none\"", "grid: \"none\"",
    "grid: \"dashed\"", "theme: \"dark\"", "theme: \"light\"", "size: [2, 4]", "size: [9, 1.5]",
    "title: \"a title that is so long that it does not fit above a plot of this size by far, and goes on and on\"",
    "titles: [\"a\", \"b\"]", "xlabel: \"x\", ylabel: \"y\"", "texts: [[1, 2, \"here\"]]",
    "texts: [[0, 0, \"a\"], [3, 4, \"b\"]]", "numbers: true, kind: \"heatmap\"", "numbers: false, kind: \"heatmap\"",
    "panel: \"k\"", "panel: \"g\", columns: 1", "kind: [\"line\", \"scatter\"]", "kind: \"bars\", error: 1",
    "kind: \"scatter\", error: [1, 2, 1, 2, 1, 2]", "size: [1, 1]",
  ]

  @Test func areDrawnAsBefore() throws {
    var kept = KeptAnswers(Golden.root.appending(path: "plots.txt"))
    let (name, test) = ("drawn-\(UUID().uuidString).svg", TestSession())
    let table = """
      t = table({
        n: [1, 1, 2, 3, 4, 4], v: [1, 2, 4, 3, 8, 6.5], w: [2, -1, 3, 1, 0.5, 0.25],
        g: ["a", "b", "a", "b", "a", "b"], k: ["c", "c", "d", "d", "e", "e"],
        day: ["2024-01-01", "2024-01-03", "2024-01-09", "2024-02-01", "2024-02-15", "2024-03-01"]
      })
      """
    #expect(test.run(table) == "")
    for data in Self.plotted {
      kept.add(
        data,
        try Self.options.map { option in
          try? FileManager.default.removeItem(atPath: name)
          let notices = test.notices.count
          let text = test.run("p = plot(\(data)\(option.isEmpty ? "" : ", \(option)"))\nshow p\nsave p, \"\(name)\"")
          let page = try Golden.withoutPictures((try? String(contentsOfFile: name, encoding: .utf8)) ?? "")
          return option + "\n"
            + KeptAnswers.rounded(
              text.replacingOccurrences(of: name, with: "x.svg") + test.notices[notices...].joined(separator: "\n")
                + page)
        })
    }
    #expect(try kept.changes() == [])
  }
}
