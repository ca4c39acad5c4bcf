import Tensors

/// What a model learns from windows: what it reads of them, what it should say, and how wrong it is.
public protocol Objective: Sendable {
  /// What a training record calls it.
  var name: String { get }
  /// The positions that the model gives logits of.
  var positions: Positions { get }
  /// What a model that learns by it is measured by; itself where nothing else is said.
  var measured: any Objective { get }

  /// Throws where the model cannot learn by it; where nothing else is said it asks whether it can from `positions`.
  func check(_ model: any TokenModel) throws

  /// What to read of windows that have one context more than the model sees, and what to say.
  func example(of windows: ContextBatch) -> Example

  /// What the sum of a loss over targets is divided by; the number of those that count where nothing else is said.
  func divisor(of targets: [Int32]) -> Float

  /// The sum, divided by `divisor`, of how wrong the logits are about each target that counts; cross-entropy where nothing
  /// else is said. `logits` has a row [classes] for each target.
  func loss(_ logits: Tensor, _ targets: [Int32], divisor: Float) -> Tensor
}

extension Objective {
  /// Itself.
  public var measured: any Objective { self }

  /// Asks the model whether it can learn from `positions`.
  public func check(_ model: any TokenModel) throws { try model.check(positions) }

  /// The number of targets that count.
  public func divisor(of targets: [Int32]) -> Float {
    Float(max(Example.counted(targets), 1))
  }

  /// The cross-entropy.
  public func loss(_ logits: Tensor, _ targets: [Int32], divisor: Float) -> Tensor {
    logits.crossEntropy(targets, divisor: divisor)
  }

  /// The logits of a model for an example: a row for each target.
  func logits(of model: any TokenModel, _ example: Example, in pass: Pass) throws -> Tensor {
    let logits = try model.logits(example.inputs, positions, in: pass)
    let targets = example.targets.count
    return logits.shape[0] == targets ? logits : logits.reshaped([targets, -1])
  }
}

/// Windows as an objective wants them: what a model reads, and what it should say.
public struct Example: Sendable {
  /// The target of a place that does not count.
  public static let ignored = Tensor.ignoredLabel

  /// What the model reads.
  public let inputs: ContextBatch
  /// The tokens that it should say, sequence by sequence and as many for each; `ignored` where nothing is asked.
  ///
  /// There is one for each row of the logits; where there are several, a row holds the logits of one after the other.
  public let targets: [Int32]

  /// Creates an example; another number of targets for each sequence is a programmer's mistake.
  public init(_ inputs: ContextBatch, targets: [Int32]) {
    precondition(
      inputs.count > 0 ? targets.count % inputs.count == 0 : targets.isEmpty,
      "\(targets.count) targets for \(inputs.count) sequences")
    (self.inputs, self.targets) = (inputs, targets)
  }

  /// The number of targets that count.
  public var countedTargets: Int { Self.counted(targets) }

  static func counted(_ targets: [Int32]) -> Int { targets.reduce(0) { $0 + ($1 == ignored ? 0 : 1) } }

  /// The sequences `range` alone.
  public func sequences(_ range: Range<Int>) -> Example {
    let each = targets.count / inputs.count
    return Example(
      inputs.sequences(range), targets: Array(targets[range.lowerBound * each..<range.upperBound * each]))
  }
}
