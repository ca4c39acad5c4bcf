import PixelScript
import Tensors
import Workbench

// An operator: its values, and the gradient of its input from that of its result.
extension Tensor {
  /// x / (1 + |x|), to the same shape (PyTorch's `softsign`).
  func softsign() -> Tensor {
    let x = values
    return .recorded(x.map { $0 / (1 + Swift.abs($0)) }, shape, from: [self]) { gradient in
      let dx = zip(gradient.values, x).map { $0 / ((1 + Swift.abs($1)) * (1 + Swift.abs($1))) }
      return [Tensor(dx, gradient.shape)]
    }
  }
}

// A command: its name, what help says of it, its parameters, a script that shows it, and what it does.
extension CommandGroup {
  /// The commands of this program.
  static var client: CommandGroup {
    CommandGroup(
      "Client",
      [
        Command(
          "softsign", "Gives x / (1 + |x|) of every element.", Parameter<TensorObject>("x", "a tensor or a number"),
          example: "print softsign(tensor([1, -3]))  # expect: tensor([0.50, -0.75], shape [2], float32)"
        ) { _, x in .object(TensorObject.result(of: [x]) { $0[0].softsign() }) }
      ])
  }
}
