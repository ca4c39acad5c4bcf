import PixelScript
import Safepoint

extension Command {
  /// How often predictions of each class were made for each class.
  static var confusion: Command {
    Command(
      "confusion", "Counts how often each class was predicted for each class, as a table with a row a true class.",
      Parameter<Value>("actual", "the true classes: a list, a column or a tensor of one axis"),
      Parameter<Value>("predicted", "as many predicted ones"),
      Parameter<Value>(
        "labels", "the classes in their order; all that are there in the order of their values without it",
        default: .nil, byName: true),
      Parameter<ConfusionShare?>(
        "normalize", "gives shares of the rows, of the columns or of all", byName: true),
      example: """
        t = confusion(["cat", "dog", "dog"], ["cat", "cat", "dog"])
        print t.actual, t.cat, t.dog  # expect: ["cat", "dog"] [1, 1] [0, 1]
        print confusion([0, 1, 1], [0, 0, 1], normalize: "actual")["0"]  # expect: [1, 0.5]
        """
    ) { _, actual, predicted, labels, share in
      let names = ["actual", "predicted", "labels"]
      var columns = try zip(names, [actual, predicted]).map { name, value in try classes(value, name) }
      guard columns[0].count == columns[1].count else {
        throw ScriptError(
          .value, "`confusion` expects as many classes twice, found \(columns[0].count) and \(columns[1].count)",
          argument: "predicted")
      }
      if !labels.isNil { columns.append(try classes(labels, "labels")) }
      for (name, column) in zip(names, columns) where !column.isEmpty && column.typeName != columns[0].typeName {
        guard !columns[0].isEmpty else { continue }
        throw ScriptError(
          .type, "`actual` holds \(columns[0].contents), and `\(name)` \(column.contents)", argument: name)
      }
      return .object(TableObject(try confusion(of: columns, share)))
    }
  }

  private static func classes(_ value: Value, _ name: String) throws -> Column {
    guard let column = try ColumnInput.severalValues(value) else {
      throw ScriptError(.type, "`confusion` expects a list of classes, found \(describe(value))", argument: name)
    }
    if case .values = column, !column.isEmpty {
      throw ScriptError(
        .type, "classes are all numbers, all texts or all truth values, found \(column.contents)",
        help: "`argmax(logits, 1)` makes classes of scores", argument: name)
    }
    return column
  }

  /// The most classes.
  private static let classLimit = 1000

  private static func confusion(of columns: [Column], _ share: ConfusionShare?) throws -> Table {
    let count = columns[0].count
    let all = try Column.joined(columns)
    let keys = try RowKeys([all], rows: all.count)
    let present = (0..<keys.count).filter { !all.isMissing(at: keys.firsts[$0]) && !isNaN(all[keys.firsts[$0]]) }
    // Those that were named stand behind all others.
    let codes = columns.count > 2 ? Array(keys.codes[(2 * count)...]).map { Int($0) } : present
    guard codes.count <= classLimit else {
      throw ScriptError(
        .limit, "`confusion` counts at most \(classLimit) classes, found \(codes.count)", argument: "actual")
    }
    guard Set(codes).count == codes.count, codes.allSatisfy(Set(present).contains) else {
      throw ScriptError(.value, "`labels` names a class twice, or one that is missing", argument: "labels")
    }
    let order =
      columns.count > 2
      ? codes
      : try RowOrder.places([("actual", try all.picking(codes.map { keys.firsts[$0] }), false)], rows: codes.count)
        .map { codes[$0] }
    var ranks = [Int](repeating: -1, count: keys.count)
    for (rank, code) in order.enumerated() { ranks[code] = rank }
    try Safepoint.reserve(16, times: order.count, order.count, for: "a table")
    // Column by column, as they stand in the table.
    var cells = [[Double]](repeating: [Double](repeating: 0, count: order.count), count: order.count)
    try Pieces.forEach(count) { piece in
      for row in piece {
        let (actual, predicted) = (ranks[Int(keys.codes[row])], ranks[Int(keys.codes[count + row])])
        if actual >= 0, predicted >= 0 { cells[predicted][actual] += 1 }
      }
    }
    if let share { cells = share.shares(of: cells) }
    let names = order.map { all[keys.firsts[$0]].description }
    var heads = PackedTexts(capacity: names.count)
    for name in names { heads.append(name) }
    return Table(
      [("actual", Column.texts(heads))] + zip(names, cells).map { ($0, Column.numbers($1)) }, count: names.count)
  }

  private static func isNaN(_ value: Value) -> Bool {
    if case .number(let number) = value { number.isNaN } else { false }
  }
}

/// Of what the cells of a confusion matrix are shares.
enum ConfusionShare: String, ScriptChoice {
  /// Of the true class, of the predicted one, of all.
  case actual, predicted, all

  /// The shares, 0 where there is nothing.
  fileprivate func shares(of columns: [[Double]]) -> [[Double]] {
    func share(_ number: Double, _ sum: Double) -> Double { sum > 0 ? number / sum : 0 }
    let rows = columns.indices.map { row in columns.reduce(0) { $0 + $1[row] } }
    let total = rows.reduce(0, +)
    return columns.map { column in
      let sum = column.reduce(0, +)
      return column.enumerated().map { row, number in
        switch self {
        case .actual: share(number, rows[row])
        case .predicted: share(number, sum)
        case .all: share(number, total)
        }
      }
    }
  }
}
