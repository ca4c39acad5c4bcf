import PixelScript
import Testing
import Workbench

/// What errors tell about fields and parameters of other languages.
@Suite struct ForeignFieldTests {
  /// A value of each type, and what else the examples speak of.
  private static let values = [
    "list": "x = [1, 2]", "map": "x = {a: 1}", "string": "x = \"abc\"", "number": "x = 2",
    "table": "x = table({model: [\"a\", \"b\"], loss: [1, 2]})", "column": "x = table({loss: [1, 2]}).loss",
    "image": "x = to_image(ones(2, 2))", "data set": "x = sprites(count: 4, size: 8, seed: 1)",
    "data row": "x = sprites(count: 4, size: 8, seed: 1)[0]", "model": "x = lstm(dim: 9, state: 4, depth: 1)",
    "layer": "x = linear(2, 2)", "optimizer": "x = sgd(w, lr: 0.1)", "tensor": "x = tensor([1, 2])",
    "plot": "x = plot([1, 2])",
  ]

  private static let texts = "x = table({loss: [\"a\", \"b\"]}).loss"

  @Test func everyTypeHasAValue() { #expect(Set(ForeignWord.ofTypes.keys) == Set(Self.values.keys)) }

  /// Each error of a field or method leads on, and what it says runs.
  @Test(
    arguments: ForeignWord.ofTypes.flatMap { type, fields in fields.keys.map { [type, $0] } }.sorted {
      $0[0] + $0[1] < $1[0] + $1[1]
    })
  func leadsOn(place: [String]) throws {
    let (type, name) = (place[0], place[1])
    let start = """
      w = parameter(ones(2))
      loss = sum(w ** 2)
      data = sprites(count: 4, size: 8, seed: 2)
      logits = ones(2, 2)
      path = "foreign-field"
      \(try #require(type == "column" && name == "str" ? Self.texts : Self.values[type]))
      """
    for form in name == "[]" ? ["x[0, 0]"] : ["x.\(name)", "x.\(name)()"] {
      let session = TestSession()
      #expect(session.run(start, echo: false) == "")
      let diagnostics = session.session.run(form, name: "field", echo: true).diagnostics
      // Some names are commands here, which may be called.
      guard let diagnostic = diagnostics.first, form.hasSuffix("()") || diagnostic.kind == .name else { continue }
      #expect(!diagnostic.help.isEmpty, "\(type) \(form): \(diagnostic.message)")
    }
    let help = try #require(ForeignWord.help(forField: name, of: "x", type: type))
    let code = help.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
    let session = TestSession()
    _ = session.run(start + "\nsave lstm(dim: 9, state: 4), path", echo: false)
    for (_, text) in code where text.contains(/[(\[=.@+ ]/) && !text.contains("checkpoint: path") && text != "x(x)" {
      let output = session.run(String(text))
      #expect(!output.contains("error["), "\(type).\(name): \(text): \(output)")
    }
  }

  /// What is said of a name of pandas is said of the value that has it: of a column, not of a table.
  @Test(arguments: ForeignWord.tableWords.sorted())
  func isSaidOfColumns(name: String) throws {
    let help = try #require(ForeignWord.help(forField: name, of: "x", type: "column"))
    #expect(!help.contains(/\bx\.(loss|model|double|columns|rows)\b/), "\(name): \(help)")
    let code = help.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
    for (_, text) in code where text.contains(/\bx\b/) {
      let session = TestSession()
      _ = session.run(name == "str" ? Self.texts : Self.values["column"] ?? "", echo: false)
      let output = session.run(String(text))
      #expect(!output.contains("error["), "\(name): \(text): \(output)")
    }
  }

  /// Every name that a parameter may have here is that of a parameter, and what texts say runs.
  @Test func parametersAreThere() throws {
    let session = TestSession()
    let names = Set(session.session.registry.entries.flatMap { $0.forms.flatMap { $0.signature.map(\.name) } })
    for (foreign, own) in ForeignWord.parameters.names {
      for name in own { #expect(names.contains(name), "\(name), said of \(foreign)") }
    }
    for (foreign, help) in ForeignWord.parameters.texts {
      let code = help.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      for (_, text) in code where text.contains(/[(\[= ]/) && !text.hasPrefix("-") && !text.contains(#/^\w+: /#) {
        let isTable = text.contains("read_table")
        let before =
          isTable
          ? "path = \"parameter.csv\"; write_text path, \"a\\n1\\n\"\n"
          : "x = tensor([1, 2]); path = \"parameter.txt\"; text = \"a\"\n"
        let output = TestSession().run(before + text)
        #expect(!output.contains("error["), "\(foreign): \(text): \(output)")
      }
    }
  }

  @Test(arguments: [
    ("h = table([{train_loss: 2, test_loss: 3}])\nh.loss", "did you mean `train_loss` or `test_loss`?"),
    ("h = table([{train_loss: 2, test_loss: 3}])\nh[\"loss\"]", "did you mean \"train_loss\" or \"test_loss\"?"),
    ("plot([1, 2], figsize: [3, 4])", "did you mean `size`?"), ("plot([1, 2], vmin: 0)", "did you mean `zlim`?"),
    ("plot([1, 2], lw: 2)", "did you mean `width`?"), ("plot([1, 2], cmap: \"hot\")", "are always viridis"),
    ("train(learning_rate: 1)", "did you mean `lr`?"), ("lstm(hidden_size: 8)", "did you mean `state`?"),
    ("transformer(d_model: 8)", "did you mean `dim`?"), ("sorted([1], reverse: true)", "did you mean `descending`?"),
    ("d = sprites(count: 2, size: 8)\nd.caption", "`data[\"caption\"]` are all"),
    ("net = lstm(dim: 9, state: 4)\nnet.parameters()", "`net.parameters` is the value itself; leave out `()`"),
    ("x = [1, 2]\nx(0)", "an element stands in brackets, counted from 0: `x[0]`"),
    ("zeros(2, 2)(1)", "an element stands in brackets, counted from 0: `zeros(2, 2)[1]`"),
    ("x = [1, 2]\nx * 2.5", "`tensor([1, 2]) * 2.5`"), ("x = [1, 2]\nx + 1", "`x + [1]` adds an element"),
    ("np.zeros(3)", "`np.zeros` is `zeros` here; `help zeros`"), ("torch.nn.Linear(2, 3)", "linear(2, 3)"),
    ("torch.optim.Adam", "adam(net, lr: 0.001)"), ("np.random.choice([1])", "`choice` here"),
    ("x = 1:10", "`range(1, 11)`"), ("%timeit 1 + 1", "timeit fn()"), ("%run x.pxb", "run \"script.pxb\""),
    ("!ls", "list_files"), ("%%time", "timeit"), ("{a: 1} + {b: 2}", "joined by `|`"),
    ("t = table({a: [1]})\nt[t.a > 1 & t.a < 3]", "and"), ("load_model(\"someone/model\")", "nothing is fetched"),
    ("im = to_image(ones(2, 2))\nim[0, 0]", "`tensor(x)[0, 0]`"), ("m = {a: 1}\nm.pop(\"a\")", "`remove(x, \"a\")`"),
    ("net = lstm(dim: 9, state: 4)\nnet.train()", "`train(x, data"), ("i += 1", "begin with `i = 0`"),
    ("\", \".join([\"a\"])", "the list stands first"), ("a, *b = [1, 2]", "`a, b = xs[0], xs[1:]`"),
    ("Image.open(\"x.png\")", "`read_image(path)`"), ("json.load(\"x\")", "read_json"),
    ("opt = sgd(parameter(ones(2)), lr: 1)\nopt.lr = \"a\"", "a learning rate is a number"),
  ])
  func habits(code: String, wanted: String) throws {
    let diagnostic = try #require(TestSession().session.run(code, name: "habit", echo: true).diagnostics.first)
    #expect(([diagnostic.message] + diagnostic.help).contains { $0.contains(wanted) }, "\(code): \(diagnostic)")
  }
}
