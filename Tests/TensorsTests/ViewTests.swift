import Tensors
import Testing

/// What reads elements where they stand in another tensor, beside the same of a copy side by side: values and gradients.
@Suite struct ViewTests {
  private typealias Way = @Sendable (Tensor) -> Tensor

  private static func numbers(_ shape: Shape, seed: UInt64 = 1, special: Bool = false) -> Tensor {
    var random = Random(seed: seed, stream: "views")
    var values = (0..<shape.elementCount).map { _ in random.uniform(0.5, 2) * (random.below(2) == 0 ? 1 : -1) }
    if special { for (k, value) in [Float.nan, .infinity, -.infinity, -0].enumerated() { values[k * 777] = value } }
    return Tensor(values, shape)
  }

  private static func part(_ axes: AxisIndex...) -> Way { { $0.indexed(axes) } }

  /// Ways to take elements of a tensor [70, 5, 120] without copying them.
  private static let views: [(String, Way)] = [
    ("two axes exchanged", { $0.transposed() }), ("first axes exchanged", { $0.transposed(0, 1) }),
    ("last axis first", { $0.permuted([2, 0, 1]) }), ("reversed axes", { $0.permuted([2, 1, 0]) }),
    ("all but the first", part(.strided(first: 1, step: 1, count: 69))),
    ("all but the last", part(.strided(first: 0, step: 1, count: 69))),
    ("columns", part(.all, .all, .strided(first: 3, step: 1, count: 116))),
    ("middle", part(.all, .strided(first: 1, step: 1, count: 4))),
    ("inner part", part(.strided(first: 1, step: 1, count: 60), .all, .strided(first: 2, step: 1, count: 110))),
    ("every other row", part(.strided(first: 1, step: 2, count: 35))),
    ("every other column", part(.all, .all, .strided(first: 0, step: 2, count: 60))),
    ("backwards", part(.strided(first: 69, step: -1, count: 70))),
    ("backwards along the last axis", part(.all, .all, .strided(first: 119, step: -1, count: 120))),
    ("columns of exchanged axes", { part(.all, .all, .strided(first: 1, step: 1, count: 4))($0.transposed()) }),
    ("exchanged columns", { part(.all, .all, .strided(first: 4, step: 1, count: 110))($0).transposed(0, 2) }),
    ("exchanged twice", { $0.permuted([1, 2, 0]).transposed() }),
    ("stretched", { $0.indexed([.position(3)]).broadcast(to: [40, 5, 120]) }),
    (
      "stretched columns",
      { $0.indexed([.all, .all, .strided(first: 2, step: 1, count: 1)]).broadcast(to: [70, 5, 120]) }
    ),
    ("reshaped and exchanged", { $0.reshaped([350, 120]).transposed() }),
    ("a matrix of columns", { part(.all, .strided(first: 2, step: 1, count: 110))($0.reshaped([350, 120])) }),
    ("a row", { part(.strided(first: 5, step: 1, count: 40_000))($0.reshaped([42_000])) }),
  ]

  /// What is made of a tensor and another one of its shape, side by side.
  private static let operators: [(String, @Sendable (Tensor, Tensor) -> Tensor)] = [
    ("exp", { x, _ in x.exp() }), ("relu", { x, _ in x.relu() }), ("sigmoid", { x, _ in x.sigmoid() }),
    ("negative", { x, _ in -x }), ("floor", { x, _ in x.rounded(.down) + x }), ("clamp", { x, _ in x.clamp(-1, 1) }),
    ("by a number", { x, _ in (x * Tensor(3) + Tensor(1)) / Tensor(7) }), ("from a number", { x, _ in Tensor(1) / x }),
    ("power", { x, _ in x.abs().power(Tensor(1.5)) }), ("add", { $0 + $1 }), ("subtract from", { $1 - $0 }),
    ("multiply", { $0 * $1 }), ("divide", { $0 / $1 }), ("by itself", { x, _ in x * x }),
    ("by a row", { x, y in x * y.indexed(y.shape.dropLast().map { _ in .position(0) }) }),
    ("by a column", { x, y in x + y.sum(axis: -1, keep: true) }), ("largest of two", { $0.maximum($1) }),
    ("largest of itself", { x, _ in x.maximum(x * Tensor(0.5)) }), ("held", { $0.held($1, $1 + Tensor(1)) }),
    ("compared", { x, y in Tensor.choosing(x.compared(.greater, y), x, y * Tensor(2)) }),
    ("compared with a number", { x, _ in Tensor.choosing(x.compared(.lessOrEqual, Tensor(0)), Tensor(0), x) }),
    ("sum", { x, _ in x.sum() }), ("mean", { x, _ in x.mean() }), ("first sums", { x, _ in x.sum(axis: 0) }),
    ("last sums", { x, _ in x.sum(axis: -1, keep: true) }),
    ("middle means", { x, _ in x.mean(axis: x.shape.count / 2) }),
    ("sums of several axes", { x, _ in x.sum(axes: Array(0..<max(x.shape.count - 1, 1))) }),
    ("largest", { x, _ in x.max() }), ("first largest", { x, _ in x.max(axis: 0) }),
    ("last smallest", { x, _ in x.min(axis: -1) }), ("variances", { x, _ in x.variance(axis: -1) }),
    ("first deviations", { x, _ in x.deviation(axis: 0) }), ("norm", { x, _ in x.norm() }),
    ("last norms", { x, _ in x.norm(axis: -1) }), ("softmax", { x, _ in x.softmax() }),
    ("running sums", { x, _ in x.cumulativeSum(axis: 0) }),
    ("matrix product", { x, y in x.matrixProduct(numbers([x.shape.last ?? 0, 6], seed: 3)) + y.sum() }),
    ("matrix by vector", { x, _ in x.matrixProduct(numbers([x.shape.last ?? 0], seed: 4)) }),
    ("right factor", { x, _ in x.shape.count == 2 ? numbers([3, x.shape[0]], seed: 5).matrixProduct(x) : x }),
    ("concat", { Tensor.concatenated([$0, $1, $0], axis: -1) }), ("stack", { Tensor.stacked([$1, $0], axis: -1) }),
    ("first stack", { Tensor.stacked([$0, $1]) }), ("pad", { x, _ in x.padded(x.shape.map { _ in (1, 2) }) }),
    ("reshape", { x, _ in x.reshaped([x.count]) }), ("exchange", { x, _ in x.transposed(0, -1) }),
    ("stretch", { x, _ in x.broadcast(to: [2] + x.shape) }), ("flip", { x, _ in x.flipped(axis: 0) }),
    ("roll", { x, _ in x.rolled(3, axis: 0) }), ("last roll", { x, _ in x.rolled(-2, axis: -1) }),
    ("listed columns", { x, _ in x.selected(axis: x.shape.count - 1, [1, 0, 1]) }),
    ("joined masks", { x, y in Tensor.choosing(x.compared(.less, y).logicalOr(y.compared(.less, Tensor(0))), x, y) }),
    ("rows", { x, _ in x.selected(axis: 0, [3, 0, 3]) }), ("entry", { x, _ in x.indexed([.position(2)]) }),
    ("single elements", { x, _ in x.shape.count == 2 ? x.indexed([.positions([3, 0, 3]), .position(1)]) : x }),
    ("part", { x, _ in x.indexed([.strided(first: 1, step: 1, count: x.shape[0] - 1)]) }),
    ("replace", { x, y in y.replacing([.position(1)], with: x.indexed([.position(0)])) }),
  ]

  /// What is made of elements does not depend on where they stand: a run that goes on has copies of what was a view.
  private static func areSame(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
  }

  @Test(arguments: views.indices, [false, true]) func viewsAreReadAsCopiesAre(_ place: Int, special: Bool) {
    let (name, view) = Self.views[place]
    let first = Self.numbers([70, 5, 120], special: special)
    let shape = view(first).shape
    let other = Self.numbers(shape, seed: 2)
    for (operation, body) in Self.operators {
      func run(_ copies: Bool) -> (Tensor, Tensor, Tensor?) {
        let (parameter, tape) = (Parameter("x", first), Tape())
        var x = view(tape.variable(parameter))
        if copies { x = Tensor.recorded(x.values, x.shape, from: [x]) { [$0] } }
        // Not recorded it may go another way.
        let (plain, result) = (body(x.constant, other), body(x, other))
        let weights = Self.numbers(result.shape, seed: 6)
        return (plain, result, tape.gradients(of: (result * weights).sum())[parameter])
      }
      let (found, expected) = (run(false), run(true))
      #expect(found.1.shape == expected.1.shape && found.0.shape == found.1.shape, "\(operation) of \(name)")
      for (a, b) in [(found.0, expected.0), (found.1, expected.1), (found.0, found.1)] {
        #expect(Self.areSame(a.values, b.values), "\(operation) of \(name)")
      }
      guard !special, let (a, b) = found.2.flatMap({ a in expected.2.map { (a, $0) } }) else { continue }
      #expect(a.shape == b.shape && Self.areSame(a.values, b.values), "the gradient of \(operation) of \(name)")
    }
  }

  /// Rows and columns exchanged.
  private static func exchanged(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var result: [Float] = []
    for column in 0..<columns { for row in 0..<rows { result.append(values[row * columns + column]) } }
    return result
  }

  @Test func aViewStaysWhatItWas() {
    var x = Self.numbers([300, 200])
    let before = x.values
    let (turned, part) = (x.transposed(), x.indexed([.strided(first: 1, step: 1, count: 299)]))
    let row = x.indexed([.position(0)])
    let isReplaced = x.replaceInPlace([.position(1)], with: row)
    let isUpdated = x.updateInPlace([.all], .multiply, with: Tensor(2))
    #expect(isReplaced && isUpdated)
    #expect(part.values == Array(before[200...]))
    #expect(turned.values == Self.exchanged(before, rows: 300, columns: 200))
    // And the other way round.
    var changed = x.transposed()
    let kept = x.values
    let isChanged = changed.replaceInPlace([.position(0)], with: Tensor(0))
    #expect(isChanged && x.values == kept)
    let columns = Self.exchanged(kept, rows: 300, columns: 200)
    #expect(changed.values == [Float](repeating: 0, count: 300) + columns[300...])
    // Entries one after the other.
    let entries = x.transposed()
    for k in 0..<200 {
      let entry = entries.entry(k)?.values ?? []
      #expect(entry == Array(columns[k * 300..<(k + 1) * 300]))
    }
  }

  /// A view may be read by several threads for the first time.
  @Test func threadsReadAViewTogether() throws {
    let x = Self.numbers([300, 200])
    let expected = x.transposed().values
    for _ in 0..<20 {
      let view = x.transposed()
      let found = try Parallel.map(8, threads: 4) { _ in view.values == expected }
      #expect(found.allSatisfy { $0 })
    }
  }
}
