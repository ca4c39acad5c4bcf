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
    #expect(text.hasSuffix("999  124.8750\n(1000 rows)\n"))
  }

  @Test func keepsNumbersReadable() {
    func text(_ values: [Double]) -> [String] {
      let table = TableView(columns: ["x"], rows: values.map { [.number($0)] }).text(in: DisplayStyle())
      return table.split(separator: "\n").dropFirst(2).map { $0.filter { $0 != " " } }
    }
    #expect(text([1, 20]) == ["1", "20"])
    #expect(text([1, 2.5]) == ["1.0000", "2.5000"])
    #expect(text([1e-9, 1]) == ["1e-09", "1"])
    #expect(text([.nan, 0.5]) == ["nan", "0.5000"])
  }

  @Test func leavesNoControlCharacters() {
    let text = TableView(columns: ["a\u{7}"], rows: [[.string("x\u{1B}[31m\ny")]]).text(in: DisplayStyle())
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 })
    #expect(text.split(separator: "\n").count == 3)
    #expect(TableView(columns: [], rows: []).text(in: DisplayStyle()) == "(no columns)\n")
  }
}
