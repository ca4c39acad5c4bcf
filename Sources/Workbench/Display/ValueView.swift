import PixelScript
import Tensors

/// Any value as text, as the prompt echoes it and as tables of variables tell it.
enum ValueView {
  /// The bytes of a string above which only its start is echoed, as nobody reads more.
  private static let echoLimit = 100_000

  /// The text of a value that does not draw itself, a whole line or more.
  static func plain(_ value: Value) -> String {
    switch value {
    case .string(let text) where text.utf8.count > echoLimit:
      let start = Display.quoted(String(text.unicodeScalars.prefix(echoLimit))).dropLast()
      return "\(start)…\n(\(Display.bytes(text.utf8.count)); `print` writes all of it)\n"
    case .function(let function) where function.commandName != nil:
      return "\(value.echo): `\(function.commandName ?? "")?` tells how to use it\n"
    default: break
    }
    return value.echo + "\n"
  }

  /// A value on one line of at most `width` columns; long lists, maps and texts are not written out first.
  static func short(_ value: Value, width: Int, unicode: Bool) -> String {
    TerminalText.truncated(DisplayWidth.printable(brief(value, width, depth: 0)), to: width, unicode: unicode)
  }

  private static func brief(_ value: Value, _ width: Int, depth: Int) -> String {
    switch value {
    case .list(let list) where list.count > 20 || depth > 2: "\(list.count) elements"
    case .list(let list): "[\(list.values.map { brief($0, width, depth: depth + 1) }.joined(separator: ", "))]"
    case .map(let map) where map.count > 20 || depth > 2: "\(map.count) entries"
    case .map(let map):
      "{\(map.entries.map { "\($0.key): \(brief($0.value, width, depth: depth + 1))" }.joined(separator: ", "))}"
    case .string(let string): Display.quoted(String(string.unicodeScalars.prefix(width + 1)))
    case .object(let tensor as TensorObject) where tensor.tensor.count > 8:
      "shape \(tensor.shape), \(tensor.tensor.elementType.rawValue)"
    case .object(let table as TableObject):
      "\(table.table.count) row\(table.table.count == 1 ? "" : "s") of \(table.table.names.joined(separator: ", "))"
    case .object(let column as ColumnObject) where column.column.count > 20: "\(column.column.count) values"
    default: value.echo
    }
  }
}
