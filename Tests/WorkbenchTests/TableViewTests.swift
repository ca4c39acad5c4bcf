import Foundation
import PixelScript
import Testing
import Workbench

@Suite struct TableViewTests {
  let columns = ["model", "loss", "epochs", "note"]
  let rows: [[Value]] = [
    [.string("lstm"), .number(0.25), .number(10), .string("a rather long remark about what happened here")],
    [.string("mamba"), .number(12.5), .number(9), .nil],
    [.string("変換器"), .nil, .number(100), .list([.number(1), .string("x")])],
  ]

  @Test(arguments: [100, 40, 24, 12, 3, 1]) func fitsTheWidth(width: Int) throws {
    let text = TableView(columns: columns, rows: rows).text(in: DisplayStyle(width: width))
    for line in text.split(separator: "\n") { #expect(DisplayWidth.columns(of: line) <= width) }
    try Golden.check(text, drawing: "table-\(width)")
  }

  @Test func showsTheEndsOfALongTable() throws {
    let rows = (0..<1000).map { [Value.number($0), .number(Double($0) / 8)] }
    let text = TableView(columns: ["n", "share"], rows: rows).text(in: DisplayStyle(unicode: false))
    #expect(text.split(separator: "\n").count == 64)
    #expect(text.hasSuffix("999  124.875\n(1000 rows)\n"))
  }

  @Test func keepsNumbersReadable() {
    func text(_ values: [Double]) -> [String] {
      let table = TableView(columns: ["x"], rows: values.map { [.number($0)] }).text(in: DisplayStyle())
      return table.split(separator: "\n").dropFirst(2).map { $0.filter { $0 != " " } }
    }
    #expect(text([1, 20]) == ["1", "20"])
    #expect(text([1, 2.5]) == ["1.0", "2.5"])
    #expect(text([1e-9, 1]) == ["1e-09", "1"])
    #expect(text([.nan, 0.5]) == ["nan", "0.5"])
    // Among texts each number stands for itself, as in a table with a column for each run.
    let rows: [[Value]] = [
      [.string("model"), .string("lstm")], [.string("epoch"), .number(10)], [.string("loss"), .number(1.25)],
    ]
    let mixed = TableView(columns: ["", "run"], rows: rows).text(in: DisplayStyle())
    #expect(mixed.split(separator: "\n").dropFirst(2).map { $0.split(separator: " ").last } == ["lstm", "10", "1.25"])
  }

  /// Different numbers of a column have different texts as long as eight digits tell them apart, and no number seems whole that is not.
  @Test func tellsNumbersApart() {
    for size in [1e-6, 0.004, 0.5, 1, 9.5, 37, 512, 1024, 123_456, 1e8] {
      for step in [1e-1, 1e-3, 1e-5, 1e-7] {
        for others in [[], [0.25], [3], [size / 2, size * 3]] {
          let values = [size, size * (1 + step), size * (1 - step)] + others
          let texts = drawn(["x"], values.map { [.number($0)] }).dropFirst(2).map { $0.filter { $0 != " " } }
          let areClose = step * size < 1e-7 * (values.max() ?? size)
          #expect(areClose || Set(texts).count == Set(values).count, "\(values): \(texts)")
          for (value, text) in zip(values, texts) {
            #expect(abs((Double(text) ?? .nan) - value) <= 0.06 * abs(value), "\(value) is shown as \(text)")
          }
        }
      }
    }
    func text(_ values: [Double]) -> [String] {
      drawn(["x"], values.map { [.number($0)] }).dropFirst(2).map { $0.filter { $0 != " " } }
    }
    #expect(text([0.99999, 1]) == ["0.99999", "1.00000"] && text([0.99999]) == ["1.0000"])
    // What rounding alone makes different is not told apart.
    #expect(text([0.1 + 0.2, 0.3]) == ["0.3", "0.3"])
  }

  @Test func leavesNoControlCharacters() {
    let text = TableView(columns: ["a\u{7}"], rows: [[.string("x\u{1B}[31m\ny")]]).text(in: DisplayStyle())
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 })
    #expect(text.split(separator: "\n").count == 3)
    #expect(TableView(columns: [], rows: []).text(in: DisplayStyle()) == "(no columns)\n")
  }

  private func drawn(_ columns: [String], _ rows: [[Value]], width: Int = 80, unicode: Bool = true) -> [String] {
    let table = TableView(columns: columns, rows: rows)
    return table.text(in: DisplayStyle(width: width, unicode: unicode)).split(separator: "\n").map(String.init)
  }

  @Test func givesLargeCountsUnitsWhereTheyTellThemApart() {
    func text(_ values: [Double], _ name: String = "bytes") -> [String] {
      drawn([name], values.map { [.number($0)] }).dropFirst(2).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(text([618_689, 1_204_533], "id") == ["618689", "1204533"])
    #expect(text([618_689, 1_204_533, 5]) == ["618.7k", "1.205M", "5"])
    #expect(text([100_000, 1e9]) == ["100k", "1G"])
    #expect(text([20_240_115, 20_240_116]) == ["20240115", "20240116"])
    #expect(text([99_999, 1]) == ["99999", "1"])
  }

  @Test func marksTheBest() {
    let rows: [[Value]] = [[.number(1), .number(0.5), .number(2)], [.number(2), .number(0.75), .number(1)]]
    #expect(
      drawn(["loss", "accuracy", "loss_std"], rows).dropFirst(2) == [
        "  1*     0.50          2", "  2      0.75*         1",
      ])
    #expect(drawn(["loss"], [[.number(1)], [.number(1)]]).dropFirst(2) == ["   1", "   1"])
    let colored = TableView(columns: ["loss"], rows: [[.number(1)], [.number(2)]]).text(
      in: DisplayStyle(color: .trueColor, width: 20))
    #expect(colored.contains("\u{1B}[1m1\u{1B}[0m") && !colored.contains("*"))
  }

  @Test func drawsListsOfNumbers() {
    let list = Value.list([.number(1), .number(Double.nan), .number(3)])
    #expect(drawn(["curve"], [[list]]).last == "▁ █")
    #expect(drawn(["curve"], [[list]], unicode: false).last == "_ #")
  }

  /// What is the same everywhere goes first, then what is no figure, the last ones first; names and values are told.
  @Test func leavesOutWhatSaysLeast() {
    let columns = ["model", "seed", "loss", "note", "seconds"]
    let rows: [[Value]] = (0..<3).map { row in
      [.string("m\(row)"), .number(0), .number(Double(row) + 0.25), .string("n\(row)"), .number(Double(row))]
    }
    #expect(drawn(columns, rows, width: 32).last == "(1 more column: seed = 0)")
    #expect(drawn(columns, rows, width: 20).last == "(2 more columns)")
    #expect(drawn(columns, rows, width: 20)[0] == "model   loss  note")
  }

  @Test func shortensTextsInTheirMiddle() {
    let row: [Value] = [.string("runs/very-long-name/lstm-seed-1"), .number(1)]
    #expect(drawn(["run", "n"], [row], width: 20).last == "runs/very-l…eed-1  1")
  }
}
