import FuzzInputs
import Foundation
import PixelScript
import Testing
import Workbench

/// What stands at the places of the commands' examples, and how data are drawn with every option.
///
/// `Tests/Scripts/workbench/completions.txt` and `plots.txt` hold digests of the answers; with `RECORD` in the environment they are
/// written anew. What the answers are is told where they are others.
@Suite struct KeptAnswerTests {
  /// `completions.txt` is about what can stand at every other place of the commands' examples, and of what help says there.
  @Test func placesAreCompletedAsBefore() throws {
    var kept = KeptAnswers(Golden.root.appending(path: "completions.txt"))
    let test = TestSession()
    _ = test.run(
      """
      t = table({loss: [1, 2], name: ["a", "b"]})
      net = lstm(dim: 9, state: 4, depth: 1)
      data = sprites(count: 2, size: 8)
      x = tensor([1, 2])
      m = {"a b": {depth: 1}, rate: 2}
      """)
    for entry in test.session.registry.entries {
      let lines = entry.forms.flatMap { $0.example.split(separator: "\n").prefix(2).map { $0.prefix(60) } }
      let answers = lines.flatMap { line in
        stride(from: 1, through: line.utf8.count, by: 2).map { cursor -> String in
          let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
          // In quotes it may be the name of a file.
          guard before.count(where: { $0 == "\"" }) % 2 == 0 else { return "" }
          let completion = test.session.completion(of: before, cursor: cursor).map { "\($0)" } ?? ""
          return "\(before): \(completion)\n\(test.session.help(at: cursor, of: String(line)) ?? "")"
        }
      }
      if !answers.isEmpty { kept.add(entry.name, [answers.joined(separator: "\n")]) }
    }
    #expect(try kept.changes() == [])
  }

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

  /// `plots.txt` is about drawings: data with every option, in a terminal and as a page.
  @Test func plotsAreDrawnAsBefore() throws {
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
