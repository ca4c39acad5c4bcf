import PixelScript
import Testing
import Workbench

/// Lines that people type who come from notebooks of Python: each does what it does there, or its error shows a line that does it here.
@Suite struct HabitTests {
  /// What the lines work on.
  private static let before = """
    xs = [3, 1, 2]
    words = ["bb", "a"]
    d = {a: 1}
    s = "abc"
    x = tensor([[1, 2], [3, 4]])
    t = table({a: [2, 1], b: [3, 4]})
    u = set([1])

    """

  /// The line, and what stands first in the backticks of its help.
  static let lines: [(line: String, here: String)] = [
    ("print(s, end=\"\")", "print(s, end: \"\")"),
    ("print(s, 1, sep=\"-\")", "print(s, 1, by: \"-\")"),
    ("sorted(xs, reverse=True)", "sorted(xs, descending: true)"),
    ("sorted(words, key=len)", "sorted(words, by: len)"),
    ("sorted(words, key=lambda w: len(w))", "sorted(words, by: fn(w) = len(w))"),
    ("max(xs, key=lambda v: -v)", "max(xs, by: fn(v) = -v)"),
    ("x.mean(axis=0)", "x.mean(axis: 0)"),
    ("x.sum(dim=0, keepdim=False)", "x.sum(dim: 0, keepdim: false)"),
    ("dict(a=1, b=None)", "{a: 1, b: nil}"),
    ("zeros(3, dtype=\"int32\")", "zeros(3, dtype: \"int32\")"),
    ("plot xs, title=\"A\"", "plot xs, title: \"A\""),
    ("for k, v in d.items(): print(k)", "for k, v in d { print(k) }"),
    ("for i in range(3): pass", "for i in range(3) { }"),
    ("while True: break", "while true { break }"),
    ("def f(v=1): return v", "fn f(v: 1) = v"),
    ("def f(*args): return args", "fn f(args) = args"),
    ("def f(v): pass", "fn f(v) { }"),
    ("f = lambda v: v + 1", "fn(v) = v + 1"),
    ("xs.append(5)", "push(xs, 5)"),
    ("xs.extend([5, 6])", "xs += [5, 6]"),
    ("xs.index(2)", "find(xs, 2)"),
    ("xs.count(1)", "len([v for v in xs if v == 1])"),
    ("xs.clear()", "xs = []"),
    ("d[\"b\"] += 1", "d = map(default: 0)"),
    ("d.update({\"b\": 2})", "for k, v in {\"b\": 2} { d[k] = v }"),
    ("d.items()", "for k, v in d { print k, v }"),
    ("u.add(2)", "push(u, 2)"),
    ("u.union(set([4]))", "u | set([4])"),
    ("t.sort_values(\"a\")", "sort(t, \"a\")"),
    ("t.to_csv(\"habit.csv\")", "save(t, \"habit.csv\")"),
    ("s.title()", "upper(s[0]) + s[1:]"),
    ("np.pi", "pi"),
    ("math.inf", "inf"),
    ("random.random()", "item(rand(1))"),
    ("time.time()", "now()"),
    ("date(2026, 1, 31)", "parse_date(\"2026-01-31\")"),
    ("globals()", "vars"),
    ("()", "[]"),
    ("y = 1,", "[1]"),
    ("'a' 'b'", "'a' + 'b'"),
    ("b\"abc\"", "\"abc\""),
    ("2 if s == None else 3", "nil"),
    ("x.numpy()", "to_list(x)"),
    ("x.size()", "x.shape"),
    ("xs.apend(5)", "push(xs, 5)"),
    ("d.updat({\"b\": 2})", "for k, v in {\"b\": 2} { d[k] = v }"),
    ("torch.cat([x, x])", "concat([x, x])"),
    ("np.concatenate([x, x])", "concat([x, x])"),
  ]

  @Test(arguments: lines) func leadsToALineThatRuns(line: String, here: String) throws {
    let session = TestSession()
    _ = session.run(Self.before)
    let diagnostic = try #require(session.session.run(line, name: "habit", echo: true).diagnostics.first, "\(line)")
    let code = diagnostic.help.flatMap { $0.split(separator: "`", omittingEmptySubsequences: false).enumerated() }
    #expect(code.first { $0.offset == 1 }.map { String($0.element) } == here, "\(line): \(diagnostic.help)")
    let output = session.run(here)
    #expect(!output.contains("error["), "\(here): \(output)")
  }

  /// The words that lead on, whatever they are elsewhere, by the start of what `help` tells.
  @Test(arguments: [
    "dictionary", "dict", "exit", "quit", "numpy", "class", "tab", "list", "string", "loop", "import", "pip", "lambda",
    "tuple",
    "None", "null", "true", "False", "array", "int", "float", "def", "elif", "except", "with", "args", "kwargs",
    "pandas", "torch",
    "slicing", "date", "open", "file", "print", "variable", "function", "comment", "notebook", "keyboard", "color",
    "gpu",
    "undo", "settings", "regex", "f-string", "len", "append", "sort", "range", "enumerate", "set", "module", "tensor",
  ])
  func helpLeadsOn(word: String) {
    let session = TestSession()
    let outcome = session.session.run("help \(word)", name: "help", echo: true)
    #expect(outcome.diagnostics.isEmpty && !session.output.isEmpty, "\(word)")
  }

  /// The parameters of Python's functions that have other names here are parameters of those commands here.
  @Test func otherNamesAreParameters() {
    let registry = TestSession().session.registry
    for (command, names) in ForeignWord.ownNames {
      for own in names.values { #expect(registry.labels(of: command).contains(own), "\(command) \(own)") }
    }
  }

  @Test(arguments: ForeignWord.members.keys.sorted()) func membersLeadToCommands(member: String) {
    let session = TestSession()
    _ = session.run("x = tensor([1])\npath = \"habit.json\"\nvalue = [1]\ntext = \"a\"\nwrite_json path, value")
    let help = session.session.run(member, name: "habit").diagnostics.first?.help.first
    #expect(help == ForeignWord.members[member])
    let code = help?.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
    for (_, text) in code ?? [] where !text.hasPrefix("pixelbytes ") && !text.hasPrefix("import ") && text != "quit" {
      let output = session.run(String(text))
      #expect(!output.contains("error["), "\(text): \(output)")
    }
  }
}
