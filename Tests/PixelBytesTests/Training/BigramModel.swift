import PixelBytes
import Tensors

/// The smallest model that reads: the logits after a token are its row of a table and a bias. It keeps what it was asked,
/// and a parameter on which nothing depends.
final class BigramModel: TokenModel {
  /// One batch that the model was asked about.
  struct Call: Equatable {
    let tokens: [[UInt8]]
    let positions: Positions
    let isTraining: Bool
    /// The next number of the stream that dropout draws from.
    let draw: UInt64
  }

  let table, bias, unused: Parameter
  private(set) var calls: [Call] = []
  private(set) var records: [TrainingRecord] = []
  let isConcurrent = false
  let tokenCount = 4

  init() {
    let values = (0..<16).map { Float($0 * 7 % 5 - 2) / 10 }
    table = Parameter("table", Tensor(values, [4, 4]))
    bias = Parameter("bias", Tensor([0.1, -0.2, 0.3, 0], [4]))
    unused = Parameter("unused", Tensor([1, -1], [2]))
  }

  var parameters: [Parameter] { [table, unused, bias] }
  func check(_ positions: Positions) {}
  func remember(_ run: TrainingRecord) { records.append(run) }

  func logits(_ patches: ContextBatch, _ positions: Positions, in pass: Pass) -> Tensor {
    let centers = patches.tokens
    let tokens = stride(from: 0, to: centers.count, by: patches.length).map {
      Array(centers[$0..<$0 + patches.length])
    }
    calls.append(Call(tokens: tokens, positions: positions, isTraining: pass.isTraining, draw: pass.draw()))
    let read = positions == .all ? centers : tokens.compactMap(\.last)
    return pass[table].selected(axis: 0, read.map { Int($0) }) + pass[bias]
  }
}

/// A model whose evaluations come out as they were told: of two tokens the second has a logit that makes the loss of the
/// first the wanted one.
final class ToldModel: TokenModel {
  let parameters = [Parameter("bias", Tensor([0, 0], [2]))]
  let isConcurrent = false
  let tokenCount = 2
  private var losses: [Float]

  /// The losses of the evaluations to come, for each that of the training windows and then, with test rows, of those.
  init(losses: [Float]) { self.losses = losses.reversed() }

  func check(_ positions: Positions) {}

  func logits(_ patches: ContextBatch, _ positions: Positions, in pass: Pass) -> Tensor {
    let bias = pass[parameters[0]]
    guard pass.tape == nil else { return bias.broadcast(to: [patches.count, 2]) }
    // -log(1 / (1 + e^x)) is the loss.
    let x = Tensor(losses.popLast() ?? .nan).exp() - Tensor(1)
    let row = [0, x.values[0] > 0 ? Tensor(x.values[0]).log().values[0] : -100]
    return Tensor((0..<patches.count).flatMap { _ in row }, [patches.count, 2])
  }
}

extension TokenSequences {
  /// Sequences of tokens that have no neighbors above.
  static func centers(_ sequences: [[UInt8]]) -> TokenSequences {
    TokenSequences(sequences.map { PatchSequence(ids: $0.flatMap { [0, 0, 0, 0, $0, 0, 0, 0, 0] }) })
  }
}
