import Formats
import Foundation
import PixelScript
import Safepoint
import Tensors

extension ChartBuilder {
  /// The most cells of a field.
  private static let cellLimit = 64 << 20

  /// A field of colors of a list of lists or a tensor of two axes.
  func heatmap(of data: Value) throws -> Chart.Panel {
    var values: [Double] = []
    var shape = (rows: 0, columns: 0)
    switch data {
    case .object(let tensor as TensorObject) where tensor.shape.count == 2:
      shape = (tensor.shape[0], tensor.shape[1])
      values = tensor.tensor.numbers
    case .list(let list):
      for place in 0..<list.count {
        guard let row = try PlotNumbers(list[place]) else {
          throw ScriptError(
            .type,
            "a heatmap is a list of lists of numbers or a tensor of two axes; row \(place) is \(try PlotNumbers.culprit(in: list[place]))",
            argument: "data")
        }
        guard place == 0 || row.values.count == shape.columns else {
          throw ScriptError(
            .shape, "row \(place) has \(row.values.count) numbers, the rows before \(shape.columns)", argument: "data")
        }
        shape = (place + 1, row.values.count)
        try Safepoint.reserve(8, times: values.count + row.values.count, for: "a plot")
        values += row.values
      }
    default:
      throw ScriptError(
        .type, "a heatmap is a list of lists of numbers, a tensor of two axes or a table, found \(describe(data))",
        argument: "data")
    }
    var panel = Chart.Panel()
    panel.heat = Chart.Heat(
      rows: shape.rows, columns: shape.columns, values: values,
      rowNames: try names(along: options.y, shape.rows, "y", "rows"),
      columnNames: try names(along: options.x, shape.columns, "x", "columns"), showsNumbers: options.numbers)
    try name(&panel)
    return panel
  }

  /// What stands along an axis of a field: the numbers, with the digits that tell them apart, or the texts that were given.
  private func names(along values: Value, _ count: Int, _ argument: String, _ kind: String) throws -> [String] {
    if values.isNil { return [] }
    guard let column = try ColumnInput.severalValues(values) else {
      throw ScriptError(
        .type, "`\(argument)` of a heatmap is a list, found \(describe(values))",
        help: "`\(argument)label` is what stands beside the axis", argument: argument)
    }
    guard column.count == count else {
      throw ScriptError(
        .value, "`\(argument)` has \(String(counting: column.count, "value")) for \(count) \(kind)", argument: argument)
    }
    guard case .numbers(let numbers) = column else {
      return try Pieces.map(count) { column[$0].isNil ? "" : column[$0].description }
    }
    return PlotPlaces.labels(numbers)
  }

  /// Gives rows and columns the names that were asked for, and the colors their ends.
  private func name(_ panel: inout Chart.Panel) throws {
    guard let heat = panel.heat, let names = try options.texts() else { return }
    for (kind, names, count) in [("rows", names.rows, heat.rows), ("columns", names.columns, heat.columns)]
    where names.count != count {
      throw ScriptError(.value, "there are \(names.count) names for \(count) \(kind)", argument: "names")
    }
    panel.heat?.rowNames = names.rows
    panel.heat?.columnNames = names.columns
  }

  /// A field of a table: `z` over `x` and `y`, the mean where several rows fall into one cell; else all columns of numbers.
  func heatmap(of table: Table) throws -> Chart.Panel {
    var panel = Chart.Panel()
    guard let z = options.z else {
      guard options.x.isNil, options.y.isNil else {
        throw ScriptError(.value, "a heatmap over `x` and `y` needs `z`, the column of its colors", argument: "kind")
      }
      let keys = table.keys
      let numeric = zip(table.names, table.columns).compactMap { name, column in
        keys?.rows.containsExactly(name) == true ? nil : column.asNumbers.map { (name, $0) }
      }
      let text = zip(table.names, table.columns).first { if case .texts = $0.1 { true } else { false } }
      let labels = try keys.map { try $0.rows.map { try table.column($0) } } ?? text.map { [$0.1] } ?? []
      var values: [Double] = []
      try Safepoint.reserve(16, times: table.count, numeric.count, for: "a plot")
      for row in 0..<table.count {
        try Safepoint.check(after: 10 * numeric.count)
        for (_, numbers) in numeric { values.append(numbers[row]) }
      }
      panel.heat = Chart.Heat(
        rows: table.count, columns: numeric.count, values: values,
        rowNames: Self.names(labels, table.count), columnNames: numeric.map(\.0), showsNumbers: options.numbers)
      if let keys { (panel.x.label, panel.y.label) = (keys.columns.listed, keys.rows.listed) }
      try name(&panel)
      return panel
    }
    guard let x = String.convert(options.x), let y = String.convert(options.y) else {
      throw ScriptError(
        .type, "a heatmap of the column \(Display.quoted(z)) needs the columns `x` and `y`", argument: "z")
    }
    let across = try axis(try table.column(x, argument: "x"))
    let up = try axis(try table.column(y, argument: "y"))
    guard let numbers = try table.column(z, argument: "z").asNumbers else {
      throw ScriptError(.type, "the column \(Display.quoted(z)) holds no numbers", argument: "z")
    }
    let (rows, columns) = (up.names.count, across.names.count)
    guard Size.product(rows, columns) <= Self.cellLimit else {
      throw ScriptError(.limit, "the heatmap would have \(rows) x \(columns) cells", argument: "z")
    }
    try Safepoint.reserve(24, times: rows, columns, for: "a plot")
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: rows * columns)
    for row in 0..<table.count where !numbers[row].isNaN {
      try Safepoint.check(after: 20)
      sums[up.codes[row] * columns + across.codes[row]].add(numbers[row])
    }
    let averaged = sums.count { $0.count > 1 }
    if averaged > 0 {
      note("\(averaged) of \(sums.count) cells show the mean of several rows")
    }
    panel.heat = Chart.Heat(
      rows: rows, columns: columns, values: sums.map(\.mean), rowNames: up.names,
      columnNames: across.names, showsNumbers: options.numbers)
    (panel.x.label, panel.y.label, panel.title) = (x, y, z)
    try name(&panel)
    return panel
  }

  /// What rows are called after their values in some columns.
  private static func names(_ columns: [Column], _ count: Int) -> [String] {
    let texts = columns.map { column in
      if case .numbers(let numbers) = column { return PlotPlaces.labels(numbers, digits: 6) }
      return (0..<count).map { column[$0].description }
    }
    return texts.isEmpty ? [] : (0..<count).map { row in texts.map { $0[row] }.listed }
  }

  /// The different values of a column, numbers from low to high, and which of them each row has.
  private func axis(_ column: Column) throws -> (names: [String], codes: [Int]) {
    let keys = try RowKeys([column], rows: column.count)
    var order = Array(0..<keys.count)
    if case .numbers(let numbers) = column { order.sort { numbers[keys.firsts[$0]] < numbers[keys.firsts[$1]] } }
    var ranks = [Int](repeating: 0, count: order.count)
    for (rank, code) in order.enumerated() { ranks[code] = rank }
    return (order.map { column[keys.firsts[$0]].description }, keys.codes.map { ranks[Int($0)] })
  }
}

extension [String] {
  fileprivate var listed: String { joined(separator: ", ") }
}
