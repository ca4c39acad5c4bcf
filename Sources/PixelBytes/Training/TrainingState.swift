import Foundation
import Tensors

/// Where a run of training stands: all that it needs beside weights, data and options to go on, to the bit, as if it had never
/// stopped.
///
/// The place in the schedule is the step, and dropout draws from the seed and the step, so neither is kept twice. Only the
/// moments and averages are large: who keeps them elsewhere takes them out and puts them back.
public struct TrainingState: Codable, Equatable, Sendable {
  /// What the optimizer keeps of one parameter.
  public struct Moments: Equatable, Sendable {
    /// The mean of the gradients.
    public var first: [Float]
    /// The mean of their squares; empty where the optimizer keeps none.
    public var second: [Float]

    /// Moments of one parameter.
    public init(first: [Float], second: [Float]) { (self.first, self.second) = (first, second) }
  }

  /// Numbers of one parameter; in files the base64 of the floats, the lowest byte first.
  public struct Floats: Equatable, Sendable {
    /// The numbers.
    public var values: [Float]

    /// Wraps numbers.
    public init(_ values: [Float]) { self.values = values }
  }

  /// The optimizer steps done.
  public var step = 0
  /// The epoch under way, counted from 1.
  public var epoch = 1
  /// The windows of this epoch's order that are done.
  public var position = 0
  /// The random streams by their names: "shuffle" as it is before it draws this epoch's order.
  public var streams: [String: Random]
  /// The tokens trained on.
  public var tokens = 0
  /// Those of them since the last evaluation.
  public var tokensSinceEvaluation = 0
  /// The seconds of the run, evaluations included.
  @Exact public var seconds = 0
  /// The loss of the last steps, recent ones counting more.
  @Exact public var meanLoss = 0
  /// The lowest loss that an evaluation has found.
  @Exact public var best = .infinity
  /// The evaluations that found none lower than the best before.
  public var evaluationsSinceBest = 0
  /// The evaluations in their order.
  public var history: [HistoryRow] = []
  /// The moments of each parameter, by its name.
  public var moments: [String: Moments] = [:]
  /// The optimizer steps of the parameters that took others than the run, as they had no gradient in some, or as their moments began
  /// anew; nil where there are none.
  public var laterSteps: [String: Int]?
  /// The averaged weights of each parameter, by its name; empty where nothing is averaged.
  public var average: [String: Floats] = [:]
  /// The SHA-256 of the weights that the run started from; nil in files of before it was kept.
  public var firstWeights: String?

  /// The state before the first step of a model.
  init(seed: UInt64, of model: any TokenModel) {
    streams = [Self.shuffle: Random(seed: seed, stream: Self.shuffle)]
    firstWeights = WeightDigest.of(model)
  }

  static let shuffle = "shuffle"
}

extension TrainingState {
  mutating func add(loss: Double, windows: Int, tokens: Int) {
    step += 1
    position += windows
    self.tokens += tokens
    tokensSinceEvaluation += tokens
    // An average over about the last 20 steps, unbiased from the first one on.
    meanLoss += (loss - meanLoss) / Double(min(step, 20))
  }

  mutating func add(_ row: HistoryRow) {
    history.append(row)
    tokensSinceEvaluation = 0
    let loss = (row.test ?? row.train).loss
    evaluationsSinceBest = loss < best ? 0 : evaluationsSinceBest + 1
    best = min(best, loss)
  }

  func isOutOf(_ patience: Int?) -> Bool { patience.map { evaluationsSinceBest >= $0 } ?? false }
}

extension TrainingState.Moments: Codable {
  private enum CodingKeys: String, CodingKey { case first, second }

  /// Writes both.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(TrainingState.Floats(first), forKey: .first)
    try container.encode(TrainingState.Floats(second), forKey: .second)
  }

  /// Reads both.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    first = try container.decode(TrainingState.Floats.self, forKey: .first).values
    second = try container.decode(TrainingState.Floats.self, forKey: .second).values
  }
}

extension TrainingState.Floats: Codable {
  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    let bytes = values.flatMap { float in (0..<4).map { UInt8(truncatingIfNeeded: float.bitPattern >> (8 * $0)) } }
    var container = encoder.singleValueContainer()
    try container.encode(Data(bytes).base64EncodedString())
  }

  /// Reads the text; throws when it is no base64 of whole floats.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let bytes = Data(base64Encoded: try container.decode(String.self)), bytes.count % 4 == 0 else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected the base64 of floats of 32 bits")
    }
    values = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
  }
}
