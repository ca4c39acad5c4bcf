extension String {
  /// A number of things in words, such as "1 row" and "3 rows".
  package init(counting count: Int, _ one: String) { self = "\(count) \(one)\(count == 1 ? "" : "s")" }
}
