import Tensors
import Testing

/// Every operator's derivative against central differences, and its tape against leaks.
@Suite(.serialized) struct GradientTests {
  @Test(arguments: GradientCase.all) func followsFiniteDifferences(_ example: GradientCase) throws {
    let parameters = example.inputs.enumerated().map { Parameter("input \($0)", $1) }
    let tape = Tape()
    let result = example.weighted(example.body(parameters.map(tape.variable)))
    let gradients = tape.gradients(of: result)
    for (index, parameter) in parameters.enumerated() {
      let gradient = try #require(gradients[parameter])
      #expect(gradient.shape == parameter.value.shape)
      let numeric = (0..<parameter.value.count).map { difference(example, index, $0) }
      let scale = numeric.reduce(1) { max($0, abs($1)) }
      for (k, (exact, measured)) in zip(gradient.values, numeric).enumerated() {
        #expect(abs(exact - measured) <= 4e-3 * scale, "input \(index), element \(k): \(exact) against \(measured)")
      }
    }
  }

  private func difference(_ example: GradientCase, _ input: Int, _ element: Int) -> Float {
    func value(_ shift: Float) -> Float {
      var inputs = example.inputs
      var values = inputs[input].values
      values[element] += shift
      inputs[input] = Tensor(values, inputs[input].shape)
      return example.weighted(example.body(inputs)).values[0]
    }
    let step: Float = 1.0 / 256
    return (value(step) - value(-step)) / (2 * step)
  }

  @Test(arguments: GradientCase.all) func freesItsTape(_ example: GradientCase) {
    weak var kept: Tape?
    do {
      let tape = Tape()
      let result = example.weighted(example.body(example.inputs.map { tape.variable(Parameter("x", $0)) }))
      _ = tape.gradients(of: result)
      kept = tape
    }
    #expect(kept == nil, "a pullback captures a recorded tensor")
  }

  @Test(arguments: ["avx512", "avx2", "portable"]) func everyInstructionSetAgrees(_ name: String) {
    let chosen = Kernel.instructionSet
    let expected = GradientCase.all.map(valuesAndGradients)
    guard Kernel.use(name) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    for (example, arrays) in zip(GradientCase.all, expected) {
      for (found, values) in zip(valuesAndGradients(example), arrays) {
        let largest = values.reduce(1) { max($0, abs($1)) }
        for (a, b) in zip(found, values) { #expect(abs(a - b) <= 2e-5 * largest, "\(example.name) with \(name)") }
      }
    }
  }

  /// The result of an example and the gradient of each input.
  private func valuesAndGradients(_ example: GradientCase) -> [[Float]] {
    let parameters = example.inputs.map { Parameter("input", $0) }
    let tape = Tape()
    let result = example.body(parameters.map(tape.variable))
    let gradients = tape.gradients(of: example.weighted(result))
    return [result.values] + parameters.map { gradients[$0]?.values ?? [] }
  }

  @Test func tapeOfAMillionNodesIsFreed() {
    let x = Parameter("x", Tensor(1))
    let tape = Tape()
    var y = tape.variable(x)
    for _ in 0..<1_000_000 { y = y + Tensor(0) }
    #expect(tape.gradients(of: y)[x]?.values == [1])
  }

  @Test func tapesThatMeetBecomeOne() {
    let (x, y) = (Parameter("x", Tensor(3)), Parameter("y", Tensor(5)))
    func square(_ parameter: Parameter) -> Tensor {
      let variable = Tape().variable(parameter)
      return variable * variable
    }
    let parts = [square(x), square(y), square(x)]
    #expect(Tape.joining([Tensor(1), Tensor(2)]) == nil)
    weak var kept: Tape?
    do {
      let tape = Tape.joining(parts)
      let sum = parts[0] * parts[1] + parts[2]
      let later = Tape.joining([parts[2], tape?.variable(y) ?? Tensor(0)])
      #expect(tape === later)
      #expect(Tape.joining([sum]) === tape)
      let gradients = tape?.gradients(of: sum)
      #expect(gradients?[x]?.values == [2 * 3 * 25 + 2 * 3])
      #expect(gradients?[y]?.values == [9 * 2 * 5])
      kept = tape
    }
    withExtendedLifetime(parts) { #expect(kept != nil) }
  }

  @Test func gradientOfAParameterUsedTwiceAddsUp() {
    let x = Parameter("x", Tensor([2, 3], [2]))
    let tape = Tape()
    let y = (tape.variable(x) * tape.variable(x)).sum() + tape.variable(x).sum()
    #expect(tape.gradients(of: y)[x]?.values == [5, 7])
    #expect(tape.parameters.map(\.name) == ["x"])
  }
}
