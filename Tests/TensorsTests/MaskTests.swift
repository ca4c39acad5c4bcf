import Tensors
import Testing

/// Masks of many elements, which are bytes, beside those of as many floats.
@Suite struct MaskTests {
  private static let shape = [131, 127]

  private static func numbers(_ seed: UInt64, special: Bool = false) -> Tensor {
    var random = Random(seed: seed, stream: "masks")
    var values = (0..<shape.elementCount).map { _ in Float(random.below(7)) - 3 }
    if special { for (k, value) in [Float.nan, .infinity, -.infinity, -0].enumerated() { values[k * 777] = value } }
    return Tensor(values, shape)
  }

  private static func areSame(_ a: Tensor, _ b: Tensor) -> Bool {
    a.shape == b.shape && zip(a.values, b.values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
  }

  @Test(arguments: NumberFunctionTests.instructionSets) func bytesAreWhatFloatsAre(_ set: String) {
    let chosen = Kernel.instructionSet
    guard Kernel.use(set) else { return }  // This processor lacks it.
    defer { _ = Kernel.use(chosen) }
    let (x, y) = (Self.numbers(1, special: true), Self.numbers(2, special: true))
    let (column, row) = (y.indexed([.all, .strided(first: 0, step: 1, count: 1)]), y.indexed([.position(3)]))
    let kinds: [(Tensor.Comparison, (Float, Float) -> Bool)] = [
      (.equal, { $0 == $1 }), (.notEqual, { $0 != $1 }), (.less, { $0 < $1 }), (.lessOrEqual, { $0 <= $1 }),
      (.greater, { $0 > $1 }), (.greaterOrEqual, { $0 >= $1 }),
    ]
    for (comparison, holds) in kinds {
      let other = Tensor(zip(x.values, y.values).map { holds($0, $1) ? 0 : 1 }, Self.shape, elementType: .bool)
      for (mask, wanted) in [
        (x.compared(comparison, y), zip(x.values, y.values).map { holds($0, $1) ? 1 : 0 }),
        (x.compared(comparison, Tensor(1)), x.values.map { holds($0, 1) ? 1 : 0 }),
        (Tensor(1).compared(comparison, x), x.values.map { holds(1, $0) ? 1 : 0 }),
      ] as [(Tensor, [Float])] {
        let floats = Tensor(wanted, Self.shape, elementType: .bool)
        // Before anything has made floats of the bytes.
        #expect(mask.setCount == floats.setCount && mask.elementType == .bool)
        let operators: [(String, (Tensor) -> Tensor)] = [
          ("not", { $0.logicalNot() }), ("and", { $0.logicalAnd(other) }), ("or", { other.logicalOr($0) }),
          ("and itself", { $0.logicalAnd(x.compared(.less, y)) }),
          ("or itself", { x.compared(.equal, y).logicalOr($0) }), ("picked", { x.masked($0) }),
          ("chosen", { Tensor.choosing($0, x, y) }), ("chosen of a row", { Tensor.choosing($0, column, row) }),
          ("chosen of one", { Tensor.choosing($0, Tensor(5), x) }), ("product", { $0 * x }), ("row", { row - $0 }),
          ("columns", { $0.transposed() + x.transposed() }), ("sum", { $0.sum() }), ("mean", { $0.mean() }),
          ("sums", { $0.sum(axis: 0) }), ("largest", { $0.max(axis: 1) }), ("exp", { $0.exp() }),
          ("of itself", { $0 + $0 }), ("spread", { Tensor.evenly($0.setCount).spread(where: $0) }),
          ("part", { $0.indexed([.strided(first: 1, step: 2, count: 60)]) }),
          ("entry", { $0.indexed([.position(7)]) }), ("stretched", { $0.broadcast(to: [2] + Self.shape) }),
          ("alike", { $0.compared(.equal, x.compared(.less, y)) }),
          ("unlike", { $0.compared(.notEqual, x.compared(.less, y)) }),
          ("below", { $0.compared(.less, x.compared(.less, y)) }),
          ("at most", { $0.compared(.lessOrEqual, x.compared(.less, y)) }),
          ("above", { $0.compared(.greater, x.compared(.less, y)) }),
          ("at least", { $0.compared(.greaterOrEqual, x.compared(.less, y)) }),
          ("flat", { $0.reshaped([Self.shape.elementCount]) }), ("stacked", { Tensor.stacked([$0, $0]) }),
        ]
        for (name, f) in operators { #expect(Self.areSame(f(mask), f(floats)), "\(name) \(comparison)") }
        #expect(mask.setPlaces == floats.setPlaces)
        #expect(mask.values == wanted)
      }
    }
  }

  @Test func gradientsGoThroughWhatMasksTake() {
    let x = Parameter("x", Self.numbers(1)), y = Self.numbers(2)
    let mask = y.compared(.greater, Tensor(0))
    let floats = Tensor(mask.values, Self.shape, elementType: .bool)
    func gradient(_ mask: Tensor) -> Tensor? {
      let tape = Tape()
      let v = tape.variable(x)
      let result = v.masked(mask).sum() + (Tensor.choosing(mask, v * v, y) * mask).sum()
      return tape.gradients(of: result)[x]
    }
    #expect(gradient(y.compared(.greater, Tensor(0)))?.values == gradient(floats)?.values)
  }
}

extension Tensor {
  fileprivate static func evenly(_ count: Int) -> Tensor { Tensor(evenly(count, from: 1, step: 1), [count]) }
}
