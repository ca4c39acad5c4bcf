import PixelScript
import Safepoint

/// The colors that a script gives: of the series in their order, or of what has names.
enum SeriesColors: ScriptConvertible {
  case inOrder(OneOrMore<String>)
  case byName([(name: String, color: String)])

  static var scriptName: String { "\(OneOrMore<String>.scriptName) or map of strings" }

  static func convert(_ value: Value) throws(Stopped) -> SeriesColors? {
    guard case .map(let map) = value else { return try OneOrMore<String>.convert(value).map { .inOrder($0) } }
    var colors: [(name: String, color: String)] = []
    for (key, value) in map.entries {
      colors.append((key.description, String.convert(value) ?? value.description))
    }
    return .byName(colors)
  }

  var scriptValue: Value {
    switch self {
    case .inOrder(let colors): return colors.scriptValue
    case .byName(let colors):
      let map = ScriptMap()
      for (name, color) in colors { map[name] = .string(color) }
      return .map(map)
    }
  }

  /// The colors in their order; nil where they were given by names.
  var inOrder: OneOrMore<String>? { if case .inOrder(let colors) = self { colors } else { nil } }
  /// The colors of names.
  var byName: [(name: String, color: String)] { if case .byName(let colors) = self { colors } else { [] } }
}

/// The names that series, bars and boxes of a plot have, and those of which a color was given.
final class ColoredNames {
  private var known: [String] = []
  private var colored = Set<String>()

  /// Hears of a name that may have a color.
  func add(_ name: String) { if !name.isEmpty, known.count < 1000, !known.contains(name) { known.append(name) } }
  /// Hears of a name that has one.
  func take(_ name: String) { colored.insert(name) }

  /// Throws for the first name with a color that nothing has.
  func check(_ colors: [(name: String, color: String)]) throws(ScriptError) {
    guard let name = colors.first(where: { !colored.contains($0.name) })?.name else { return }
    let names = known.prefix(8).map(Display.quoted).joined(separator: ", ")
    throw ScriptError(
      .value, "`colors` has one for \(Display.quoted(name)), and nothing in the plot is called so",
      help: Suggestion.best(for: name, in: known).map { "did you mean \(Display.quoted($0))?" }
        ?? (names.isEmpty ? "`names:` gives names" : "there are \(names)\(known.count > 8 ? " ..." : "")"),
      argument: "colors")
  }
}
