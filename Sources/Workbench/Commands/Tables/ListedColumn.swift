import PixelScript
import Safepoint

/// A column, or the values of a list as one.
struct ListedColumn: ScriptConvertible {
  let column: ColumnObject

  static let scriptName = "column or list"
  static let kinds: ValueKinds = [.object, .list]
  static let objectType: ObjectIdentifier? = ObjectIdentifier(ColumnObject.self)

  /// The parameter of commands that take either.
  static var parameter: Parameter<ListedColumn> { Parameter("column", "the column, or a list") }

  static func convert(_ value: Value) throws(Stopped) -> ListedColumn? {
    switch value {
    case .object(let object as ColumnObject): return ListedColumn(column: object)
    case .list(let list):
      do { return ListedColumn(column: ColumnObject(try Column(count: list.count) { list[$0] })) } catch let stop
        as Stopped
      {
        throw stop
      } catch { return nil }
    default: return nil
    }
  }

  var scriptValue: Value { .object(column) }
}
