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

  /// A cell that lets go of a value brings back nothing of what others hold of it.
  @Test(arguments: [
    ("c = {k: 3}\nd = [c]", "c.k = 9", "c = 1", "print d"),
    ("b = [1]\nd = {x: b}", "push b, 2", "b = [3]", "print d, b"),
    ("a = [1]\nb = a\nc = [a, b]", "push a, 2", "a = nil", "print b, c"),
    ("x = zeros(2)\ny = [x]", "y[0][0] = 4", "x = 0", "print y[0].to_list()"),
    ("fn f() = t\nt = [1]\nu = [t]", "push t, 2", "t = [9]", "print u, f()"),
  ])
  func lettingGo(first: String, change: String, letting: String, show: String) throws {
    func notebook(_ change: String) -> String {
      [first, change, letting, show].map { "# %%\n\($0)\n" }.joined()
    }
    for (before, after) in [(change, "e = 0"), ("e = 0", change), (change, change)] {
      #expect(try told(notebook(before), then: notebook(after)).first == "r")
    }
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

  /// Only what runs kept is removed, through a link too; what stands where a cell goes is refused by name.
  @Test(arguments: [false, true]) func nothingElseIsRemoved(isLink: Bool) throws {
    let folder = try TemporaryFolder()
    let cache = folder.path + "/n.pxb.cache"
    let place = isLink ? folder.path + "/mine" : cache
    let files = FileManager.default
    try files.createDirectory(atPath: place + "/0123456789abcdef-1", withIntermediateDirectories: true)
    if isLink { try files.createSymbolicLink(atPath: cache, withDestinationPath: place) }
    let own = ["notes.txt", "0123456789abcdef-1/values", "fedcba9876543210-2", "photos/a.png"]
    try files.createDirectory(atPath: place + "/photos", withIntermediateDirectories: true)
    for name in own { try Data("mine".utf8).write(to: URL(filePath: place + "/" + name)) }
    for (text, option) in [("x = 1", "--resume"), ("x = 2", "--resume"), ("x = 3", "--fresh"), ("x = 3", "--resume")] {
      _ = try folder.write("n.pxb", "# %%\n\(text)\n# %%\nprint x\n")
      let result = try Program.run(["run", "n.pxb", option], folder: folder.path)
      #expect(result.status == 0, "\(result.errors)")
    }
    for name in own { #expect(try String(contentsOfFile: place + "/" + name, encoding: .utf8) == "mine") }
    // The cells of the notebook as it is, and no others.
    let cells = try files.contentsOfDirectory(atPath: place).filter {
      files.fileExists(atPath: "\(place)/\($0)/digest")
    }
    #expect(cells.count == 2)
    let kept = place + "/" + (try #require(cells.first))
    try files.removeItem(atPath: kept)
    try Data("mine".utf8).write(to: URL(filePath: kept))
    let refused = try Program.run(["run", "n.pxb", "--resume"], folder: folder.path)
    #expect(refused.status != 0 && refused.errors.contains("is nothing that a run kept of a cell"), "\(refused)")
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "mine")
  }

  /// A cell of which a file has gone, whichever, runs again and is kept.
  @Test(arguments: [["digest"], ["values"], ["cell.plist"], ["digest", "values"], ["digest", "values", "cell.plist"]])
  func whatLacksAFileRunsAgain(names: [String]) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("n.pxb", "# %%\nx = 1\n# %%\nprint x\n")
    _ = try Program.run(["run", "n.pxb", "--resume"], folder: folder.path)
    let cache = folder.path + "/n.pxb.cache"
    for cell in try FileManager.default.contentsOfDirectory(atPath: cache) where cell.contains("-") {
      for name in names { try FileManager.default.removeItem(atPath: "\(cache)/\(cell)/\(name)") }
    }
    for expected in [": run (", ": restored"] {
      let result = try Program.run(["run", "n.pxb", "--resume"], folder: folder.path)
      #expect(result.status == 0 && result.errors.contains(expected) && result.output == "1\n", "\(result)")
    }
  }

  /// A list of files that leads out of a cell's folder removes nothing there, and restores nothing.
  @Test func aListLeadsNowhereElse() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("n.pxb", "# %%\nx = 1\n")
    _ = try Program.run(["run", "n.pxb", "--resume"], folder: folder.path)
    let cache = folder.path + "/n.pxb.cache"
    let cell = try #require(try FileManager.default.contentsOfDirectory(atPath: cache).first)
    let list = URL(filePath: "\(cache)/\(cell)/digest")
    let mine = try folder.write("mine", "mine")
    let written = try unsafe PropertyListSerialization.propertyList(from: Data(contentsOf: list), format: nil)
    var contents = try #require(written as? [[String: Any]])
    contents[0]["files"] = ["../../mine"]
    try PropertyListSerialization.data(fromPropertyList: contents, format: .binary, options: 0).write(to: list)
    let result = try Program.run(["run", "n.pxb", "--resume"], folder: folder.path)
    #expect(result.status == 0 && result.errors.contains(": run ("), "\(result.errors)")
    #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine")
  }

  /// A part of a notebook has what the cells before it left, without what they showed; what can't be restored is told.
  @Test(arguments: [["--cell", "2"], ["--from", "2"], ["--from", "2", "--until", "2"]])
  func aPartHasWhatStandsBeforeIt(part: [String]) throws {
    let folder = try TemporaryFolder()
    func run(_ first: String, _ options: [String]) throws -> (status: Int32, output: String, errors: String) {
      _ = try folder.write("n.pxb", "# %%\nx = \(first)\nprint \"one\"\n# %%\nprint x + 1\n")
      let result = try Program.run(["run", "n.pxb", "--resume"] + options, folder: folder.path)
      return (result.status, result.output, result.errors)
    }
    _ = try run("1", [])
    let found = try run("1", part)
    #expect(found.status == 0 && found.output == "2\n" && found.errors.contains("cell 1: restored"), "\(found)")
    let changed = try run("2", part)
    #expect(changed.status == 1 && changed.output.isEmpty, "\(changed)")
    #expect(changed.errors.contains("cell 1: neither restored nor run (nothing is kept of it)"), "\(changed)")
  }

  /// Whatever way leads to a function, a cell that may reach it runs again when what it names has changed, and only then is it right.
  @Test(
    arguments: [
      "fn f() = k\nCELL\nprint f()", "f = fn() = k\nCELL\nprint f()", "fn f() = k\ng = f\nCELL\nprint g()",
      "fn f() = k\nops = [f]\nCELL\nprint ops[0]()", "ops = {f: fn() = k}\nCELL\nprint ops.f()",
      "ops = [{f: [fn() = k]}]\nCELL\nprint ops[0].f[0]()", "fn f() = k\nfn g() = f()\nCELL\nprint g()",
      "fn make() = fn() = k\ng = make()\nCELL\nprint g()", "fn make(n) = fn() = n\ng = make(k)\nCELL\nprint g()",
      "fn make(f) = fn() = f()\ng = make(fn() = k)\nCELL\nprint g()", "CELL\nfn f() = k\nprint f()",
      "m = map(default: fn() = k)\nCELL\nprint m[\"a\"]", "fn f(x) = x * k\nCELL\nprint map([1], f)",
      "fn f(x) = x * k\nCELL\nprint([f(x) for x in [1]])", "xs = [[k]]\nfn f() = xs[0][0]\nCELL\nprint f()",
      "net = module({}, fn(p, x) = x * k)\nCELL\nprint item(net(ones(1)))",
      "fn f() {\n  fn g() = k\n  return g()\n}\nCELL\nprint f()",
      "t = table({f: [fn() = k]})\nCELL\nprint t.f[0]()",
    ])
  func functionsReached(ways: String) throws {
    let cells = ways.replacing("CELL", with: "# %%")
    let notebook = "# %%\nk = 1\n# %%\n\(cells)\n"
    let told = try told(notebook, then: notebook.replacing("k = 1", with: "k = 2"))
    #expect(told.last == "x", "\(told)")
    _ = try self.told(notebook)
  }

  /// What a cell changes by a function that it reaches in some way is there for the cells behind it, restored or not.
  @Test(
    arguments: [
      "fn f() { push xs, 3 }\nCELL\nf()", "ops = [fn() { push xs, 3 }]\nCELL\nops[0]()",
      "fn f() { push xs, 3 }\ng = f\nCELL\ng()",
      "fn make(a) = fn() { push a, 3 }\ng = make(xs)\nCELL\ng()", "fn f(a) { push a, 3 }\nCELL\nq = map([xs], f)",
      "fn f() {\n  outer n\n  n += 1\n}\nops = {f: f}\nCELL\nops.f()", "add = push\nCELL\nadd(xs, 3)",
      "ys = [xs]\nCELL\nfor y in ys { push y, 3 }",
    ])
  func functionsThatChange(ways: String) throws {
    let cells = ways.replacing("CELL", with: "# %%")
    let notebook = "# %%\nxs = [1]\nn = 1\n# %%\n\(cells)\n# %%\nprint xs, n\n"
    _ = try told(notebook)
    _ = try told(notebook, then: notebook.replacing("xs = [1]", with: "xs = [1, 1]"))
    _ = try told(notebook, then: notebook.replacing("push", with: "insert").replacing(", 3", with: ", 0, 3"))
  }

  /// Files that others put into the folder of a cell stay, wherever the run goes on: restored, run again, changed or gone.
  @Test(arguments: [
    "x = 1", "data = sprites(count: 2, size: 8, seed: 1)", "net = lstm(dim: 9, state: 4, depth: 1, seed: 1)",
  ])
  func filesInTheFolderOfACellStay(cell: String) throws {
    let folder = try TemporaryFolder()
    let files = FileManager.default
    func run(_ text: String, _ option: String = "--resume") throws -> String {
      _ = try folder.write("n.pxb", "# %%\n\(text)\n# %%\nprint 1\n")
      let result = try Program.run(["run", "n.pxb", option], folder: folder.path)
      #expect(result.status == 0, "\(result.errors)")
      return result.errors
    }
    _ = try run(cell)
    let cache = folder.path + "/n.pxb.cache"
    let cells = try files.contentsOfDirectory(atPath: cache).filter {
      files.fileExists(atPath: "\(cache)/\($0)/digest")
    }
    #expect(cells.count == 2)
    var own: [String] = []
    for kept in cells {
      let inner = try files.contentsOfDirectory(atPath: "\(cache)/\(kept)").filter { Int($0) != nil }
      own += ["\(kept)/notes.txt"] + inner.map { "\(kept)/\($0)/mine.txt" }
    }
    for name in own { try Data("mine".utf8).write(to: URL(filePath: cache + "/" + name)) }
    func check(_ what: String) throws {
      for name in own {
        #expect(try String(contentsOfFile: cache + "/" + name, encoding: .utf8) == "mine", "\(what): \(name)")
      }
    }
    #expect(try run(cell).components(separatedBy: ": restored").count == 3)
    try check("restored")
    _ = try run(cell, "--fresh")
    try check("fresh")
    _ = try run("y = 2")
    try check("gone")
    _ = try run(cell)
    try check("again")
  }
}
