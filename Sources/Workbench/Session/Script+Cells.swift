import PixelScript

extension Script {
  /// The indices of the cells to run: `only` one, or those `from` one `until` another, each nil or a number from 1 or a title.
  ///
  /// There are none where the last one comes before the first.
  public func cells(only: Value = .nil, from: Value = .nil, until: Value = .nil) throws -> Range<Int> {
    let first = try place(only.isNil ? from : only, "from") ?? 0
    let last = try place(only.isNil ? until : only, "until") ?? cells.count - 1
    return first..<max(first, last + 1)
  }

  /// The index of the cell that a number from 1 or a title means; nil for nil.
  private func place(_ cell: Value, _ argument: String) throws -> Int? {
    if cell.isNil { return nil }
    if let number = Int.convert(cell), number >= 1, number <= cells.count { return number - 1 }
    let titles = cells.map(\.title)
    if let title = String.convert(cell), let place = titles.firstIndex(of: title) { return place }
    let known = titles.enumerated().map { "\($0 + 1) \(Display.quoted($1))" }.joined(separator: ", ")
    throw ScriptError(.key, "the script has no cell \(cell.echo)", help: "its cells are \(known)", argument: argument)
  }
}
