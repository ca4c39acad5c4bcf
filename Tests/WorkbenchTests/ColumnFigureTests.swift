import PixelScript
import Testing
import Workbench

/// What commands make of a column in which values are missing.
@Suite struct ColumnFigureTests {
  private static let start = """
    a = table({v: [0.1, 0.3, 0.7]}).v
    b = table({v: [0.1, nil, 0.3, 0.7, nil]}).v
    m = a > 0.2
    n = where(isnan(b), nil, b > 0.2)
    fn one(x) = type(x) in ["number", "bool"] or (type(x) == "tensor" and prod(x.shape) == 1)
    """

  /// The commands whose first argument may be a column.
  private static let commands: [String] = TestSession().session.registry.entries.filter { entry in
    entry.forms.contains { form in
      ["tensor", "column", "column or list", "list", "value"].contains(form.signature.first?.type ?? "")
    }
  }.map(\.name).sorted()

  /// Each command that makes one value of a column leaves out what is missing, and gives a number of double precision, or throws.
  @Test(arguments: commands) func leavesOutWhatIsMissing(command: String) {
    // What draws at random, and what takes its numbers for places, makes no figure.
    let others = [
      "quit", "print", "show", "len", "str", "type", "timeit", "copy", "contains", "choice", "multinomial",
      "cross_entropy",
    ]
    guard !others.contains(command) else { return }
    for rest in ["", ", axis: 0", ", axis: -1", ", dim: 0", ", 0.5", ", 0", ", \"x\"", ", p: 1", ", correction: 0"] {
      for (full, partial) in [("a", "b"), ("m", "n")] {
        let session = TestSession()
        #expect(session.run(Self.start, echo: false) == "")
        let (x, y) = ("\(command)(\(full)\(rest))", "\(command)(\(partial)\(rest))")
        guard session.run("x = \(x)\nprint one(x)", echo: false).hasSuffix("true\n") else { continue }
        let output = session.run("y = \(y)\nprint type(y) != \"tensor\", y == x", echo: false)
        // Places count what is missing.
        let isPlace = ["argmax", "argmin"].contains(command) && output == "true false\n"
        #expect(isPlace || output == "true true\n" || output.contains("error["), "\(y): \(output)")
      }
    }
  }

  /// Each of them is known here, so that a new one is looked at.
  @Test func knowsAll() {
    let found = Self.commands.filter { command in
      let session = TestSession()
      _ = session.run(Self.start, echo: false)
      return ["", ", 0.5", ", a"].contains { rest in
        session.run("x = \(command)(a\(rest))\nprint one(x)", echo: false).hasSuffix("true\n")
      }
    }
    let figures = [
      "all", "any", "argmax", "argmin", "corr", "dot", "logsumexp", "max", "mean", "median", "min", "mse", "norm",
      "prod",
      "quantile", "std", "sum", "var",
    ]
    // The product `@` of columns is that of tensors.
    let others = [
      "len", "str", "type", "contains", "equal", "print", "format", "matmul", "where", "choice", "multinomial",
    ]
    #expect(Set(found).subtracting(others) == Set(figures))
  }

  /// Values of double precision, which Python worked out.
  @Test(arguments: [
    ("prod(b)", "0.020999999999999998"), ("norm(b)", "0.7681145747868608"), ("norm(b, p: 1)", "1.1"),
    ("norm(b, p: 3)", "0.7185516150653191"), ("norm(b, p: inf)", "0.7"), ("norm(b, p: 0)", "3"),
    ("logsumexp(b)", "1.4971159851954383"), ("max(b, axis: 0)", "0.7"), ("sum(b, axis: 0)", "1.1"),
    ("var(b, correction: 0)", "0.06222222222222221"), ("mean(b, axis: 0, keep: true)", "[0.36666666666666664]"),
    ("prod(table({a: []}).a)", "1"), ("logsumexp(table({a: [nil]}).a)", "nil"), ("norm(table({a: [nil]}).a)", "0"),
    ("sum(table({a: [nan, 1]}).a)", "nan"), ("logsumexp(table({a: [1000, 1000]}).a)", "1000.6931471805599"),
    ("norm(table({a: [3e200, 4e200]}).a)", "5e+200"), ("norm(table({a: [nan, 1]}).a)", "nan"),
    ("to_list(histogram(b, [0, 0.3, 0.7]).hist)", "[1, 2]"), ("to_list(histogram(b, 3).hist)", "[1, 1, 1]"),
  ])
  func values(code: String, wanted: String) {
    let session = TestSession()
    _ = session.run(Self.start, echo: false)
    let found = String(session.run("print \(code)").dropLast())
    guard let number = Double(found), let exact = Double(wanted), exact.isFinite, exact != 0 else {
      return #expect(found == wanted, "\(code)")
    }
    #expect(abs(number / exact - 1) < 4e-16, "\(code): \(found)")
  }

  @Test func anotherAxisIsRefused() {
    let session = TestSession()
    _ = session.run(Self.start, echo: false)
    for command in ["sum", "prod", "mean", "norm", "std", "var", "max", "min", "logsumexp", "median", "any", "argmin"] {
      #expect(session.run("\(command)(a, axis: 1)").contains("error[shape]: axis 1"), "\(command)")
    }
  }
}
