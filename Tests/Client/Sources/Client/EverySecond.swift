import PixelBytes
import Tensors

// An objective: what is read of windows, and what should be said.
/// The token that follows, after every second position.
struct EverySecond: Objective {
  let name = "every second"
  let positions = Positions.all

  func example(of windows: ContextBatch) -> Example {
    let next = NextToken(.all).example(of: windows)
    let targets = next.targets.enumerated().map { place, token in
      place % next.inputs.length % 2 == 0 ? token : Example.ignored
    }
    return Example(next.inputs, targets: targets)
  }
}

// A model that is no `SequenceModel`: logits of contexts of any shape, and a stepper for sequences that grow.
/// The logits after a token are its row of a table.
struct Bigram: TokenModel {
  let contextShape: ContextShape
  let tokenCount = 113
  let isConcurrent = true
  private let table = Parameter("table", Tensor(repeating: 0, [113, 113]))

  init(_ contextShape: ContextShape) { self.contextShape = contextShape }

  var parameters: [Parameter] { [table] }
  func check(_ positions: Positions) {}

  func logits(_ contexts: ContextBatch, _ positions: Positions, in pass: Pass) -> Tensor {
    let tokens = contexts.tokens.map { Int($0) }
    return pass[table].selected(axis: 0, tokens).reshaped([contexts.count, contexts.length, tokenCount]).rows(positions)
  }

  func stepper(batch: Int) -> (any TokenStepper)? { Stepper(model: self) }

  /// What came before decides nothing, so it is not kept.
  private struct Stepper: TokenStepper {
    let model: Bigram
    func logits(_ contexts: ContextBatch) -> Tensor { model.logits(contexts, .last, in: Pass()) }
  }
}
