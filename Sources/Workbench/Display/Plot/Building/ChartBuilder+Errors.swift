import PixelScript
import Safepoint

extension ChartBuilder {
  /// Throws for a map of errors with a name that no series has, and nothing along the horizontal axis either: it has the names of the ones
  /// or of the others.
  func checkErrors(of names: [String], at places: [String]) throws {
    guard case .map(let map) = options.error else { return }
    let given = map.entries.map(\.key.description)
    if given.allSatisfy(names.contains) || given.allSatisfy(places.contains) { return }
    let known = (names + places).filter { !$0.isEmpty }
    let name = given.first { !known.contains($0) } ?? given.first { !places.contains($0) } ?? ""
    throw ScriptError(
      .value,
      "`error` has one for \(Display.quoted(name)), and no series is called so"
        + (places.isEmpty ? "" : ", and no place along the axis"),
      help: Suggestion.best(for: name, in: known).map { "did you mean \(Display.quoted($0))?" }
        ?? (known.isEmpty ? "a list has one for each number" : nil), argument: "error")
  }

  /// Reads how far error bars of the series at a place reach from what is no column: of all series, or of each.
  func spread(_ series: inout Chart.Series, _ place: Int, of count: Int, at names: [String]) throws {
    var error = options.error
    if case .map(let map) = error {
      let given = map.entries.map(\.key.description)
      if !names.isEmpty, given.allSatisfy(names.contains), !given.contains(series.name) {
        return try spread(&series, map, at: names)
      }
      error = map.entries.first { $0.key.description == series.name }?.value ?? .nil
    } else if case .list(let list) = error {
      let isOfLists = try list.values.contains { try PlotNumbers($0) != nil }
      if isOfLists, list.count != count {
        throw ScriptError(
          .value, "`error` has \(list.count) value\(list.count == 1 ? "" : "s") for \(count) series", argument: "error")
      }
      // As many numbers as series are one of each, unless they are as many as points.
      if isOfLists || list.count == count && count > 1 && list.count != series.count { error = list[place] }
    }
    if error.isNil { return }
    var reach: [Double]?
    if let one = try PlotNumbers.single(error) {
      reach = Array(repeating: one, count: series.count)
    } else {
      reach = try PlotNumbers(error)?.values
    }
    guard let reach, reach.count == series.count else {
      let found = try reach.map { "\($0.count)" } ?? PlotNumbers.culprit(in: error)
      let more = count > 1 ? ", or a list of these for each series" : ""
      throw ScriptError(
        .value, "error is a column, a number or a list of \(series.count) numbers\(more), found \(found)",
        argument: "error")
    }
    try Self.check(reach, try PlotNumbers.single(error) == nil ? { "\($0)" } : nil)
    series.low = zip(series.y, reach).map { $0 - $1 }
    series.high = zip(series.y, reach).map { $0 + $1 }
  }

  /// Throws for an error bar below 0, which would reach inwards.
  static func check(_ reaches: [Double], of place: String = "at position", _ name: ((Int) -> String)?)
    throws(ScriptError)
  {
    guard let wrong = reaches.firstIndex(where: { $0 < 0 }) else { return }
    let found = name.map { " \(place) \($0(wrong))" } ?? ""
    throw ScriptError(
      .value, "`error` says how far error bars reach, 0 or more, found \(Display.text(of: reaches[wrong]))\(found)",
      argument: "error")
  }

  /// The same of numbers for names along the horizontal axis; what has none has no error bar.
  private func spread(_ series: inout Chart.Series, _ map: ScriptMap, at names: [String]) throws {
    var reaches = [Double](repeating: .nan, count: names.count)
    for (key, value) in map.entries {
      guard let number = try PlotNumbers.single(value) else {
        throw ScriptError(
          .type,
          "error of a name along the axis is a number, found \(describe(value)) for \(Display.quoted(key.description))",
          argument: "error")
      }
      try Self.check([number], of: "for") { _ in Display.quoted(key.description) }
      for place in names.indices where names[place] == key.description { reaches[place] = number }
    }
    func reach(at place: Int) -> Double {
      Int(exactly: series.spot(place)).flatMap { reaches.indices.contains($0) ? reaches[$0] : nil } ?? .nan
    }
    series.low = series.y.indices.map { series.y[$0] - reach(at: $0) }
    series.high = series.y.indices.map { series.y[$0] + reach(at: $0) }
  }
}
