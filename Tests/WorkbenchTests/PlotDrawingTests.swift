import Foundation
import Testing
import Workbench

/// Whole pages of plots as SVG: every kind, every kind of axis and every place of the legend, each beside the page that is kept of it.
@Suite(.serialized) struct PlotDrawingTests {
  private static let table = #"""
    t = table({
      n: [1, 1, 2, 3, 4, 4], v: [1, 2, 4, 3, 8, 6.5], w: [2, -1, 3, 1, 0.5, 0.25], e: [0.5, 0.25, 1, 0, 2, 1],
      g: ["a", "b", "a", "b", "a", "b"], k: ["c", "c", "d", "d", "e", "e"],
      day: ["2024-01-01", "2024-01-03", "2024-01-09", "2024-02-01", "2024-02-15", "2024-03-01"]
    })
    """#

  static let drawings: [(name: String, call: String)] = [
    ("lines", #"plot({a: [1, 3, 2, 5], b: [2, nil, 1, 4]}, title: "Two lines", xlabel: "step", ylabel: "loss")"#),
    ("points", #"plot(t, x: "n", y: "v", by: "g", dash: "k", kind: "scatter", legend: "bottom", width: 4)"#),
    ("bars", #"plot({p: [3, -1.5, 2], q: [1, 2, -0.5]}, x: ["one", "two", "three"], kind: "bars", legend: "inside")"#),
    (
      "long-bars",
      #"plot([0.5, 12, 7], kind: "bars", names: ["a name that is long", "b", "another one that is longer than that"], size: [3, 2])"#
    ),
    (
      "lying-bars",
      #"plot({"a name that is long": [3, -1.5], b: [1, 2]}, x: ["one", "a place with a long name"], kind: "bars", horizontal: true, xlabel: "loss")"#
    ),
    ("stacked", #"plot({p: [3, 1], q: [1, 2]}, x: ["one", "two"], kind: "bars", stacked: true, error: 0.5)"#),
    ("offset", #"plot([1e8, 1e8 + 0.001, 1e8 + 0.003], x: [1e8, 1e8 + 0.5, 1e8 + 1])"#),
    ("short-log", #"plot([1.2, 3, 7], x: [1.5, 10, 40], log: "xy")"#),
    ("milliseconds", #"plot(["2024-05-01T06:00:00.001", "2024-05-01T06:00:00.004"], [1, 3])"#),
    ("millennia", #"plot(["0001-01-01", "9999-12-31"], [1, 3])"#),
    ("own-axes", #"plot(t, x: "n", y: "v", panel: "k", share: "none", size: [5, 2])"#),
    ("area", #"plot({a: [1, 2, 3], b: [2, 1, 0.5]}, kind: "area", theme: "dark", grid: "dashed", legend: "none")"#),
    ("histogram", #"plot([1, 1, 2, 2, 2, 3, 9], kind: "histogram", bins: 4, log: "y", colors: "orange")"#),
    ("boxes", #"plot({p: [1, 2, 3, 4, 20], q: [2, 2, 2], r: [-1, 5]}, kind: "box")"#),
    (
      "heatmap",
      #"plot([[1, 2, 3], [4, 5, -6]], kind: "heatmap", names: [["r", "s"], ["x", "y", "z"]], title: "cells")"#
    ),
    (
      "colors",
      #"plot(table({a: [1, 2, 1, 2, 3], b: ["x", "x", "y", "y", "y"], c: [0.5, 1, 2, 4, 8]}), x: "a", y: "b", z: "c", kind: "heatmap", numbers: false)"#
    ),
    ("field", #"plot(reshape(arange(108) / 7, 9, 12), kind: "heatmap")"#),
    ("band", #"plot(t, x: "n", y: "v", band: "sd", log: "y", xlim: [4.5, 0.5])"#),
    (
      "errors",
      #"plot(t, x: "n", y: "v", error: "e", kind: "scatter", hlines: [2, 5], vlines: 3, ylim: [0, 10], grid: "none", colors: ["d55e00"])"#
    ),
    (
      "panels",
      #"plot(t, x: "n", y: "v", panel: "k", titles: ["first", "second", "third"], columns: 2, ylabel: ["u", "v", "w"], size: [5, 4])"#
    ),
    ("dates", #"plot(t, x: "day", y: ["v", "w"], dash: ["solid", "dotted"], legend: "inside")"#),
    ("hours", #"plot(["2024-05-01T06:00:00", "2024-05-01T18:30:00", "2024-05-02T07:15:00"], [1, 3, 2])"#),
    ("logs", #"plot([1, 10, 100, 5000], [0.001, 0.1, 3, 900], log: "xy", kind: ["scatter"])"#),
    ("reversed", #"plot({a: [5, 1, 3]}, ylim: [6, 0], xlim: [2, 0])"#),
    ("one", #"plot([0.125], kind: "scatter")"#),
    ("constant", #"plot([7, 7, 7], hlines: 7)"#),
    ("small", #"plot([1e-7, 3e-7, 2e-7], [1e9, 4e9, 2.5e9])"#),
    ("many", #"plot([[i, 12 - i] for i in range(12)], size: [3, 2])"#),
    ("mixed", #"plot({bars: [1, 2, 3], line: [3, 2, 4], points: [2, 2, 1]}, kind: ["bars", "line", "scatter"])"#),
    ("picture", #"plot(to_image(tensor([[0, 0.5, 1], [1, 0.25, 0]])))"#),
    // Points so many that they are drawn as a picture.
    (
      "cloud",
      #"plot([x % 251 for x in range(52000)], [x % 211 / 7 for x in range(52000)], kind: "scatter", width: 1.5)"#
    ),
    (
      "several",
      #"plot([plot([1, 2]), plot([[1, 2], [3, 4]], kind: "heatmap"), plot([2, 3], kind: "bars")], titles: ["a", "b", "c"], columns: 3, size: [7, 2.5])"#
    ),
  ]

  @Test(arguments: drawings) func isThePageThatIsKept(name: String, call: String) throws {
    let path = TestSession.folder + "/drawing.svg"
    #expect(TestSession().run("\(Self.table)\nsave \(call), \"\(path)\"") == "")
    try Golden.check(
      try Golden.withoutPictures(try String(contentsOfFile: path, encoding: .utf8)),
      Golden.root.appending(path: "drawings/\(name).svg"))
  }
}
