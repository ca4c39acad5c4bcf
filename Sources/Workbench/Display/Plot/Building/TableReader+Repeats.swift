import PixelScript
import Safepoint

extension TableReader {
  /// What is said of lines that go up and down among several rows of one place, which nobody asked for; nil where no line does.
  func noteOfRepeats(in parts: [Part]) throws -> String? {
    guard options.band == nil, pieces == nil, !xLabel.isEmpty else { return nil }
    for part in parts {
      for (place, series) in part.series.enumerated() where [.line, .area].contains(options.mark(place)) {
        guard let x = series.x, try Self.repeats(x, series.y) else { continue }
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

  /// Whether a place comes again after others, or more than twice in a row, or most places come twice: a curve may close, and a step has
  /// two points at one place, of which one is as high as that beside it.
  private static func repeats(_ x: [Double], _ y: [Double]) throws -> Bool {
    var x = x[...]
    if x.count > 2, x.first == x.last { x = x.dropLast() }
    if zip(x, x.dropFirst()).allSatisfy({ $0 < $1 }) { return false }
    var known = Set<Double>()
    var (last, run, twice) = (Double.nan, 0, 0)
    for (index, place) in x.enumerated() where place.isFinite {
      try Safepoint.check(after: 30)
      run = place == last ? run + 1 : 1
      if run > 2 || run == 1 && !known.insert(place).inserted { return true }
      if run == 2, y[index - 1].isFinite, y[index].isFinite,
        !(max(index - 2, 0)..<min(index + 1, y.count - 1)).contains(where: { y[$0] == y[$0 + 1] })
      {
        twice += 1
      }
      last = place
    }
    return twice > 1 && 2 * twice >= known.count
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
