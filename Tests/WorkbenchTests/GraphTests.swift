import Foundation
import PixelScript
import Tensors
import Testing
import Workbench

/// Gradients of random graphs whose parts are kept in variables, shared, and joined in any order over several statements.
@Suite struct GraphTests {
  @Test func everyOperatorIsTried() {
    #expect(GraphOperators.missing(TestSession().session.registry) == [])
  }

  /// More with GRAPHS in the environment.
  @Test func randomGraphsHaveTheirGradients() throws {
    let count = ProcessInfo.processInfo.environment["GRAPHS"].flatMap { Int($0) } ?? 1500
    let session = TestSession()
    #expect(session.run(GraphOperators.prelude + "\n" + Self.checks, echo: false) == "")
    var random = Random(seed: 17, stream: "graphs")
    var skipped = 0
    for number in 0..<count {
      let graph = RandomGraph(&random)
      let found = session.run(graph.script, echo: false)
      if found == "skip\n" { skipped += 1 } else { #expect(found == "ok\n", "graph \(number):\n\(graph.script)") }
    }
    #expect(skipped * 4 <= count, "\(skipped) of \(count) graphs had a kink or were too steep to measure")
    if count > 1500 { print("\(count) graphs, \(skipped) of them skipped") }
  }

  /// Each operator with operands on short and long tapes, absorbed and live ones, and constants, in every order, against the
  /// same on one tape from the start.
  @Test(arguments: GraphOperators.forms.keys.sorted()) func operandsStandOnAnyTapes(_ name: String) throws {
    let session = TestSession()
    #expect(session.run(GraphOperators.prelude + "\n" + Self.checks + "\n" + Self.operands, echo: false) == "")
    for form in try #require(GraphOperators.forms[name]) {
      let body = form.replacing("{a}", with: "a").replacing("{b}", with: "b")
      #expect(session.run("print mismatches(fn(a, b) = \(body))", echo: false) == "0\n", "\(body)")
    }
  }

  /// `verify` compares gradients with differences along a direction, of two steps, and with those of one expression.
  private static let checks = """
    fn gradient(p) = zeros(2, 2) if p.grad == nil else p.grad
    fn near(a, b, tolerance) = all(abs(a - b) <= tolerance * (1 + abs(b)))
    fn along(ps, ds, h) = map(zip(ps, ds), fn(pair) = detach(pair[0]) + h * pair[1])
    fn at(f, ps, ds, h) = f(along(ps, ds, h)).item()
    fn slope(f, ps, ds, h) = (at(f, ps, ds, h) - at(f, ps, ds, -h)) / (2 * h)
    # How much steeper it is after than before.
    fn bend(f, ps, ds, h) = (at(f, ps, ds, h) + at(f, ps, ds, -h) - 2 * at(f, ps, ds, 0)) / h
    fn gradients(ps, loss) {
      zero_grad ps
      backward loss
      return map(ps, gradient)
    }
    fn verify(graph, single, starts, ds) {
      ps = map(starts, fn(v) = parameter(v))
      loss = graph(ps)
      found = gradients(ps, loss)
      backward loss
      for i in range(len(ps)) {
        if not near(gradient(ps[i]), 2 * found[i], 1e-5) { return "the second walk differs" }
      }
      expected = gradients(ps, single(ps))
      for i in range(len(ps)) {
        if not near(found[i], expected[i], 1e-4) { return "one expression differs: " + str(found[i]) + str(expected[i]) }
      }
      exact = 0
      for i in range(len(ps)) { exact += sum(found[i] * ds[i]).item() }
      coarse, fine = slope(graph, ps, ds, 1 / 32), slope(graph, ps, ds, 1 / 64)
      size = 1 + abs(fine)
      # A kink bends as much over a shorter way.
      kink = 2 * bend(graph, ps, ds, 1 / 64) - bend(graph, ps, ds, 1 / 32)
      if abs(coarse - fine) > 0.01 * size or abs(kink) > 0.01 * size { return "skip" }
      difference = abs((4 * fine - coarse) / 3 - exact)
      return "ok" if difference <= 0.01 * size else f"the gradient along the direction is {exact}, measured {fine}"
    }
    """

  private static let operands = """
    w = parameter(tensor([[0.5, -0.75], [0.25, 0.6]]))
    v = parameter(tensor([[-0.5, 0.3], [0.7, 0.9]]))
    fn operands() {
      joined = w * 0.9
      other = v * 0.8
      both = joined + other * other
      long = ((v * w).tanh() * 0.5 - w).sin()
      return [w, w * 1, long, joined, other, both, detach(v) * 0.5]
    }
    fn mismatches(f) {
      count = 0
      for i in range(7) {
        for j in range(7) {
          if i == 6 and j == 6 { continue }
          pair = operands()
          result = f(pair[i], pair[j])
          loss = sum(result * result)
          all_together = stack(operands())
          expected = f(all_together[i], all_together[j])
          found = nil
          try { found = gradients([w, v], loss) } catch e { found = [zeros(2, 2), zeros(2, 2)] }
          other = gradients([w, v], sum(expected * expected))
          for k in range(2) { count += 0 if near(found[k], other[k], 1e-4) else 1 }
        }
      }
      return count
    }
    """
}

/// Statements over three parameters, and the same as one expression.
private struct RandomGraph {
  let script: String

  init(_ random: inout Random) {
    let forms = GraphOperators.forms.sorted { $0.key < $1.key }.flatMap(\.value)
    var statements: [String] = []
    // What can be named: how statements and how the one expression write it.
    var parts = ["p[0]", "p[1]", "p[2]", "(mask * 0.7)"].map { (name: $0, whole: $0) }
    for number in 0..<(2 + random.below(7)) {
      let form = forms[random.below(forms.count)]
      let (a, b) = (parts[random.below(parts.count)], parts[random.below(parts.count)])
      func written(_ a: String, _ b: String) -> String {
        "tanh(\(form.replacing("{a}", with: a).replacing("{b}", with: b)))"
      }
      let whole = written(a.whole, b.whole)
      guard whole.count < 3000 else { continue }
      statements.append("  v\(number) = \(written(a.name, b.name))")
      parts.append(("v\(number)", whole))
    }
    // The loss is put together from several numbers, in any order.
    var total = (name: "", whole: "")
    for number in 0..<(1 + random.below(3)) {
      let part = parts[parts.count - 1 - random.below(min(parts.count, 3))]
      let weight = "\(1 + random.below(9)) / 8"
      let reduce = ["sum", "mean", "norm"][random.below(3)]
      let isFirst = random.below(2) == 0
      func joined(_ sum: String, _ part: String) -> String {
        let term = "\(weight) * \(reduce)(\(part) + p[0] * 0.5)"
        return sum.isEmpty ? term : isFirst ? "\(term) + \(sum)" : "\(sum) + \(term)"
      }
      statements.append("  l\(number) = \(joined(total.name, part.name))")
      total = ("l\(number)", joined(total.whole, part.whole))
    }
    func tensors(_ random: inout Random) -> String {
      let lists = (0..<3).map { _ in
        let numbers = (0..<4).map { _ in "\(random.uniform(-0.9, 0.9))" }
        return "tensor([[\(numbers[0]), \(numbers[1])], [\(numbers[2]), \(numbers[3])]])"
      }
      return "[\(lists.joined(separator: ", "))]"
    }
    script = """
      fn graph(p) {
      \(statements.joined(separator: "\n"))
        return \(total.name)
      }
      fn single(p) = \(total.whole)
      print verify(graph, single, \(tensors(&random)), \(tensors(&random)))
      """
  }
}
