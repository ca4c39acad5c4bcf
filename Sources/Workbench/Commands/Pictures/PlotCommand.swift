import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Draws numbers as a plot.
  static var plot: Command {
    Command(
      "plot", "Makes a plot of numbers, which the prompt draws and `save` writes.",
      Parameter<Value>("data", "a history or table, a list, a list of lists, a map of lists, or a tensor"),
      Parameter<Value>(
        "x", "the column or the numbers of the horizontal axis", default: .nil, byName: true, completion: .column),
      Parameter<Value>("y", "the column or columns to plot", default: .nil, byName: true, completion: .column),
      Parameter<String?>(
        "by", "of a table: the column whose values get a line each", byName: true, completion: .column),
      Parameter<String>("title", "what to write above", default: "", byName: true),
      Parameter<PlotData.Kind>("kind", "how points are drawn", default: .line, byName: true),
      example: "print plot([3, 1, 2])  # expect: plot of 1 series, 3 points"
    ) { _, data, x, y, by, title, kind in
      if let by {
        let groups = try PlotGroups(data, x: x, y: y, by: by)
        return .object(PlotObject(PlotData(title: title, xLabel: groups.xLabel, kind: kind, series: groups.series)))
      }
      var source = try PlotSource(data)
      try source.chooseColumns(x: x, y: y)
      let series = source.columns.map { column in
        PlotData.Series(column.name, PlotSource.points(column.values, over: source.x))
      }
      return .object(PlotObject(PlotData(title: title, xLabel: source.xLabel, kind: kind, series: series)))
    }
  }
}

/// The lines of a table, a line for each value of a column.
private struct PlotGroups {
  private(set) var series: [PlotData.Series] = []
  private(set) var xLabel = ""

  init(_ data: Value, x: Value, y: Value, by: String) throws {
    guard case .object(let given as TableObject) = data else {
      throw ScriptError(.type, "`by` needs a table, found \(describe(data))", argument: "by")
    }
    // A table of runs has their curves beside it.
    let table =
      if case .object(let curves as TableObject)? = given.remark("curves") { curves.table } else { given.table }
    let keys = try table.column(by, argument: "by")
    let groups = try RowKeys([keys], rows: table.count)
    let (rows, starts) = try groups.grouped()
    for code in 0..<groups.count {
      let part = try table.picking(Array(rows[starts[code]..<starts[code + 1]]))
      let group = (name: keys[groups.firsts[code]].description, rows: part.count)
      var source = try PlotSource(.object(TableObject(part)))
      try source.chooseColumns(x: x.isNil && table["epoch"] != nil ? .string("epoch") : x, y: y)
      xLabel = source.xLabel
      for column in source.columns {
        let name = source.columns.count == 1 ? group.name : "\(group.name) \(column.name)"
        series.append(
          PlotData.Series(
            name, zip(source.x ?? column.values.indices.map { Double($0) }, column.values).map { .init($0, $1) }))
      }
    }
  }
}

/// The columns of numbers that a plot is made of.
private struct PlotSource {
  private(set) var columns: [(name: String, values: [Double])] = []
  private(set) var x: [Double]?
  private(set) var xLabel = ""
  private var isTable = false

  init(_ data: Value) throws {
    switch data {
    case .object(let table as TableObject):
      isTable = true
      columns = try zip(table.table.names, table.table.columns).compactMap { name, column in
        try Self.numbers(column.count) { column[$0] }.map { (name, $0) }
      }
    case .map(let map):
      isTable = true
      columns = try map.entries.map { ($0.key.description, try Self.required($0.value)) }
    case .object(let tensor as TensorObject) where tensor.shape.count == 2:
      let width = tensor.shape[1]
      try Safepoint.reserve(96, times: tensor.shape[0], for: "a plot")
      columns = (0..<tensor.shape[0]).map { row in
        ("\(row)", tensor.tensor.values[row * width..<(row + 1) * width].map { Double($0) })
      }
    case .list(let list) where try list.count > 0 && (0..<list.count).allSatisfy({ try Self.numbers(list[$0]) != nil }):
      columns = try (0..<list.count).map { ("\($0)", try Self.required(list[$0])) }
    default: columns = [("", try Self.required(data))]
    }
  }

  /// Takes the columns that the arguments name; of a table without them, the losses over the first column.
  mutating func chooseColumns(x: Value, y: Value) throws {
    if let name = String.convert(x) {
      self.x = try column(name, "x")
      xLabel = name
    } else if !x.isNil {
      self.x = try Self.required(x)
    } else if isTable, let first = columns.first, ["epoch", "step", "x"].contains(first.name) {
      self.x = first.values
      xLabel = first.name
    }
    if let names = try String.convert(y).map({ [$0] }) ?? [String].convert(y) {
      columns = try names.map { ($0, try column($0, "y")) }
    } else if !y.isNil {
      throw ScriptError(.type, "`plot` expects `y` to be a column or a list of columns, found \(y.echo)", argument: "y")
    } else if isTable {
      let others = columns.filter { $0.name != xLabel && !$0.values.allSatisfy(\.isNaN) }
      let losses = others.filter { $0.name.hasSuffix("loss") }
      columns = losses.isEmpty ? others : losses
    }
    guard !columns.isEmpty else { throw ScriptError(.value, "there are no numbers to plot", argument: "data") }
  }

  private func column(_ name: String, _ argument: String) throws -> [Double] {
    if let found = columns.first(where: { $0.name == name }) { return found.values }
    let names = columns.map(\.name).filter { !$0.isEmpty }
    let near = Suggestion.best(for: name, in: names).map { "did you mean \(Display.quoted($0))?" }
    let known = names.isEmpty ? nil : "there are \(names.joined(separator: ", "))"
    throw ScriptError(
      .key, "there is no column \(Display.quoted(name)) of numbers",
      help: near ?? known, argument: argument)
  }

  private static func required(_ value: Value) throws -> [Double] {
    if let numbers = try numbers(value) { return numbers }
    throw ScriptError(
      .type, "`plot` expects numbers in a list, a map of lists, a table or a tensor, found \(describe(value))",
      argument: "data")
  }

  private static func numbers(_ value: Value) throws -> [Double]? {
    switch value {
    case .list(let list): try numbers(list.count) { list[$0] }
    case .object(let list as any ListLike): try numbers(list.listCount) { list.listElement(at: $0) }
    case .range: try [Double].convert(value)
    case .object(let tensor as TensorObject) where tensor.shape.count == 1:
      Tensor.numbers(tensor.tensor.count) { Double(tensor.tensor.values[$0]) }
    default: nil
    }
  }

  /// The numbers of a column; nil stands for a missing one.
  private static func numbers(_ count: Int, _ value: (Int) -> Value) throws -> [Double]? {
    try Safepoint.reserve(24, times: count, for: "a plot")
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    for place in 0..<count {
      if Safepoint.mustStop(after: 16) { break }
      switch value(place) {
      case .number(let number): numbers.append(number)
      case .nil: numbers.append(.nan)
      case .object(let tensor as TensorObject) where tensor.tensor.count == 1:
        numbers.append(Double(tensor.tensor.values[0]))
      default: return nil
      }
    }
    return numbers
  }

  /// The points at some heights, side by side where no places are given.
  static func points(_ heights: [Double], over places: [Double]?) -> [PlotData.Point] {
    var points: [PlotData.Point] = []
    points.reserveCapacity(heights.count)
    for (index, height) in heights.enumerated() {
      if Safepoint.mustStop(after: 4) { break }
      points.append(PlotData.Point(places.map { index < $0.count ? $0[index] : .nan } ?? Double(index), height))
    }
    return points
  }
}
