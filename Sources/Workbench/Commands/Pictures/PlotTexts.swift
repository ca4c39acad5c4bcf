import PixelScript
import Safepoint

/// A place along an axis: a number, or a date on an axis of time.
enum PlotMoment: ScriptConvertible {
  case number(Double)
  case text(String)

  static let scriptName = "number or date"

  static func convert(_ value: Value) -> PlotMoment? {
    if let number = Double.convert(value) { return .number(number) }
    if case .string(let text) = value { return .text(text) }
    return nil
  }

  var scriptValue: Value {
    switch self {
    case .number(let number): .number(number)
    case .text(let text): .string(text)
    }
  }

  /// The place on an axis; throws for a number that is none, and for a text that is no date or stands on no axis of time.
  func place(on axis: Chart.Axis, _ argument: String) throws(ScriptError) -> Double {
    if case .text(let text) = self, let place = axis.names.firstIndex(of: text) { return Double(place) }
    switch self {
    case .number(let number) where number.isFinite: return axis.place(of: number)
    case .number(let number):
      throw ScriptError(
        .value, "`\(argument)` expects finite numbers, found \(Display.text(of: number))", argument: argument)
    case .text(let text):
      if axis.isTime, let seconds = CalendarTime.seconds(ofISO: text) { return seconds }
      throw ScriptError(
        .value,
        axis.isTime
          ? "\(argument) expects dates such as \"2026-01-02\", found \(Display.quoted(text))"
          : axis.names.isEmpty
            ? "\(argument) expects numbers, since the axis has no dates, found \(Display.quoted(text))"
            : "\(argument) found \(Display.quoted(text)), and the axis has no such name",
        help: axis.names.isEmpty ? nil : "names stand at 0, 1, 2 ...", argument: argument)
    }
  }
}

/// Texts at places of a plot: one, or a list of several, each a list of an x, a y and the text.
struct PlotTexts: ScriptConvertible {
  let all: [(x: PlotMoment, y: PlotMoment, text: String)]

  static let scriptName = "list of an x, a y and a text, or list of such lists"

  static func convert(_ value: Value) throws(Stopped) -> PlotTexts? {
    if let one = one(value) { return PlotTexts(all: [one]) }
    guard case .list(let list) = value, list.count <= 10_000 else { return nil }
    let all = list.values.compactMap(one)
    return all.count == list.count ? PlotTexts(all: all) : nil
  }

  private static func one(_ value: Value) -> (x: PlotMoment, y: PlotMoment, text: String)? {
    guard case .list(let list) = value, list.count == 3, let x = PlotMoment.convert(list[0]),
      let y = PlotMoment.convert(list[1]), case .string(let text) = list[2]
    else { return nil }
    return (x, y, text)
  }

  var scriptValue: Value {
    .list(all.map { .list([$0.x.scriptValue, $0.y.scriptValue, .string($0.text)]) })
  }
}
