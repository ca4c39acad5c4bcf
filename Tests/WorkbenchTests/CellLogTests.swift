import PixelScript
import Testing
import Workbench

/// A session keeps its cells and what each showed, within bounds.
@Suite struct CellLogTests {
  private func texts(_ cell: CellRecord) throws -> [String] {
    try cell.outputs.map { output in
      switch output {
      case .written(let text): "written " + text
      case .shown(let rendering): "shown " + (try rendering.text())
      }
    }
  }

  private func session(_ limits: Limits = Limits()) -> Session {
    Session(options: SessionOptions(seed: 1, quiet: true, limits: limits), console: Console(write: { _ in }))
  }

  @Test func keepsCellsAndWhatTheyShowed() throws {
    let session = session()
    _ = session.run(
      "print 1\nprint 2\nshow \"x\"\nprint 3\n4\n# %% Second\nfail()\n# %% Third\n5", name: "a.pxb", echo: true)
    _ = session.run("6;", name: "[2]", echo: true)
    let cells = session.cells
    #expect(cells.map(\.mark.script) == ["a.pxb", "a.pxb", "[2]"])
    #expect(cells.map(\.mark.title) == ["", "Second", ""])
    #expect(cells.map(\.source) == ["print 1\nprint 2\nshow \"x\"\nprint 3\n4\n", "fail()\n", "6;"])
    #expect(try texts(cells[0]) == ["written 1\n2\n", "shown \"x\"\n", "written 3\n", "shown 4\n"])
    #expect(cells[0].error == nil && cells[1].error?.kind == .name && cells[1].outputs.isEmpty)
    #expect(cells.allSatisfy { $0.seconds != nil && !$0.isCut })
    for text in ["1\n# %%", "# %% A\n# %% B\n2", ""] { _ = session.run(text, name: "x", echo: true) }
    #expect(session.cells.dropFirst(3).map(\.source) == ["1\n", "", "", "2", ""])
  }

  /// What a script writes that a cell runs belongs to the cell.
  @Test func cellsInsideACellAreItsOwn() throws {
    let test = TestSession()
    _ = test.run("write_text \"inner.pxb\", \"# %%\\nprint 1\\n# %%\\n2\"\nrun \"inner.pxb\"\nprint 3")
    #expect(test.session.cells.count == 1)
    #expect(try texts(test.session.cells[0]) == ["written 1\n", "shown 2\n", "written 3\n"])
  }

  @Test func keepsTheStartOfLongTexts() throws {
    let session = session()
    _ = session.run("print \"é\" * 1e6\nprint 2", name: "a", echo: true)
    _ = session.run("for i in range(1e5) { print \"line\", i }", name: "b", echo: true)
    for cell in session.cells {
      #expect(cell.isCut && cell.outputs.count == 1)
      let text = try #require(try texts(cell).first)
      #expect((65_500...65_600).contains(text.utf8.count))
    }
  }

  /// However much is shown, the memory of what is kept has a bound, and the last cells keep theirs longest.
  @Test func dropsTheOldestOutputsFirst() {
    let session = session()
    for number in 0..<12 {
      _ = session.run("show to_image(rand(800, 800))", name: "\(number)", echo: true)
    }
    let cells = session.cells
    #expect(cells.count == 12 && cells.last?.outputs.count == 1 && cells.first?.outputs.count == 0)
    #expect(cells.first?.isCut == true && cells.first?.source == "")
    let kept = cells.flatMap(\.outputs).reduce(0) {
      if case .shown(let rendering) = $1 { $0 + rendering.cost } else { $0 }
    }
    #expect(kept > 2 << 20 && kept <= 16 << 20)
    _ = session.run("for i in range(40) { show to_image(rand(800, 800)) }", name: "many", echo: true)
    #expect(session.cells.last.map { (2...6).contains($0.outputs.count) && $0.isCut } == true)
  }

  /// Of a small budget of memory only a share is kept.
  @Test func aBudgetBoundsWhatIsKept() {
    let session = session(Limits(memory: 8 << 20))
    let outcome = session.run(
      "for i in range(50) { show to_image(rand(100, 100)) }\nshow to_image(rand(400, 400))", name: "x")
    #expect(outcome.diagnostics.map(\.description) == [])
    let cell = session.cells.last
    #expect(cell?.isCut == true && (5...26).contains(cell?.outputs.count ?? 0))
  }

  @Test func theNumberOfCellsHasABound() {
    let session = session()
    for _ in 0..<2500 { _ = session.run("1;", name: "x") }
    #expect((1000...2000).contains(session.cells.count))
  }
}
