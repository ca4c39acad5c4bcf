import PixelBytes
import Tensors
import Testing
import Twins

/// Every family against its slow twin: plain loops in Double over the same numbers, on sequences shorter and longer than
/// what a position can see of them.
@Suite struct TwinTests {
  @Test func everyFamilyHasATwin() throws {
    let names = Set(try TwinCase.all().map { type(of: $0.configuration.family).name })
    #expect(names == Set(ModelFamilies.all.map { $0.name }))
  }

  /// Within 5 millionths of the largest logit; measured: 1.6 millionths for a ResNet, 1.1 or less for all others.
  @Test(arguments: try TwinCase.all()) func givesTheLogitsOfItsTwin(_ example: TwinCase) throws {
    let model = try example.model()
    let twin = Twin(model)
    for size in example.sizes {
      let (patches, _) = example.input(size)
      for positions in Positions.allCases {
        let found = model.logits(patches, positions).values
        let expected = twin.logits(patches, positions).flatMap { $0 }
        let largest = expected.reduce(0) { max($0, abs($1)) }
        let error = zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
        #expect(found.count == expected.count && found.allSatisfy(\.isFinite))
        #expect(largest > 0.01 && error <= 5e-6 * largest, "\(size), \(positions): \(error) of \(largest)")
      }
    }
  }

  /// Along a random direction in every tensor, and in its entries of the largest and of a random gradient, against central
  /// differences of the twin's loss.
  ///
  /// Within 1e-5 of the gradient's length, or of its largest entry; measured: 3e-6 or less. A ResNet's rounding adds up in
  /// more layers, of few channels: 1e-4; measured: 1.5e-5 with 26 layers, 2.8e-5 with 50.
  @Test(arguments: try TwinCase.all(), Positions.allCases)
  func givesTheGradientsOfItsTwin(_ example: TwinCase, _ positions: Positions) throws {
    let model = try example.model()
    let twin = Twin(model)
    let (patches, all) = example.input(example.gradientSize)
    let labels = positions == .all ? all : Array(all.prefix(patches.count))
    let tape = Tape()
    let loss = model.logits(patches, positions, in: Pass(recordedOn: tape, isTraining: false))
      .crossEntropy(labels.map { Int32($0) })
    let expected = twin.loss(patches, positions, labels)
    try #require(abs(Double(loss.values[0]) - expected) <= 1e-6 * expected)
    let gradients = tape.gradients(of: loss)
    let tolerance = example.configuration.family is ResNetFamily ? 1e-4 : 1e-5
    var random = Random(seed: 9, stream: example.description)
    for parameter in model.parameters {
      let gradient = try #require(gradients[parameter], "\(parameter.name)").values.map { Double($0) }
      let largest = gradient.indices.max { abs(gradient[$0]) < abs(gradient[$1]) } ?? 0
      let directions =
        [gradient.map { _ in Double(random.normal()) }]
        + [largest, random.below(gradient.count)].map { place in gradient.indices.map { $0 == place ? 1 : 0 } }
      for (k, direction) in directions.enumerated() {
        let found = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
        let size = k == 0 ? gradient.reduce(0) { $0 + $1 * $1 }.squareRoot() : abs(gradient[largest])
        // A kink of a ReLU may lie within a long step; a short one drowns in the rounding of the loss.
        let errors = [1e-5, 1e-6, 1e-7].lazy.map { (step: Double) -> Double in
          func loss(_ step: Double) -> Double {
            var moved = twin
            moved.weights = twin.weights.moved(parameter.name, along: direction, by: step)
            return moved.loss(patches, positions, labels)
          }
          return abs((loss(step) - loss(-step)) / (2 * step) - found)
        }
        #expect(
          errors.contains { $0 <= tolerance * size + 1e-9 }, "\(parameter.name), \(k): \(Array(errors)) of \(size)")
      }
    }
  }
}
