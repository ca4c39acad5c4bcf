import PixelBytes
import Tensors

/// A model that reads contexts of any shape: the logits after a position are the sum of a row of a table for each cell.
struct CellModel: TokenModel {
  let contextShape: ContextShape
  let tokenCount: Int
  /// How many tokens it tells at once.
  let targets: Int
  let table: Parameter
  let isConcurrent = true
  /// Whether it goes on from where it was, in generation.
  var steps = false

  init(_ shape: ContextShape, tokens: Int = 4, targets: Int = 1) {
    (contextShape, tokenCount, self.targets) = (shape, tokens, targets)
    table = Parameter("table", Tensor(repeating: 0, [shape.cells * tokens, targets * tokens]))
  }

  var parameters: [Parameter] { [table] }
  func check(_ positions: Positions) {}

  func logits(_ contexts: ContextBatch, _ positions: Positions, in pass: Pass) -> Tensor {
    let read = positions == .all ? contexts : contexts.positions(contexts.length - 1..<contexts.length)
    let rows = read.ids.enumerated().map { Int($1) + $0 % contextShape.cells * tokenCount }
    return pass[table].selected(axis: 0, rows).reshaped([-1, contextShape.cells, targets * tokenCount]).sum(axis: 1)
  }

  func stepper(batch: Int) -> (any TokenStepper)? { steps ? Stepper(model: self, batch: batch) : nil }

  /// It remembers nothing, but asks for what it is given.
  private struct Stepper: TokenStepper {
    let model: CellModel
    let batch: Int
    private var isFirst = true

    init(model: CellModel, batch: Int) { (self.model, self.batch) = (model, batch) }

    mutating func logits(_ contexts: ContextBatch) throws -> Tensor {
      guard contexts.count == batch, isFirst || contexts.length == 1 else { throw Misfed(length: contexts.length) }
      isFirst = false
      return model.logits(contexts, .last, in: Pass())
    }
  }

  /// A stepper was given other contexts than those that came to its sequences.
  struct Misfed: Error, Equatable { let length: Int }
}

extension PatchSequence {
  /// Contexts of as many tokens as there are cells, the last of them the position's own, with 0 before the beginning.
  init(_ tokens: [UInt8], cells: Int) {
    let padded = [UInt8](repeating: 0, count: cells - 1) + tokens
    self.init(
      ids: tokens.indices.flatMap { padded[$0..<$0 + cells] }, shape: ContextShape(columns: cells, predicted: cells - 1)
    )
  }
}
