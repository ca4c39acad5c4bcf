import PixelScript
import Testing

/// What a cell reads, writes and changes as far as its text tells.
@Suite struct CellNameTests {
  private func names(_ text: String) throws -> Script.Names {
    try Script.parse(SourceText(name: "test", text)).cells[0].names
  }

  @Test(arguments: [
    ("y = x + 1", ["x"], ["y"], []),
    ("x = 1\ny = x", [], ["x", "y"], []),
    ("x = x + 1", ["x"], ["x"], []),
    ("x += 1", ["x"], ["x"], []),
    ("x, y = y, 1", ["y"], ["x", "y"], []),
    ("x[0] = k", ["k", "x"], [], ["k", "x"]),
    ("x.a[i].b = 1", ["i", "x"], [], ["x"]),
    ("x = []\nx[0] += 1", [], ["x"], ["x"]),
    ("f(x)[0] = 1", ["f", "x"], [], ["f", "x"]),
    // A branch, a loop or a `try` may give nothing a value.
    ("if c { x = 1 } else { x = 2 }\ny = x", ["c", "x"], ["x", "y"], []),
    ("for i in xs { t = i\nprint t }\nprint t", ["print", "t", "xs"], ["i", "t"], []),
    ("while c { c = f(c) }", ["c", "f"], ["c"], []),
    ("try { a = 1 } catch e { b = e }\nprint a, e", ["a", "e", "print"], ["a", "e", "b"], []),
    ("x = 1\nif c { x = 2 }\ny = x", ["c"], ["x", "y"], []),
    // A function reads what is not its own when it runs.
    ("fn f(a, b: k) { t = a\nreturn t + g(u) }", ["g", "k", "u"], ["f"], []),
    ("fn f() { m[0] = 1 }", ["m"], ["f"], ["m"]),
    ("fn f(m) { m[0] = 1 }", [], ["f"], []),
    ("fn f(n) = n * f(n - 1)", [], ["f"], []),
    ("u = 1\nf = fn() = u", [], ["u", "f"], []),
    ("param rate = base * 2", ["base"], ["rate"], []),
    ("print f\"{a:{w}}\", x.scale(2)", ["a", "print", "scale", "w", "x"], [], []),
    ("net?", ["net"], [], []),
  ])
  func ofACell(text: String, reads: [String], writes: [String], changes: [String]) throws {
    let names = try names(text)
    #expect(names.reads.sorted() == reads)
    #expect(names.writes == writes)
    #expect(names.changes.sorted() == changes)
    #expect(!names.isOpen)
  }

  @Test func importedDefinitionsAreNotKnown() throws {
    #expect(try names("import \"a.pxb\"").isOpen)
    let named = try names("import \"a.pxb\" as a")
    #expect(!named.isOpen && named.writes == ["a"])
  }

  @Test func eachCellHasItsOwn() throws {
    let script = try Script.parse(SourceText(name: "test", "x = 1\n# %%\ny = x\n# %% [markdown]\n# z"))
    #expect(script.cells.map(\.names.writes) == [["x"], ["y"], []])
    #expect(script.cells.map(\.names.reads) == [[], ["x"], []])
  }
}
