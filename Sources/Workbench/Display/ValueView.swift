import PixelScript
import Tensors

/// Any value as the prompt echoes it and as `show` draws it.
enum ValueView {
  /// The drawing of a value that draws itself, a grid for a list of pictures, else the value's text; whole lines.
  static func text(_ value: Value, style: DisplayStyle) throws -> String {
    switch value {
    case .object(let object):
      if let showable = object as? any Showable { return try showable.drawing(in: style) }
    case .list(let list) where list.count > 0:
      let pictures = list.values.compactMap { Self.pictured($0) }
      if pictures.count == list.count {
        return ImageGrid.text(try pictures.map { (try $0.picture, $0.caption) }, style: style)
      }
    default: break
    }
    return value.echo + "\n"
  }

  private static func pictured(_ value: Value) -> (any Pictured)? {
    if case .object(let object) = value { object as? any Pictured } else { nil }
  }

  /// A value on one line of at most `width` columns; long lists, maps and texts are not written out first.
  static func short(_ value: Value, width: Int, unicode: Bool) -> String {
    let text =
      switch value {
      case .list(let list) where list.count > 20: "\(list.count) elements"
      case .map(let map) where map.count > 20: "\(map.count) entries"
      case .string(let string): Display.quoted(String(string.unicodeScalars.prefix(width + 1)))
      case .object(let tensor as TensorObject) where tensor.tensor.count > 8:
        "shape \(tensor.shape), \(tensor.tensor.elementType.rawValue)"
      case .object(let table as TableObject): "\(table.rows.count) rows of \(table.columns.joined(separator: ", "))"
      default: value.echo
      }
    return TerminalText.truncated(DisplayWidth.printable(text), to: width, unicode: unicode)
  }
}
