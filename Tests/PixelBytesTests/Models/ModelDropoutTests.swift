import PixelBytes
import Tensors
import Testing

/// Where models drop activations out, each place by itself: with weights that make the same number reach it everywhere, a
/// large one beside all others, the logits below 0 tell what was cleared.
@Suite struct ModelDropoutTests {
  private static let width = 64
  private static let probability = 0.2

  /// The weights that are not 0, the share of cleared numbers, and the model.
  struct Place: CustomTestStringConvertible {
    let testDescription: String
    let family: any ModelFamily
    let cleared: Double
    let weights: [String: Float]
    /// A matrix that hands on its first inputs.
    var identity: String?
  }

  static func places() -> [Place] {
    let dropout = probability, twice = 1 - (1 - probability) * (1 - probability)
    let families: [(any ModelFamily, String)] = [
      (TransformerFamily(dropout: dropout), "transformer_encoder.layers.0."),
      (ImageTransformerFamily(dropout: dropout), "layers.0."),
    ]
    let encoders = families.flatMap { family, layer -> [Place] in
      // The norms hand on what is left of two values: a lower and a higher one.
      let norms = [layer + "norm1.weight": Float(1), layer + "norm2.weight": 1, "norm.weight": 1]
      func place(
        _ name: String, _ cleared: Double, _ weights: [String: Float], identity: String? = nil
      ) -> Place {
        Place(
          testDescription: "\(type(of: family).name), \(name)", family: family, cleared: cleared,
          weights: norms.merging(weights.map { (layer + $0, $1) }) { $1 }, identity: identity.map { layer + $0 })
      }
      return [
        place("attention", dropout, ["self_attn.out_proj.bias": 100]),
        place("feed-forward layer", dropout, ["linear2.bias": 100]),
        place("inside of it, and behind", twice, ["linear1.bias": 100], identity: "linear2.weight"),
      ]
    }
    return encoders + biMambaPlus(dropout, twice)
  }

  private static func biMambaPlus(_ dropout: Double, _ twice: Double) -> [Place] {
    func place(_ name: String, _ cleared: Double, _ weights: [String: Float], identity: String? = nil) -> Place {
      Place(
        testDescription: "bimamba_plus, \(name)", family: BiMambaPlusFamily(state: 2, dropout: dropout),
        cleared: cleared,
        weights: Dictionary(uniqueKeysWithValues: weights.map { ("layers.0." + $0, $1) }).merging(
          ["layers.0.norm.weight": 1]) { $1 }, identity: identity.map { "layers.0." + $0 })
    }
    // A block that gives one number: from the bias of its convolution through D.
    func block(_ name: String) -> [String: Float] {
      [
        "\(name).conv1d.bias": 1, "\(name).D": 1, "\(name).out_proj.weight": 1, "\(name)_norm.weight": 1,
      ]
    }
    return [
      place("forward block", dropout, block("forward")), place("backward block", dropout, block("backward")),
      place("feed-forward layer", dropout, ["linear2.bias": 100]),
      place("inside of it, and behind", twice, ["linear1.bias": 100], identity: "linear2.weight"),
    ]
  }

  private func model(_ place: Place) throws -> SequenceModel {
    let configuration = try ModelConfiguration(
      place.family, width: Self.width, depth: 1, embedding: .center, vocabulary: Self.width)
    let model = try SequenceModel(configuration, seed: 1)
    var names = Set(place.weights.keys).subtracting(["norm.weight"])
    for parameter in model.parameters {
      names.remove(parameter.name)
      let value = place.weights[parameter.name] ?? 0
      parameter.update { values in for k in values.indices { values[k] = value } }
      // The head shows what reaches it.
      if [place.identity, "fc.weight", "head.weight"].contains(parameter.name) {
        let columns = parameter.value.shape[1]
        parameter.update { values in for k in 0..<Self.width { values[k * columns + k] = 1 } }
      }
    }
    #expect(names.isEmpty, "no parameters \(names)")
    return model
  }

  @Test(arguments: places(), Positions.allCases)
  func clearsItsShareInTrainingAlone(_ place: Place, _ positions: Positions) throws {
    let model = try model(place)
    let (count, length) = positions == .all ? (8, 40) : (320, 2)
    let patches = ContextBatch(ids: [UInt8](repeating: 0, count: count * length * 9), count: count, length: length)
    func logits(_ pass: Pass) -> [Float] { model.logits(patches, positions, in: pass).values }
    func training(_ seed: UInt64) -> [Float] {
      logits(Pass(recordedOn: Tape(), random: Random(seed: seed, stream: "dropout")))
    }
    let found = training(1)
    let cleared = Double(found.count { $0 < 0 }) / Double(found.count)
    let deviation = (place.cleared * (1 - place.cleared) / Double(found.count)).squareRoot()
    #expect(found.allSatisfy { abs($0) > 0.1 })
    #expect(abs(cleared - place.cleared) <= 5 * deviation, "\(cleared)")
    #expect(training(1) == found)
    #expect(training(2) != found)
    // Outside of training nothing is drawn.
    let whole = logits(Pass())
    #expect(logits(Pass(recordedOn: Tape(), isTraining: false)) == whole)
    #expect(zip(found, whole).reduce(0) { max($0, abs($1.0 - $1.1)) } > 1)
  }
}
