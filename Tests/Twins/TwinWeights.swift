import Foundation
import PixelBytes
import Tensors

/// A sequence, position by position.
package typealias Rows = [[Double]]

/// The numbers of a model in Double, by their names in checkpoints: all that its slow twin has of it.
///
/// The twins are the definitions of the papers written out as plain loops over one sequence at a time. They share no code
/// with the library.
package struct TwinWeights {
  /// A parameter read as rows.
  struct Matrix {
    let columns: Int
    let values: [Double]
    var rows: Int { values.count / columns }
    subscript(row: Int, column: Int) -> Double { values[row * columns + column] }
  }

  private var matrices: [String: Matrix]
  private var path = ""

  init(_ parameters: [Parameter]) {
    matrices = Dictionary(
      uniqueKeysWithValues: parameters.map {
        ($0.name, Matrix(columns: $0.value.shape.last ?? 1, values: $0.value.values.map { Double($0) }))
      })
  }

  /// The numbers of a layer.
  subscript(layer: String) -> TwinWeights {
    var inner = self
    inner.path += layer + "."
    return inner
  }

  func has(_ name: String) -> Bool { matrices[path + name] != nil }

  /// A parameter of this layer; a name that the model lacks is a mistake of the twin.
  func matrix(_ name: String) -> Matrix {
    guard let matrix = matrices[path + name] else { preconditionFailure("the model has no parameter \(path + name)") }
    return matrix
  }

  func values(_ name: String) -> [Double] { matrix(name).values }

  /// The weights with `step` times `direction` added to one parameter.
  package func moved(_ name: String, along direction: [Double], by step: Double) -> TwinWeights {
    let before = matrix(name)
    var moved = self
    moved.matrices[path + name] = Matrix(
      columns: before.columns, values: zip(before.values, direction).map { $0 + step * $1 })
    return moved
  }
}

func + (a: Rows, b: Rows) -> Rows { zip(a, b).map { zip($0, $1).map { $0 + $1 } } }

func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
func silu(_ x: Double) -> Double { x * sigmoid(x) }
