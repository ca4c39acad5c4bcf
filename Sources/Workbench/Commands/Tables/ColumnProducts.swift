import PixelScript
import Tensors

extension Command {
  /// One number from two columns in double precision; rows where a value is missing are left out. With a tensor they are those of tensors.
  static var columnProducts: [Command] {
    [
      pairFigure(
        "mse", "Takes the mean of the squared differences of two columns.", "2", { ($0 - $1) * ($0 - $1) },
        figure: { try $0.mean() }, ofTensors: { $0.meanSquaredError($1) }),
      pairFigure(
        "dot", "Sums the products of two columns.", "5", { $0 * $1 }, figure: { try $0.sum() },
        ofTensors: { $0.dot($1) }),
    ]
  }

  private static func pairFigure(
    _ name: String, _ summary: String, _ answer: String, _ join: @escaping @Sendable (Double, Double) -> Double,
    figure: @escaping (NumberFigures) throws -> Double, ofTensors: @escaping (Tensor, Tensor) -> Tensor
  ) -> Command {
    Command(
      name, summary, ListedColumn.parameter, Parameter<Value>("other", "as many numbers, or a tensor of them"),
      example:
        "print \(name)(table({a: [1, nil, 2]}).a, table({b: [1, 3, \(name == "dot" ? 2 : 4)]}).b)  # expect: \(answer)"
    ) { _, listed, other in
      let column = listed.column
      let numbers = try column.numbers(for: name)
      if case .object(let tensor as TensorObject) = other, let own = try column.tensor() {
        guard tensor.shape == own.shape else { throw ShapeError("cannot compare \(own.shape) with \(tensor.shape)") }
        return .object(TensorObject.result(of: [own, tensor]) { ofTensors($0[0], $0[1]) })
      }
      guard case .column(let values)? = try column.operand(other), let others = values.asNumbers else {
        throw ScriptError(
          .type, "`\(name)` expects a column of as many numbers, found \(describe(other))", argument: "other")
      }
      let joined = try Pieces.filled(numbers.count) { row in
        let isMissing = MissingNumber.isMissing(numbers[row]) || MissingNumber.isMissing(others[row])
        return isMissing ? MissingNumber.value : MissingNumber.present(join(numbers[row], others[row]))
      }
      return Column.numbers([try figure(NumberFigures(joined))])[0]
    }
  }
}
