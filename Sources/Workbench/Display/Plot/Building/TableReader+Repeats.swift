import PixelScript
import Safepoint

extension TableReader {
  /// What is said of lines that go up and down among several rows of one place, which nobody asked for; nil where no line does.
  func noteOfRepeats(in parts: [Part]) throws -> String? {
    guard options.band == nil, !xLabel.isEmpty else { return nil }
    for part in parts {
      for (place, series) in part.series.enumerated() where [.line, .area].contains(options.mark(place)) {
        guard let x = series.x, try Self.repeats(x) else { continue }
        var ways: [String] = []
        let free = [("by", options.by), ("dash", options.dash?.elements.first), ("panel", options.panel)]
        if let option = free.first(where: { $0.1 == nil })?.0, let column = try separatingColumn() {
          ways.append("`\(option): \(Display.quoted(column))` draws a line for each")
        }
        if options.mark(place) == .line { ways.append("`band: \"sd\"` draws their mean") }
        return "several rows have the same \(Display.quoted(xLabel)), so that the line goes up and down among them"
          + (ways.isEmpty ? "" : "; " + ways.joined(separator: ", "))
      }
    }
    return nil
  }

  /// Whether a place comes again after others, or more than twice in a row: a curve may close, and a step has two points at one place.
  private static func repeats(_ x: [Double]) throws -> Bool {
    var x = x[...]
    if x.count > 2, x.first == x.last { x = x.dropLast() }
    if zip(x, x.dropFirst()).allSatisfy({ $0 < $1 }) { return false }
    var known = Set<Double>()
    var (last, run) = (Double.nan, 0)
    for place in x where place.isFinite {
      try Safepoint.check(after: 30)
      run = place == last ? run + 1 : 1
      if run > 2 || run == 1 && !known.insert(place).inserted { return true }
      last = place
    }
    return false
  }

  /// The column by which rows of one place differ: the first that leaves no two alike, else the first of texts.
  private func separatingColumn() throws -> String? {
    let taken = [xLabel, options.by, options.panel].compactMap { $0 } + (options.dash?.elements ?? []) + drawn
    let keys = taken.filter { !drawn.contains($0) }.compactMap { table[$0] }
    var ofTexts: String?
    for (name, column) in zip(table.names, table.columns).filter({ !taken.contains($0.0) }).prefix(16) {
      let count = try RowKeys([column], rows: table.count).count
      guard count > 1, count <= 500 else { continue }
      if try RowKeys(keys + [column], rows: table.count).count == table.count { return name }
      if case .texts = column { ofTexts = ofTexts ?? name }
    }
    return ofTexts
  }
}
