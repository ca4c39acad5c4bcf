import Foundation
import Testing

/// Which cells are restored, for every order of seeds and draws, and for every way in which a cell may tell of lines.
@Suite struct ResumedCellTests {
  /// For each cell whether it is restored, where `other` runs behind `notebook`.
  private func told(_ notebook: String, then other: String? = nil, seeds: (Int, Int) = (1, 1)) throws -> String {
    let folder = try TemporaryFolder()
    var told = ""
    for (text, seed, option) in [(notebook, seeds.0, "--fresh"), (other ?? notebook, seeds.1, "--resume")] {
      _ = try folder.write("n.pxb", text)
      let result = try Program.run(["run", "n.pxb", "--seed", "\(seed)", option], folder: folder.path)
      #expect(result.status == 0, "\(result.errors)")
      let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("cell ") && !$0.contains(": not kept") }
      told = lines.map { $0.contains(": restored") ? "r" : "x" }.joined()
      let plain = try Program.run(["run", "n.pxb", "--seed", "\(seed)"], folder: folder.path)
      #expect(result.output == plain.output)
    }
    return told
  }

  /// With another seed of the program a cell runs again when it draws before it sets a seed of its own, and what reads of it.
  @Test(arguments: [
    (["a = rand(2)", "print a"], "xx"), (["seed 3\na = rand(2)", "print a"], "rr"),
    (["a = rand(1)\nseed 3\nb = rand(1)", "print rand(1)", "print a"], "xrx"),
    (["a = rand(1)\nseed 3\nb = rand(1)", "print b"], "xr"), (["a = randn(2, seed: 4)", "print a"], "rr"),
    (["seed 3", "x = 1", "print rand(1)"], "rrr"), (["x = 1", "print rand(1)", "seed 3", "print rand(1)"], "rxrr"),
    (["x = shuffle([1, 2, 3])", "seed 3", "print rand(1)"], "xrr"), (["seed 3\nseed 4", "print rand(1)"], "rr"),
  ])
  func seedsAndDraws(cells: [String], expected: String) throws {
    let notebook = cells.map { "# %%\n\($0)\n" }.joined()
    #expect(try told(notebook, seeds: (1, 2)) == expected)
    #expect(try told(notebook) == String(repeating: "r", count: cells.count))
  }

  /// Where a cell may tell the line of a function elsewhere it runs again when that one moves.
  @Test(arguments: [
    ("try { f() } catch e { print e.line }", "x"), ("try { f() } catch e { print e }", "x"),
    ("try { f() } catch e { print str(e) }", "x"), ("print g(2)", "r"), ("print \"f\", 1", "r"),
  ])
  func lines(cell: String, expected: String) throws {
    let functions = "# %%\nfn f() { raise \"bad\" }\nfn g(x) = x + 1\n# %%\n\(cell)\n"
    let told = try told("# %%\na = 1\na = 2\n" + functions, then: "# %%\na = 2\n" + functions)
    #expect(told.first == "x" && String(told.suffix(1)) == expected, "\(told)")
  }
}
