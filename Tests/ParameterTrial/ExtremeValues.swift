/// Values that hardly anybody expects, and one of each kind of object, as a script writes them.
enum ExtremeValues {
  /// What is put into each parameter; `pipe` is a pipe without a writer, whose reader would wait for ever.
  static let all = [
    "0", "-1", "1", "0.5", "1e9", "9e15", "1e18", "-9223372036854775808", "9223372036854775808", "1e300", "-1e300",
    "(1e308 * 10)", "(-1e308 * 10)", "(1e308 * 10 - 1e308 * 10)", #""""#, #"("a" * 100000)"#,
    #""\x1b[31m\x00\x7f\u{9b}2J\u{202e}\n""#, #""../x""#, #""pipe""#, "nil", "true", "[]", "[[1, [2]], []]", "[nil]",
    "[1e18, -1e18]",
    "range(1e15)", "[range(1e15)]", "range(0, -1e15, -0.5)", "{}", "{a: 1e18}", "zeros(0)", "zeros(0, 9e15)",
    "zeros(9e15, 0)", "zeros(2, 3, 0)", "zeros(2, 0, 2)", "ones(3, 1)", "ones([1] * 64)", "tensor([1e308 * 10, -1])",
    "parameter(zeros(2, 3))", "(fn(x) = x)", "print",
    "sprites(count: 2, size: 8)", "sprites(count: 2e9)", "to_image(zeros(2, 3))", "lstm(dim: 9, state: 4, depth: 1)",
    "linear(2, 3)",
  ]

  /// One value of each kind, with the name of the kind.
  static let objects: [(kind: String, text: String)] = [
    ("number", "3"), ("string", #""añb""#), ("list", "[1, [2], 3]"), ("map", "{a: 1, b: [2]}"), ("range", "range(5)"),
    ("function", "(fn(x) = x)"), ("command", "len"), ("tensor", "tensor([[1, 2, 3], [4, 5, 6]])"),
    ("mask", "(tensor([1, 2]) > 1)"), ("whole tensor", #"ones(3, dtype: "int32")"#), ("empty tensor", "zeros(0, 9e15)"),
    ("parameter", "parameter(ones(2, 3))"), ("recorded tensor", "(parameter(ones(2)) * 2)"),
    ("image", "to_image(zeros(2, 3))"), ("data set", "sprites(count: 2, size: 8)"),
    ("row", "sprites(count: 2, size: 8)[0]"), ("built row", "build(sprites(count: 1, size: 8))[0]"),
    ("tokens", #"encode("a cat")"#), ("tokenizer", "load_tokenizer()"), ("output", "decode([32, 33, 2])"),
    (
      "generated output",
      #"generate(lstm(dim: 9, state: 4, depth: 1, bidirectional: false), prompt: "a", tokens: 2, seed: 1)"#
    ), ("model", "lstm(dim: 9, state: 4, depth: 1)"), ("sequential", "sequential([linear(2, 3), relu])"),
    ("module", "module({inner: linear(2, 2)}, fn(parts, x) = parts.inner(x))"),
    ("optimizer", "adamw(parameter(ones(2)))"), ("palette", "load_palette()"), ("plot", "plot([1, 2])"),
    ("table", "describe(linear(2, 3))"), ("record", "describe(sprites(count: 2, size: 8))"),
    ("batches", "batches(sprites(count: 2, size: 8), batch: 2, sequence: 4)"),
  ]

  /// What is done with an object `x` and a value `v`.
  static let uses: [String] =
    ["+", "-", "*", "/", "//", "%", "**", "@", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and"].flatMap {
      ["x \($0) v", "v \($0) x"]
    } + [
      "x[v]", "x[v] = 1", "x[0] = v", "x[v] = v", "x[v:]", "x[:v]", "x[::v]", "x[v:v:v]", "x[v, 0]", "x[:, v]",
      "x[0, v] = v", "x[v:] = v", "x[:] = v", "x(v)", "x(v, v)", "x(training: v)", "x(x, all: v)", "x += v", "x *= v",
      "v += x", "-x", "not x", #"f"{x:{v}}""#, "a, b = x", "for e in x { e }", "x if v else x", "x.field = v", "[x, v]",
      "len(x) + len(v)", "show x", "str(x) + str(v)", "x == v", #"save x, "x.png""#, #"save x, "x""#, "copy(x)",
    ]
}
