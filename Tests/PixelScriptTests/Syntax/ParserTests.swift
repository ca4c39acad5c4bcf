import PixelScript
import Testing

@Suite struct ParserTests {
  @Test(
    arguments: [
      ("1 + 2 * 3", "(+ 1 (* 2 3))"),
      ("1 - 2 - 3", "(- (- 1 2) 3)"),
      ("-2 ** 2", "(- (** 2 2))"),
      ("2 ** -1", "(** 2 -1)"),
      ("2 ** 3 ** 2", "(** 2 (** 3 2))"),
      ("-x.y", "(- (. x y))"),
      ("--1", "1"),
      ("a @ b + c", "(+ (@ a b) c)"),
      ("7 // 2 % 3", "(% (// 7 2) 3)"),
      ("not a and b or c", "(or (and (not a) b) c)"),
      ("not x in xs", "(not (compare x in xs))"),
      ("x not in xs", "(compare x not in xs)"),
      ("1 < x <= 3", "(compare 1 < x <= 3)"),
      ("a + 1 == b * 2", "(compare (+ a 1) == (* b 2))"),
      ("a if b else c if d else e", "(? b a (? d c e))"),
      ("(a if b else c) + 1", "(+ (? b a c) 1)"),
      ("x - 1", "(- x 1)"), ("x-1", "(- x 1)"), ("x -1", "(signed x -1)"),
      ("f (a)", "(call f a)"),
      ("x [0]", "(index x [0])"),
      ("x.f(a).g", "(. (call (. x f) a) g)"),
      ("x[:, 0, 1:3]", "(index x [: 0 1:3])"),
      ("x[::2]", "(index x [::2])"),
      ("x[a:]", "(index x [a:])"),
      ("x[:-1:2]", "(index x [:-1:2])"),
      ("x[[0, 2]]", "(index x [(list 0 2)])"),
      ("{lr: 1e-3, \"any key\": 2, in: 3, (k): 4}", "(map 'lr':0.001 'any key':2 'in':3 k:4)"),
      ("{}", "(map)"),
      ("[]", "(list)"),
      ("[1, 2,]", "(list 1 2)"),
      ("fn(x) = x + 1", "(fn _ [x] (+ x 1))"),
      ("map(xs, fn(x, k: 2) { return x * k })", "(call map xs (fn _ [x k:2] {(return (* x k))}))"),
      ("f(1, in: 2, b: c)", "(call f 1 in:2 b:c)"),
      ("f\"loss {x:.3f} of {a[\"b\"]}{{}}\"", "(f 'loss ' x%.3f ' of ' (index a ['b']) '{}')"),
      ("f\"{f\"{1}\" + \"}\"}\"", "(f (+ (f 1) '}'))"),
      ("f\"{ {a: 1}.a :>5}\"", "(f (. (map 'a':1) a)%>5)"),
      ("f\"\"\"{\n x\n}\"\"\"", "(f x)"),
      ("f\"{x:{w}.{p}f}\"", "(f x%{w}.{p}f)"),
      ("f\"{x!r} {x = } {x=:.2f} {x!s:>4}\"", "(f x!r ' ' 'x = ' x!r ' ' 'x=' x%.2f ' ' x%>4)"),
      ("f\"{a == b} {a != b} {a <= b}\"", "(f (compare a == b) ' ' (compare a != b) ' ' (compare a <= b))"),
      ("r\"\\d\"", "'\\d'"),
      ("\"\\x41\\u{1F600}\\n\\0\\t\\\\\\\"\"", "'A😀\n\0\t\\\"'"),
      ("'it''s'.upper()", nil),
      ("\"\"\"a\n\"b\" c\"\"\"", "'a\n\"b\" c'"),
      ("0xff + 1_000 + .5", "(+ (+ 255 1000) 0.5)"),
      ("é = 1", "(= [é] [1])"),
    ] as [(String, String?)])
  func expression(source: String, tree: String?) throws {
    if let tree {
      #expect(try SyntaxPrinter.text(source) == tree)
    } else {
      #expect(throws: SyntaxFailure.self) { try SyntaxPrinter.text(source) }
    }
  }

  @Test(arguments: [
    ("print \"a\", 1", "(do print 'a' 1)"),
    ("train net, data, epochs: 5", "(do train net data epochs:5)"),
    ("train net,\n  data,\n  epochs:\n 5\nx", "(do train net data epochs:5) | x"),
    ("split data, test: 0.1, seed: 0", "(do split data test:0.1 seed:0)"),
    ("print f\"{k}: {v:.2f}\"", "(do print (f k ': ' v%.2f))"),
    ("plot y: 1", "(do plot y:1)"),
    ("show data[0]", "(do show (index data [0]))"),
    ("map xs, fn(x) = x", "(do map xs (fn _ [x] x))"),
    ("print x if c else -y", "(do print (? c x (- y)))"),
    ("print true, nil", "(do print true nil)"),
    ("h = train net, data", "(= [h] [(do train net data)])"),
    ("x += f a", "(+= x (do f a))"),
    ("a, b = split data, test: 0.1", "(= [a b] [(do split data test:0.1)])"),
    ("vars", "vars"),
    ("train?", "(help train)"),
    ("x in xs", "(compare x in xs)"),
    ("x and y", "(and x y)"),
    ("print \"a\"; print \"b\";", "(do print 'a') | (do print 'b');"),
    ("x = 1; # quiet\ny", "(= [x] [1]); | y"),
  ])
  func commandForm(source: String, tree: String) throws {
    #expect(try SyntaxPrinter.text(source) == tree)
  }

  @Test(arguments: [
    ("a, b = f()", "(= [a b] [(call f)])"),
    ("a, b = b, a", "(= [a b] [b a])"),
    ("x[0], m.key = 1, 2", "(= [(index x [0]) (. m key)] [1 2])"),
    ("x[0] -= 1", "(-= (index x [0]) 1)"),
    ("m.a.b *= 2", "(*= (. (. m a) b) 2)"),
    ("if a { b } else if c { d } else { e }", "(if a {b} elif c {d} else {e})"),
    ("if a {\n b\n}\nelse {\n c\n}", "(if a {b} else {c})"),
    ("if a\n{ b }", "(if a {b})"),
    (
      "while x < 3 { x += 1; if x == 2 { break } }",
      "(while (compare x < 3) {(+= x 1) | (if (compare x == 2) {(break)})})"
    ),
    ("for x in [1, 2] { continue }", "(for [x] (list 1 2) {(continue)})"),
    ("for k, v in {a: 1} { print k }", "(for [k v] (map 'a':1) {(do print k)})"),
    ("fn area(w, h: 2) { return w * h }", "(fn area [w h:2] {(return (* w h))})"),
    ("fn sq(x) = x * x", "(fn sq [x] (* x x))"),
    ("fn f() { return }", "(fn f [] {(return)})"),
    ("fn f() { return 1, 2 }", "(fn f [] {(return 1 2)})"),
    ("try { f() } catch e { print e.kind }", "(try {(call f)} e {(do print (. e kind))})"),
    ("try { f() }\ncatch { }", "(try {(call f)} _ {})"),
    ("raise \"bad\"", "(raise 'bad')"),
    ("assert a == b, \"differ\"", "(assert (compare a == b) 'differ')"),
    ("import \"helpers.pxb\" as h", "(import helpers.pxb h)"),
    ("param epochs = 5 \"passes\"", "(param epochs 5 'passes')"),
    ("param model = \"lstm\" in [\"lstm\", \"mamba\"] \"kind\"", "(param model 'lstm' in ['lstm' 'mamba'] 'kind')"),
    ("param rate = -1e-1", "(param rate -0.1)"),
    ("x = a\n  .f()\n  .g(1)", "(= [x] [(call (. (call (. a f)) g) 1)])"),
    ("x = 1 +\n  2", "(= [x] [(+ 1 2)])"),
    ("x = [\n 1,\n 2\n]", "(= [x] [(list 1 2)])"),
    ("f(fn() {\n a\n b\n}, 1)", "(call f (fn _ [] {a | b}) 1)"),
    ("{a: 1}.a", "(. (map 'a':1) a)"),
    ("", ""),
    ("\u{FEFF}x\r\ny\r\n", "x | y"),
  ])
  func statement(source: String, tree: String) throws {
    #expect(try SyntaxPrinter.text(source) == tree)
  }

  @Test(arguments: [
    "f(1,", "x = 1 +", "if a {", "[1, 2", "\"\"\"abc", "print \"a\",", "x = ", "fn f(x)", "try { }", "f\"\"\"{x",
    "while x",
    "if a { b } else", "x = fn(a) {\n b", "{a:", "a.", "import \"x\" as", "f(1,\n\n", "x = [1\n\n",
  ])
  func anotherLineCanComplete(source: String) throws {
    let failure = try #require(throws: SyntaxFailure.self) { try SyntaxPrinter.text(source) }
    #expect(failure.isIncomplete)
    #expect(failure.diagnostics.count == 1)
  }

  @Test(arguments: ["f(1]", "\"abc", "x = )", "1 2", "if a { ) } else {", "$", "f\"{x\"", "f(1,]\nx = ["])
  func anotherLineCannotComplete(source: String) throws {
    let failure = try #require(throws: SyntaxFailure.self) { try SyntaxPrinter.text(source) }
    #expect(!failure.isIncomplete)
  }

  @Test func cells() throws {
    let text =
      "# about\nx = 1\n# %% Data\ny = 2\nz = 3\n# %% [markdown] Notes\n# text\n# %%\nw = \"\"\"\n# %% no\n\"\"\""
    let script = try Script.parse(SourceText(name: "t", text))
    #expect(script.cells.map(\.title) == ["", "Data", "Notes", ""])
    #expect(script.cells.map(\.kind) == [.code, .code, .markdown, .code])
    #expect(script.cells.map(\.statements) == [0..<1, 1..<3, 3..<3, 3..<4])
    #expect(script.cells.map(\.lines) == [0..<2, 3..<5, 6..<7, 8..<11])
    #expect(script.cells.map { script.source.text($0.span) }.joined() == text)
  }

  @Test func spansCoverTheirText() throws {
    let source = SourceText(name: "t", "y = x @ (w + 1)\nf a, b: 2 ; g")
    let statements = try Script.parse(source).statements
    #expect(statements.map { source.text($0.span) } == ["y = x @ (w + 1)", "f a, b: 2", "g"])
    guard case .assignment(_, let values) = statements[0].kind, case .binary(_, let left, let right) = values[0].kind
    else {
      Issue.record("not a product")
      return
    }
    #expect([values[0], left, right].map { source.text($0.span) } == ["x @ (w + 1)", "x", "(w + 1)"])
  }

  @Test(arguments: [
    ("", "(", ""), ("", "[", "]]]]"), ("", "if a { ", ""), ("", "-", "1"), ("", "not ", "x"), ("1", " + 1", ""),
    ("2", " ** 2", ""), ("x", ".a", ""), ("x", "[0]", ""), ("a", " if a else a", ""), ("", "fn(x) = ", "1"),
    ("", "{a: ", ""),
    ("", "f\"{", ""), ("f\"{", "(", "}\""), ("", "fn f() { ", ""), ("", "f\"{", "\"\"\"\""), ("", "f\"\"\"{", ""),
  ])
  func deepNestingIsAnError(head: String, repeated: String, tail: String) throws {
    let source = head + String(repeating: repeated, count: 100_000) + tail
    // Without a macro, which would describe the whole source.
    var count = 0
    do throws(SyntaxFailure) { _ = try Script.parse(SourceText(name: "deep", source)) } catch {
      count = error.diagnostics.count
    }
    #expect((1...2).contains(count))
  }

  @Test func longFlatTextsParse() throws {
    let list = "[" + String(repeating: "1, ", count: 100_000) + "]"
    let chain = "if a { }" + String(repeating: " else if b { }", count: 20_000)
    let comparison = "1" + String(repeating: " < 2", count: 100_000)
    for source in [list, chain, comparison] {
      let length = try SyntaxPrinter.text(source).utf8.count
      #expect(length > 200_000)
    }
  }
}
