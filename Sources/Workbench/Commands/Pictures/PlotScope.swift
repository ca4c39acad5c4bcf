import Formats
import PixelScript

extension PlotOptions {
  /// What a plot shows, as far as options act on it.
  enum Subject: String, CaseIterable {
    case line, scatter, bars, area, histogram, box, heatmap, picture

    /// What its marks are called.
    var plural: String {
      switch self {
      case .line, .area: rawValue + "s"
      case .scatter: "points"
      case .bars: "bars"
      case .histogram, .heatmap: rawValue + "s"
      case .box: "boxes"
      case .picture: "pictures"
      }
    }
  }

  /// An option, and on what it acts.
  struct Scope: Sendable {
    let name: String
    let subjects: Set<Subject>
    /// Whether it says how a plot is made of numbers, so that it comes too late for one that is made.
    let isOfMaking: Bool
    let isGiven: @Sendable (PlotOptions) -> Bool
  }

  private static let all = Set(Subject.allCases)
  private static let numbers = all.subtracting([.picture])
  private static let axes = numbers.subtracting([.heatmap])

  /// The options that do not act on every plot.
  static let scopes: [Scope] = [
    Scope(name: "x", subjects: numbers.subtracting([.histogram]), isOfMaking: true) {
      !$0.x.isNil && !$0.areCountedColumns
    },
    Scope(name: "y", subjects: numbers, isOfMaking: true) { !$0.y.isNil },
    Scope(name: "z", subjects: [.heatmap], isOfMaking: true) { $0.z != nil },
    Scope(name: "by", subjects: axes, isOfMaking: true) { $0.by != nil },
    Scope(name: "dash", subjects: [.line, .scatter, .area], isOfMaking: true) { $0.dash != nil },
    Scope(name: "panel", subjects: axes, isOfMaking: true) { $0.panel != nil },
    Scope(name: "kind", subjects: numbers, isOfMaking: true) { $0.kind != nil },
    Scope(name: "band", subjects: [.line, .scatter, .bars], isOfMaking: true) { $0.band != nil },
    Scope(name: "error", subjects: [.line, .scatter, .bars], isOfMaking: true) { !$0.error.isNil },
    Scope(name: "xlim", subjects: axes, isOfMaking: false) { !$0.xlim.isNil },
    Scope(name: "ylim", subjects: axes, isOfMaking: false) { !$0.ylim.isNil },
    Scope(name: "zlim", subjects: [.heatmap], isOfMaking: false) { !$0.zlim.isNil },
    Scope(name: "log", subjects: axes, isOfMaking: false) { $0.log != nil },
    Scope(name: "right", subjects: [.line, .scatter, .bars, .area], isOfMaking: true) { $0.right != nil },
    Scope(name: "names", subjects: numbers, isOfMaking: true) { !$0.names.isNil },
    Scope(name: "colors", subjects: axes, isOfMaking: true) { $0.colors != nil || !$0.namedColors.isEmpty },
    Scope(name: "width", subjects: [.line, .scatter, .area], isOfMaking: true) { $0.width != nil },
    Scope(name: "marker", subjects: [.line, .scatter], isOfMaking: true) { $0.marker != nil },
    Scope(name: "stacked", subjects: [.bars, .area], isOfMaking: true) { $0.isStacked },
    Scope(name: "horizontal", subjects: [.bars, .histogram, .box], isOfMaking: true) { $0.isHorizontal },
    Scope(name: "bins", subjects: [.histogram], isOfMaking: true) { $0.bins != nil },
    Scope(name: "numbers", subjects: [.heatmap], isOfMaking: true) { $0.numbers != nil },
    Scope(name: "vlines", subjects: axes, isOfMaking: false) { $0.vlines != nil },
    Scope(name: "hlines", subjects: axes, isOfMaking: false) { $0.hlines != nil },
    Scope(name: "texts", subjects: axes, isOfMaking: false) { $0.placedTexts != nil },
    Scope(name: "grid", subjects: axes, isOfMaking: false) { $0.grid != .solid },
    Scope(name: "legend", subjects: axes, isOfMaking: false) { ![.right, .none].contains($0.legend) },
  ]

  /// Throws when an option is given that acts on nothing of the panels, which hold a plot alone when it `isMade` already.
  func checkScopes(of chart: Chart, isMade: Bool) throws(ScriptError) {
    let panels = chart.panels
    var subjects = Set<Subject>()
    for panel in panels {
      if let heat = panel.heat { subjects.insert(heat.colors.isEmpty ? .heatmap : .picture) }
      for series in panel.series { if let mark = Subject(rawValue: series.mark.rawValue) { subjects.insert(mark) } }
    }
    for scope in Self.scopes where scope.isGiven(self) {
      if isMade, scope.isOfMaking {
        throw ScriptError(
          .value, "`\(scope.name)` says how a plot is made, and this one is",
          help: "give it to the `plot` that makes it", argument: scope.name)
      }
      guard subjects.isDisjoint(with: scope.subjects), !subjects.isEmpty else { continue }
      func list(_ some: Set<Subject>) -> String {
        Subject.allCases.filter(some.contains).map(\.plural).joined(separator: ", ")
      }
      throw ScriptError(
        .value,
        "`\(scope.name)` is about \(list(scope.subjects)), and this is a plot of \(list(subjects)), on which it has no effect",
        help: scope.name == "x" && subjects == [.histogram]
          ? "`x: \"loss\"` names the column whose values are counted; of a list `plot(values, kind: \"histogram\")`"
          : nil,
        argument: scope.name)
    }
    if ![.right, .none].contains(legend), chart.legendEntries.isEmpty, panels.contains(where: { $0.series.count > 0 }) {
      throw ScriptError(
        .value, "`legend` has nothing to tell: no series has a name of its own",
        help: "`names: \"loss\"` names it", argument: "legend")
    }
    if isStacked, !panels.contains(where: { $0.series.contains { !$0.base.isEmpty } }) {
      throw ScriptError(
        .value, "`stacked` puts several series of bars, or of areas, on each other, and here is one",
        help: "`by:` of a table makes several of one column", argument: "stacked")
    }
    if dash != nil, marker != nil, subjects == [.scatter] {
      throw ScriptError(
        .value, "`dash` gives points signs, and so does `marker`", help: "leave one of them out", argument: "dash")
    }
    if let placedTexts, placedTexts.all.isEmpty {
      throw ScriptError(.value, "`texts` is an empty list, which writes nothing", argument: "texts")
    }
    if let columns, columns > 1, panels.count == 1 {
      throw ScriptError(
        .value, "`columns` is how many panels stand side by side, and this plot has one", argument: "columns")
    }
    if share != nil, panels.count == 1 {
      throw ScriptError(
        .value, "`share` says which axes several panels have in common, and this plot has one", argument: "share")
    }
    let most = max(panels.map(\.series.count).max() ?? 0, 1)
    let ofPanels = [
      ("titles", titles.count), ("xlabel", xlabel?.elements.count), ("ylabel", ylabel?.elements.count),
      ("log", log?.elements.count), ("rightlabel", rightlabel?.elements.count),
    ]
    let ofSeries = [
      ("kind", kind?.elements.count), ("colors", colors?.elements.count), ("dash", dash?.elements.count),
      ("width", width?.elements.count), ("marker", marker?.elements.count),
    ]
    try Self.check(ofPanels, panels.count, panels.count == 1 ? "panel" : "panels")
    try Self.check(ofSeries, most, "series")
  }

  /// Throws for an option with more values than there are panels or series.
  private static func check(_ given: [(name: String, count: Int?)], _ room: Int, _ what: String) throws(ScriptError) {
    for (name, count) in given {
      guard let count, count > room else { continue }
      throw ScriptError(.value, "`\(name)` has \(String(counting: count, "value")) for \(room) \(what)", argument: name)
    }
  }
}
