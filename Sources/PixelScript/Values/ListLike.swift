/// A value of the host that may be given wherever the elements of a list are only read, such as a column of a table.
public protocol ListLike: ScriptObject {
  /// The number of elements.
  var listCount: Int { get }
  /// The element at a place from 0 to `listCount` - 1.
  func listElement(at place: Int) -> Value
}
