import Formats
import PixelBytes
import Tensors
import Testing

/// The published models against the original's outputs, and those of the foundations against PyTorch's, element by element.
@Suite struct ReferenceModelTests {
  static let models = [
    "rnn_ref", "rnn_d1", "rnn_d3", "rnn_uni", "rnn_center", "rnn_noconv", "rnn_dim36", "rnn_dim162", "ssm_bi_d1",
    "ssm_bi_d2", "ssm_uni_d2", "att_d1", "att_d2",
  ].map { "models/" + $0 }
  static let foundations = [
    "bimamba_plus", "mambabyte", "mambabyte_tied", "image_transformer_1d", "image_transformer_2d", "transformer_causal",
    "transformer_learned", "resnet",
  ].map { "foundations/" + $0 }

  @Test(arguments: models + foundations) func givesTheSameLogitsLossAndGradients(_ name: String) throws {
    let model = try Checkpoint.load(Fixture.path(name))
    let io = try Fixture.tensors("\(name)/io.safetensors")
    let patches = try inputs(io)
    let tape = Tape()
    let logits = model.logits(patches, .last, in: Pass(recordedOn: tape, isTraining: false))
    #expect(logits.shape == [patches.count, model.configuration.vocabulary])
    try compare(logits, with: io.entry("logits_f64"))

    let loss = logits.crossEntropy(try io.entry("target_ids").int32s())
    let expectedLoss = try io.entry("loss_f64").doubles()[0]
    #expect(abs(Double(loss.values[0]) - expectedLoss) <= 1e-6 * expectedLoss)

    let gradients = tape.gradients(of: loss)
    for parameter in model.parameters {
      let gradient = try #require(gradients[parameter]).values
      try compare(gradient, parameter.name, with: io)
    }
  }

  /// Where a model has logits after every position, those after every seventh are kept.
  @Test(arguments: foundations) func givesTheSameLogitsAfterEveryPosition(_ name: String) throws {
    let model = try Checkpoint.load(Fixture.path(name))
    let io = try Fixture.tensors("\(name)/io.safetensors")
    let patches = try inputs(io)
    let all = model.logits(patches, .all).reshaped([patches.count, patches.length, model.configuration.vocabulary])
    let kept = all.selected(axis: 1, Array(stride(from: 0, to: patches.length, by: 7)))
    try compare(kept, with: io.entry("every_f64"))
  }

  private func inputs(_ io: Safetensors) throws -> ContextBatch {
    let ids = try io.entry("input_ids")
    return ContextBatch(ids: try ids.int32s().map { UInt8($0) }, count: ids.shape[0], length: ids.shape[1])
  }

  private func compare(_ logits: Tensor, with entry: Safetensors.Entry) throws {
    let expected = entry.doubles()
    let largest = expected.reduce(0) { max($0, abs($1)) }
    #expect(logits.shape == entry.shape)
    for (a, b) in zip(logits.values, expected) { #expect(abs(Double(a) - b) <= 1e-5 * largest) }
  }

  private func compare(_ gradient: [Float], _ name: String, with io: Safetensors) throws {
    let stats = try io.entry("grad_stats." + name).doubles()
    let tolerance = 2e-5 * stats[2] + 1e-7
    if let full = io["grad." + name]?.floats() {
      #expect(gradient.count == full.count)
      for (k, (a, b)) in zip(gradient, full).enumerated() { #expect(Double(abs(a - b)) <= tolerance, "\(name)[\(k)]") }
    } else {
      let sample = try io.entry("grad_sample." + name).floats()
      for (place, b) in zip(sampledPlaces(gradient.count, sample.count), sample) {
        #expect(Double(abs(gradient[place] - b)) <= tolerance, "\(name)[\(place)]")
      }
    }
    // The digests cover every element: the errors of n elements add up at most n-fold.
    let found = digest(gradient)
    let reach = tolerance * Double(gradient.count).squareRoot() * 4
    #expect(abs(found[0] - stats[0]) <= reach, "sum of \(name)")
    #expect(abs(found[1] - stats[1]) <= reach, "norm of \(name)")
    #expect(abs(found[2] - stats[2]) <= tolerance, "largest of \(name)")
    #expect(abs(found[3] - stats[3]) <= reach, "signed sum of \(name)")
  }

  @Test(arguments: [("rnn_ref", 3e-5), ("ssm_bi_d2", 5e-6)], [1, 2])
  func followsTheTrainingTrace(_ trained: (name: String, deviation: Double), threads: Int) throws {
    let model = try Checkpoint.load(Fixture.path("models/\(trained.name)"))
    let batches = try Fixture.tensors("trace/batches.safetensors")
    let inputs = try batches.entry("inputs").uint8s(), targets = try batches.entry("targets").int32s()
    let trace = try Fixture.tensors("trace/\(trained.name).safetensors")
    let optimizer = try Optimizer(model.parameters, .adamW(), rate: 1e-3)
    let step = TrainingStep(.last, threads: threads)
    let size = 8 * 32 * 9
    for (k, expected) in try trace.entry("losses_f64").doubles().enumerated() {
      let patches = ContextBatch(ids: Array(inputs[k * size..<(k + 1) * size]), count: 8, length: 32)
      let (loss, gradients) = try step(model, Example(patches, targets: Array(targets[k * 8..<(k + 1) * 8])))
      #expect(abs(Double(loss) - expected) <= 1e-4 * expected, "step \(k): \(loss) against \(expected)")
      optimizer.step(gradients)
    }
    for parameter in model.parameters {
      let values = parameter.value.values
      let full = trace["final." + parameter.name]?.floats()
      let expected = try full ?? trace.entry("final_sample." + parameter.name).floats()
      let found = full == nil ? sampledPlaces(values.count, expected.count).map { values[$0] } : values
      let squares = zip(found, expected).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
      #expect((squares / Double(expected.count)).squareRoot() <= trained.deviation, "final \(parameter.name)")
    }
  }

  @Test(arguments: ["rnn_uni", "ssm_uni_d2"]) func stepByStepEqualsTheWholeSequence(_ name: String) throws {
    let model = try Checkpoint.load(Fixture.path("models/\(name)"))
    let io = try Fixture.tensors("models/\(name)/io.safetensors")
    let patches = ContextBatch(ids: try io.entry("input_ids").int32s().map { UInt8($0) }, count: 4, length: 32)
    let whole = model.logits(patches, .all).reshaped([4, 32, 113])
    var stepper = try #require(model.stepper(batch: 4))
    for t in 0..<32 {
      let ids = (0..<4).flatMap { sequence -> [UInt8] in
        let place = (sequence * 32 + t) * 9
        return Array(patches.ids[place..<place + 9])
      }
      let logits = try stepper.logits(ContextBatch(ids: ids, count: 4, length: 1))
      let expected = whole.indexed([.all, .position(t)])
      for (a, b) in zip(logits.values, expected.values) { #expect(abs(a - b) <= 1e-5) }
    }
  }

  /// Models that read both ways redo what a new position changes, and no more; on texts of any length that is exact.
  @Test(arguments: ["rnn_ref", "rnn_d1", "rnn_d3", "att_d1", "att_d2", "ssm_bi_d1", "ssm_bi_d2"])
  func growingEqualsTheWholeSequence(_ name: String) throws {
    let model = try Checkpoint.load(Fixture.path("models/\(name)"))
    var random = Random(seed: 5, stream: "patches")
    let ids = (0..<300 * 9).map { $0 % 9 > 4 ? UInt8(0) : UInt8(random.below(113)) }
    var stepper = try #require(model.stepper())
    var start = 0
    for length in [64] + [Int](repeating: 1, count: 200) + [30, 1, 1, 4] {
      let logits = try stepper.logits(
        ContextBatch(ids: Array(ids[start * 9..<(start + length) * 9]), count: 1, length: length))
      start += length
      let expected = model.logits(ContextBatch(ids: Array(ids[..<(start * 9)]), count: 1, length: start))
      for (a, b) in zip(logits.values, expected.values) { #expect(abs(a - b) <= 2e-5, "after \(start)") }
    }
    #expect(start == 300)
  }
}
