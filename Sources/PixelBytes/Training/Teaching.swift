import Safepoint
import Tensors

/// What models that have learned already say of each token, which one that learns is told beside the token itself: the mean of
/// their probabilities (knowledge distillation, Hinton et al. 2015, at temperature 1).
public struct Teaching {
  /// The models, which do not change.
  public let teachers: [any TokenModel]
  /// What they say is a share of each target, the token the rest.
  public let share: Float

  /// Throws where there is no teacher, or one that has other tokens or reads other contexts than the model that learns.
  init(_ teachers: [any TokenModel], share: Float, of model: any TokenModel, _ positions: Positions) throws {
    let learned = Set(model.parameters.map { ObjectIdentifier($0) })
    for teacher in teachers {
      guard !teacher.parameters.contains(where: { learned.contains(ObjectIdentifier($0)) }) else {
        throw ConfigurationError(
          "a model does not teach itself: a copy of it, or another one, keeps what it has learned", setting: "teacher")
      }
      guard teacher.parameters.allSatisfy({ $0.value.values.allSatisfy(\.isFinite) }) else {
        throw ConfigurationError("a teacher has weights that are no numbers", setting: "teacher")
      }
      guard teacher.tokenCount == model.tokenCount else {
        throw ConfigurationError(
          "a teacher has \(teacher.tokenCount) tokens, and the model \(model.tokenCount)", setting: "teacher")
      }
      try teacher.check(reads: model.contextShape)
      try teacher.check(positions)
    }
    (self.teachers, self.share) = (teachers, share)
  }

  /// Whether several threads may ask at once.
  var isConcurrent: Bool { teachers.allSatisfy(\.isConcurrent) }

  /// The bytes, about, that what they say of so many positions takes.
  func workBytes(positions: Int) -> Int { teachers.map { $0.workBytes(positions: positions) }.max() ?? 0 }

  /// The sum of the loss of the next token over an example, divided by `divisor`.
  func loss(_ logits: Tensor, _ example: Example, _ objective: NextToken, divisor: Float) throws -> Tensor {
    var mean = [Float](repeating: 0, count: logits.count)
    let scale = 1 / Float(teachers.count)
    for teacher in teachers {
      let said = try objective.logits(of: teacher, example, in: Pass()).softmax().values
      for place in mean.indices { mean[place] += scale * said[place] }
      try Safepoint.check(after: mean.count)
    }
    return logits.crossEntropy(
      example.targets, smoothing: share, towards: mean, weights: objective.weights, divisor: divisor)
  }
}
