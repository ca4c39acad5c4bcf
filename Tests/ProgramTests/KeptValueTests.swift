import Foundation
import Testing

/// Values of every kind behind a cell that was restored: as they were, or made again where they can't be kept.
@Suite struct KeptValueTests {
  private static let kept = [
    "0", "-0.0", "nan", "inf", "-inf", "1e308", "5e-324", "9007199254740992", "0.1", "true", "false", "nil", "\"\"",
    "\"é\\n\\\"😀\"", "[]", "[nil, [1, [true]]]", "{}", "{a: 1, \"b c\": [2]}", "{1: \"x\", true: 2}", "set([])",
    "set([1, \"a\", true])", "range(5)", "range(5, 0, -2)", "table({})", "table({a: []})",
    "table({a: [1, nil, nan], b: [\"x\", nil, \"\"], c: [true, nil, false], d: [[1], nil, {k: 2}]})",
    "table({a: [1, 2]})[0]", "table({a: [1, nil]}).a", "table({s: [\"x\", nil]}).s", "tensor(3)", "zeros(0, 2)",
    "tensor([1, -2])", "tensor([1.5, -0.0, nan, inf])", "tensor([2147483647, -2147483648], dtype: \"int32\")",
    "tensor([true, false])", "tensor([255], dtype: \"uint8\")", "to_image(ones(2, 3, 3) * 0.5)",
    "plot([1, 3, 2], title: \"t\")", "sprites(count: 3, size: 8, seed: 1)",
    "build(sprites(count: 2, size: 8, seed: 1))",
    "lstm(dim: 9, state: 4, depth: 1, seed: 1)", "copy_task(count: 2, size: 3)",
    "train(lstm(dim: 9, state: 4, depth: 1, seed: 1), sprites(count: 2, size: 8, seed: 1), steps: 1, sequence: 8, seed: 1).train_loss",
    "group(table({a: [1, 1]}), \"a\")",
  ]
  private static let made = [
    "load_palette(\"p.hex\")", "sprites(count: 3, size: 8, seed: 1)[1]", "encode(\"abc\")", "linear(3, 2, seed: 1)",
    "print", "load_tokenizer()",
  ]

  @Test func everyKindOfValue() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("p.hex", "ff0000\n00ff00\n")
    let values = Self.kept + Self.made
    let making = values.enumerated().map { "# %%\nv\($0) = \($1)\n" }.joined()
    let telling = values.indices.map { "# %%\nprint v\($0), type(v\($0)), v\($0) == v\($0)\n" }.joined()
    _ = try folder.write("n.pxb", making + telling)
    func run(_ options: [String]) throws -> (output: String, told: [Bool]) {
      let result = try Program.run(["run", "n.pxb", "--seed", "1"] + options, folder: folder.path)
      #expect(result.status == 0, "\(result.errors)")
      let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("cell ") && !$0.contains(": not kept") }
      return (result.output, lines.map { $0.contains(": restored") })
    }
    let first = try run(["--fresh"])
    let second = try run(["--resume"])
    #expect(second.output == first.output && first.told.allSatisfy { !$0 })
    try #require(second.told.count == 2 * values.count)
    for (place, value) in values.enumerated() {
      let isKept = place < Self.kept.count
      #expect(second.told[place] == isKept && second.told[values.count + place] == isKept, "\(value)")
    }
    // Behind what was restored the values are as good as new ones.
    _ = try folder.write("n.pxb", making + telling.replacing("print v", with: "print  v"))
    let third = try run(["--resume"])
    #expect(third.output == first.output)
    #expect(third.told == values.indices.map { $0 < Self.kept.count } + values.map { _ in false })
  }

  private static let uses = [
    ("sum(table({a: [1, 2], b: [3, nil]}))", "v.a, v.b, v"), ("table({a: [1, 2]})", "v.a, v.columns, len(v)"),
    (
      "evaluate(lstm(dim: 9, state: 4, depth: 1, seed: 1), sprites(count: 2, size: 8, seed: 1), metrics: [\"loss\"])",
      "v.loss, v.windows"
    ),
    (
      "train(lstm(dim: 9, state: 4, depth: 1, seed: 1), sprites(count: 2, size: 8, seed: 1), steps: 1, sequence: 8, seed: 1)",
      "v.best.train_loss, v.interrupted, v.columns, v.test_loss, v"
    ),
    ("describe(sprites(count: 2, size: 8, seed: 1))", "v.rows, v"),
    ("tensor([1, 2], dtype: \"int32\")", "v.dtype, v.shape, v + v"),
    ("table({a: [1, nil, nan], s: [\"x\", nil, \"\"]})", "v.a[0], v.a == nil, v.s == nil, sort(v, \"a\").s"),
    ("{b: 1, a: 2}", "keys(v), v.a"), ("set([3, 1])", "3 in v, 2 in v, len(v)"), ("range(1, 9, 3)", "v[1], len(v)"),
    ("build(sprites(count: 2, size: 8, seed: 1))", "v.vocabulary, v[1].caption, len(v)"),
    ("lstm(dim: 9, state: 4, depth: 1, seed: 1)", "v.parameters[\"fc.weight\"].shape, describe(v)"),
    ("to_image(ones(2, 3, 3) * 0.5)", "v.width, v.height, tensor(v)[0, 0]"),
    ("sprites(count: 3, size: 8, seed: 1)", "len(v), v[2].caption, v.columns, tensor(v[0].image).shape"),
    ("[nil, true, -0.0, nan]", "v[0] == nil, v[1], v[2] == 0, v[3] == v[3]"),
  ]

  /// What a value can do is kept with it, not only how it looks.
  @Test func whatValuesCanDo() throws {
    let folder = try TemporaryFolder()
    let making = Self.uses.enumerated().map { "# %%\nv\($0) = \($1.0)\n" }.joined()
    let using = Self.uses.enumerated().map { place, use in
      "# %%\nfn use(v) { print \(use.1) }\nuse(v\(place))\n"
    }.joined()
    _ = try folder.write("n.pxb", making + using)
    let first = try Program.run(["run", "n.pxb", "--seed", "1", "--fresh"], folder: folder.path)
    #expect(first.status == 0, "\(first.errors)")
    // Other code, so that it runs again.
    _ = try folder.write("n.pxb", making + using.replacing("print ", with: "print  "))
    let second = try Program.run(["run", "n.pxb", "--seed", "1", "--resume"], folder: folder.path)
    #expect(second.output == first.output)
    let lines = second.errors.split(separator: "\n").filter { $0.hasPrefix("cell ") && !$0.contains(": not kept") }
    #expect(lines.map { $0.contains(": restored") } == Self.uses.map { _ in true } + Self.uses.map { _ in false })
  }
}
