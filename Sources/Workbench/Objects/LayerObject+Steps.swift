import PixelBytes
import PixelScript
import Tensors

extension LayerObject {
  /// What gives the next positions of so many sequences, from their start on; nil where some layer must see them whole.
  ///
  /// Functions of the script may look at any position: only the commands that work on each element by itself go on.
  func stepping(batch: Int, _ context: CallContext) -> ((Tensor) throws -> Tensor)? {
    switch content {
    case .operation(let operation, _): return operation.stepping(batch: batch)
    case .function(let function):
      guard let name = function.commandName, Command.elementwise.contains(where: { $0.name == name }) else {
        return nil
      }
      return { x in
        let result = try context.call(.function(function), .object(TensorObject(x)))
        guard case .object(let tensor as TensorObject) = result else { return x }
        return tensor.tensor
      }
    case .sequence(let adds):
      var steps: [(Tensor) throws -> Tensor] = []
      for (_, layer) in members {
        guard let step = layer.stepping(batch: batch, context) else { return nil }
        steps.append(step)
      }
      return { [steps] x in
        let result = try steps.reduce(x) { try $1($0) }
        return adds ? x + result : result
      }
    case .module, .ended: return nil
    }
  }
}

/// Layers in the middle of sequences that grow.
struct LayerStepper: TokenStepper {
  let next: (Tensor) throws -> Tensor

  /// The logits after the last of the next patches.
  mutating func logits(_ contexts: ContextBatch) throws -> Tensor {
    let ids = Tensor(
      contexts.ids.map { Float($0) }, [contexts.count, contexts.length] + contexts.shape.dimensions)
    return try next(ids).rows(.last)
  }
}
