import Foundation
import Testing

/// Cells that are restored when nothing has changed, and only then.
@Suite struct ResumeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs the notebook and gives, for each cell, whether it was restored, and the output.
  private func run(_ notebook: String, _ options: String...) throws -> (told: String, output: String) {
    _ = try folder.write("n.pxb", notebook)
    let result = try Program.run(["run", "n.pxb", "--resume"] + options, folder: folder.path)
    #expect(result.status == 0, "\(result.errors)")
    let told = result.errors.split(separator: "\n").filter { $0.hasPrefix("cell ") && !$0.contains(": not kept") }
    return (told.map { $0.contains(": restored") ? "r" : "x" }.joined(), result.output)
  }

  /// Runs a notebook twice, the second time with another text or other options, and compares what it gives with a fresh run.
  private func check(
    _ notebook: String, then other: String? = nil, first: [String] = [], second: [String] = [], _ expected: String,
    change: (() throws -> Void)? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    func go(_ text: String, _ options: [String]) throws -> (String, String) {
      _ = try folder.write("n.pxb", text)
      let result = try Program.run(["run", "n.pxb", "--resume"] + options, folder: folder.path)
      #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
      let told = result.errors.split(separator: "\n").filter { $0.hasPrefix("cell ") && !$0.contains(": not kept") }
      return (told.map { $0.contains(": restored") ? "r" : "x" }.joined(), result.output)
    }
    var fresh = try go(notebook, ["--fresh"] + first).1
    try change?()
    let (told, output) = try go(other ?? notebook, second)
    #expect(told == expected, sourceLocation: sourceLocation)
    if other != nil || change != nil || first != second { fresh = try go(other ?? notebook, ["--fresh"] + second).1 }
    #expect(output == fresh, sourceLocation: sourceLocation)
  }

  private static let chain = """
    # %% A
    param n = 2 "a number"
    a = [n, 3]
    # %% B
    b = sum(a)
    print b
    # %% C
    c = zeros(2, 3) + b
    print c
    # %% D
    d = "apart"
    print d

    """

  /// A cell changes what holds something in common with its variables, too, though it does not read it.
  @Test(arguments: [
    ("base = [1]\nother = base\n# %%\nbase[0] = 100\n# %%\nprint other", "other = base", "other = \"apart\""),
    ("base = [1]\nother = [1]\n# %%\npush base, 2\n# %%\nprint other", "other = [1]", "other = base"),
    ("m = {a: 0}\nms = {now: m}\n# %%\nm.a = 5\n# %%\nprint ms", "{now: m}", "{now: copy(m), more: 1}"),
    ("t = zeros(2)\nts = [[t]]\n# %%\nt[0] = 5\n# %%\nprint ts", "[[t]]", "[[copy(t)], 3]"),
  ])
  func sharingWithWhatACellDoesNotReadCounts(notebook: String, old: String, new: String) throws {
    try check("# %%\n" + notebook, then: "# %%\n" + notebook.replacing(old, with: new), "xxx")
    try check("# %%\n" + notebook, "rrr")
  }

  @Test func aParameterThatChangesSharingCounts() throws {
    let notebook =
      "param which = \"a\"\n# %%\na = [1]\nb = [2]\nc = a if which == \"a\" else b\n# %%\npush a, 3\n# %%\nprint c"
    try check(notebook, second: ["--which", "b"], "xxxx")
  }

  @Test func nothingChangedRestoresAll() throws {
    try check(Self.chain, "rrrr")
    // A comment before a cell moves it, and changes nothing.
    try check(Self.chain, then: "\n" + Self.chain, "rrrr")
  }

  @Test func codeParametersAndOptionsCount() throws {
    try check(Self.chain, then: Self.chain.replacing("sum(a)", with: "sum(a) + 1"), "rxxr")
    try check(Self.chain, then: Self.chain.replacing("print b", with: "print b  # as before"), "rxrr")
    try check(Self.chain, second: ["--n", "5"], "xxxr")
    try check(Self.chain, second: ["--n", "2"], "rrrr")
    try check(Self.chain, second: ["--fresh"], "xxxx")
    try check(Self.chain, second: ["--allow-write", "/tmp"], "xxxx")
  }

  @Test func filesThatAreReadCount() throws {
    let reading =
      "# %%\nx = read_text(\"data.txt\")\nprint x\n# %%\nprint list_files(\"folder\")\n# %%\nprint exists(\"new\")\n"
    _ = try folder.write("data.txt", "1")
    try FileManager.default.createDirectory(atPath: folder.path + "/folder", withIntermediateDirectories: true)
    try check(reading, "rrr")
    try check(reading, "xrr") { _ = try folder.write("data.txt", "2") }
    try check(reading, "rxr") { _ = try folder.write("folder/a", "2") }
    try check(reading, "rrx") { _ = try folder.write("new", "2") }
    // A lock is what the program itself leaves in a folder; other files may end so.
    try check(reading, "rxr") { _ = try folder.write("folder/a.lock", "2") }
    let locked = "# %%\nprint read_text(\"folder/a.lock\")\n"
    try check(locked, "x") { _ = try folder.write("folder/a.lock", "3") }
    try check(reading, "rxr") { _ = try folder.write("folder/.lock", "2") }
    let writing = "# %%\nwrite_text \"out.txt\", \"1\"\n# %%\nprint read_text(\"out.txt\")\n"
    try check(writing, "rr")
    try check(writing, "xr") { _ = try folder.write("out.txt", "2") }
    try check(writing, "xr") { try FileManager.default.removeItem(atPath: folder.path + "/out.txt") }
    // A cell that counts on reads what it writes itself.
    _ = try folder.write("count", "0")
    let counting = "# %%\nk = num(read_text(\"count\")) + 1\nwrite_text \"count\", str(k)\n"
    #expect(try run(counting).told == "x")
    #expect(try run(counting).told == "x")
  }

  @Test func importsTimeAndOtherScriptsRun() throws {
    _ = try folder.write("h.pxb", "fn f() = 1\n")
    try check("# %%\nimport \"h.pxb\" as h\n# %%\nprint h.f()\n", "xx")
    try check("# %%\nt = now()\n# %%\nu = 1\n", "xr")
    try check("# %%\nx = 1\n# %%\nprint len(vars())\n", "rx")
  }

  @Test func randomNumbersCount() throws {
    let drawing = "# %%\na = rand(3)\n# %%\nb = rand(3)\nprint b\n# %%\nc = randn(2, seed: 4)\nprint c\n"
    try check(drawing, first: ["--seed", "1"], second: ["--seed", "1"], "rrr")
    try check(drawing, first: ["--seed", "1"], second: ["--seed", "2"], "xxr")
    // A cell before that draws more moves the stream.
    try check(
      drawing, then: drawing.replacing("a = rand(3)", with: "a = rand(4)"), first: ["--seed", "1"],
      second: ["--seed", "1"], "xxr")
    let seeding = "# %%\nseed 3\n# %%\nprint rand(2)\n"
    try check(seeding, "rr")
    try check(seeding, then: seeding.replacing("3", with: "4"), "xx")
  }

  @Test func changesInPlaceCount() throws {
    let text = "# %%\na = [1]\nb = {k: a}\n# %%\nprint a\n# %%\npush a, 2\n# %%\nprint a, b\n"
    // Reading before the change sees what it saw.
    try check(text, "rrrr")
    try check(text, then: text.replacing("push a, 2", with: "push a, 3"), "rrxx")
    // What two variables hold in common is still one thing behind a cell that was restored.
    let shared = "# %%\na = [1]\nb = a\n# %%\nc = 5\n# %%\npush a, c\nprint b\n"
    try check(shared, then: shared.replacing("c = 5", with: "c = 6"), "rxx")
    let equal = shared.replacing("b = a", with: "b = [1]")
    try check(shared, then: equal, "xrx")
    // One that comes to be held by two.
    let joining = "# %%\na = [1]\n# %%\nb = a\n# %%\npush b, 7\nprint a\n"
    try check(joining, then: joining.replacing("7", with: "8"), "rrx")
    let nested = "# %%\nm = {x: [1]}\n# %%\nfor v in m.x { m.y = v }\n# %%\nprint m\n"
    try check(nested, "rrr")
    try check(nested, then: nested.replacing("m.y = v", with: "m.y = v + 1"), "rxx")
  }

  @Test func functionsCount() throws {
    let text = "# %%\nk = 2\nfn f(x) = x * k\n# %%\nprint f(3)\n# %%\nk = 5\n# %%\nprint f(3)\n"
    try check(text, "rrrr")
    try check(text, then: text.replacing("k = 5", with: "k = 6"), "rrxx")
    try check(text, then: text.replacing("x * k", with: "x + k"), "xxrx")
    // A function without a name, and one that captured something, are not kept.
    try check("# %%\nf = fn(x) = x\n# %%\nprint f(1)\n", "xr")
    try check("# %%\nfn make(n) { return fn() = n }\n# %%\ng = make(3)\n# %%\nprint g()\n", "rxx")
    // What a function changes.
    let writing = "# %%\nlog = []\nfn note(x) { push log, x }\n# %%\nnote(1)\n# %%\nprint log\n"
    try check(writing, then: writing.replacing("note(1)", with: "note(2)"), "rxx")
    try check(writing, "rrr")
  }

  /// A cell that catches an error tells the line of a function of another cell, which changes while both cells stay the same.
  @Test func linesOfFunctionsElsewhereCount() throws {
    let text =
      "# %%\na = 1\na = 2\n# %%\nfn f() { raise \"bad\" }\n# %%\nb = 1\n# %%\ntry { f() } catch e { print e.line }\n"
    let moved = text.replacing("a = 1\na = 2", with: "a = 2").replacing("b = 1", with: "b = 0\nb = 1")
    try check(text, "rrrr")
    try check(text, then: moved, "xrxx")
    let uncaught = "# %%\na = 1\n# %%\nfn f(x) = x\n# %%\nprint f(2)\n"
    try check(uncaught, then: uncaught.replacing("a = 1", with: "a = 0\na = 1"), "xrr")
  }

  /// Rows whose tokens a column `pixelbyte` holds, as in the published file, are kept with them.
  @Test func dataSetsWithTokensOfAFileAreKept() throws {
    let text = """
      # %%
      build(sprites(count: 3, size: 8, seed: 1), path: "built");
      # %%
      data = load_dataset("built/train-00000-of-00001.parquet")
      # %%
      print data[0].pixelbyte, data.columns
      # %%
      save data, "copy"
      print load_dataset("copy") == data
      """
    try check(text, "rrrr")
    #expect(try run(text).output.hasSuffix("true\n"))
  }

  /// The pictures of rows, which are read when they are asked for, and not when a table that names them is opened.
  @Test func picturesOfRowsCount() throws {
    let text = """
      # %%
      data = load_dataset("list.csv")
      # %%
      print tensor(data[0].image)[0, 0]
      """
    let picture = "save(to_image(ones(2, 2, 3) * 0.8), \"dot.png\")"
    _ = try folder.write("list.csv", "file_name,caption\ndot.png,a dot\n")
    func draw(_ code: String) throws { #expect(try Program.run(["-e", code], folder: folder.path).status == 0) }
    try draw(picture)
    try check(text, "rr")
    try check(text, "xx") { try draw(picture.replacing("0.8", with: "0.4")) }
    // Rows that can't be read are no error before a cell asks for one.
    _ = try folder.write("list.csv", "file_name,caption\ngone.png,a dot\n")
    try check("# %%\ndata = load_dataset(\"list.csv\")\n# %%\nprint len(data)\n# %%\nprint 1\n", "xxr")
  }

  @Test func whatIsKeptComesBackWhole() throws {
    let values = """
      # %%
      t = table([{a: 1, b: "x"}, {a: nil, b: nil}])
      x = tensor([1.5, 2], dtype: "float32"); i = tensor([2147483647, -5], dtype: "int32"); e = zeros(0, 3)
      m = {list: [1, [true, nil]], range: range(3), nan: [inf, -inf, nan], text: "é\\n"}
      p = to_image(ones(2, 2, 3))
      data = sprites(count: 5, size: 8, seed: 1)
      rows, others = split(build(data), test: 0.4, seed: 1)
      net = lstm(dim: 9, state: 4, depth: 1, bidirectional: false, seed: 1)
      figure = plot([1, 3, 2])
      # %%
      history = train(net, rows, validate: others, steps: 2, sequence: 8, seed: 1)
      # %%
      print t, x, i, e, m, p, data, net, figure, i.dtype, others[0].caption, rows.vocabulary
      print history.best.test_loss, sum(net.parameters["fc.weight"]), evaluate(net, others, sequence: 8).accuracy
      show p
      """
    try check(values.replacing("inf, -inf, nan", with: "1"), "rrr")
    // Behind what was restored all goes on as if it had run.
    let (told, output) = try run(
      values.replacing("inf, -inf, nan", with: "1")
        + "\n# %%\nprint train(net, rows, steps: 1, sequence: 8, seed: 2).train_loss\n")
    #expect(told == "rrrx")
    _ = try folder.write(
      "m.pxb",
      values.replacing("inf, -inf, nan", with: "1")
        + "\n# %%\nprint train(net, rows, steps: 1, sequence: 8, seed: 2).train_loss\n")
    #expect(try Program.run(["run", "m.pxb"], folder: folder.path).output == output)
  }

  @Test func objectsThatCannotBeComparedRun() throws {
    let text = """
      # %%
      w = parameter(ones(2))
      opt = sgd(w, lr: 0.1)
      # %%
      backward sum(w * w)
      step opt
      # %%
      print w
      # %%
      z = 1
      """
    try check(text, "xxxr")
    let open =
      "# %%\nnet = lstm(dim: 9, state: 4, depth: 1, seed: 1)\n# %%\nopt = adamw(net)\n# %%\ntrain(net, sprites(count: 2, size: 8, seed: 1), steps: 1, sequence: 8, seed: 1);\n# %%\nprint net\n"
    _ = try run(open)
    #expect(try run(open).told.dropFirst(1).prefix(2) == "xx")
  }

  @Test func exportsAreTheSameBytes() throws {
    let text = Self.chain + "# %% E\nplot([1, 2])\n# %% F\ntable([{a: 1.25, b: \"x\"}])\n"
    _ = try run(text, "--export", "a.html", "--export", "a.ipynb")
    #expect(try run(text, "--export", "b.html", "--export", "b.ipynb").told == "rrrrrr")
    for ending in ["html", "ipynb"] {
      let bytes = try ["a", "b"].map { try Data(contentsOf: URL(filePath: "\(folder.path)/\($0).\(ending)")) }
      #expect(bytes[0] == bytes[1])
    }
  }

  @Test func aDamagedCacheOnlyMakesCellsRun() throws {
    _ = try run(Self.chain)
    let cache = folder.path + "/n.pxb.cache"
    for name in try FileManager.default.subpathsOfDirectory(atPath: cache)
    where name.hasSuffix("values") || name.hasSuffix("plist") {
      try Data("damaged".utf8).write(to: URL(filePath: cache + "/" + name))
    }
    #expect(try run(Self.chain).told == "xxxx")
    #expect(try run(Self.chain).told == "rrrr")
  }
}
