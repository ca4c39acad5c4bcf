import Testing

/// What errors say to do next about arguments of another type, operators of other languages and files of other programs.
@Suite struct HintTests {
  private static let prelude = """
    data = sprites(count: 8, size: 8)
    net = lstm(dim: 9, state: 4, depth: 1)
    x = 2

    """

  private func told(_ code: String) -> String { TestSession().shown(Self.prelude + code) }

  @Test(arguments: [
    ("train(data, net)", "they stand in the order model, data"),
    ("evaluate(data, net)", "they stand in the order model, data"),
    ("train(net, data, betas: 0.9)", "`betas: [0.9, 0.999]`"), ("train(net)", "write `train(x, data, steps: 1)`"),
    ("train(net, \"x.csv\")", "`load_dataset(\"x.csv\")` opens it"),
    ("train(\"net\", data)", "`load_model(\"net\")` opens it"),
    ("evaluate(net, data, metrics: \"accuracy\")", "`metrics: [\"accuracy\"]`"),
    ("split(data, test: 2)", "2 of 8 rows are the share 0.25"),
    ("2 ^ 3", "a power is written `**`"), ("x ^ 3", "a power is written `**`"), ("x ^ x", "a power is written `**`"),
    ("2 & 3", "`and`"),
    ("x | 1", "`or`"), ("drop(table({a: [1]}), columns: \"a\")", "`columns` stand by position"),
  ])
  func leadsOn(_ code: String, _ help: String) {
    let output = told(code)
    #expect(output.contains("error[") && output.contains("help: ") && output.contains(help), "\(code): \(output)")
  }

  /// Nothing is said of another language's `train` where an argument is given by name, or could be no switch.
  @Test(arguments: [
    "train(net, data, steps: \"ten\")", "train(net, data, steps: 2, lr: \"fast\")",
    "train(net, data, steps: 2, validate: net)",
  ])
  func saysNothingBeside(_ code: String) {
    let output = told(code)
    #expect(output.contains("error[type]") && !output.contains("write `train("), "\(output)")
  }

  @Test(arguments: ["pt", "pth", "ckpt", "bin", "onnx", "h5", "keras", "pkl", "npy", "npz"])
  func foreignEndingsAreRefused(_ ending: String) {
    for value in ["net", "data", "table({a: [1]})", "ones(2)", "{w: ones(2)}"] {
      let path = "\"foreign.\(ending)\""
      let output = told("try { save(\(value), \(path)) } catch e { print e.kind }\nprint exists(\(path))")
      #expect(output.contains("value") && !output.contains("true"), "\(value): \(output)")
    }
  }
}
