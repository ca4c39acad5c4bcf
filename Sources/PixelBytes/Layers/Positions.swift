import Foundation
import Tensors

/// What tells the positions of a sequence apart in a model of attention.
public enum PositionKind: String, CaseIterable, Sendable {
  /// Nothing, as in the paper.
  case none
  /// A trained vector for each of the first 1024 positions, from which later ones begin again.
  case learned
  /// Sines and cosines of many wavelengths (Vaswani et al. 2017).
  case sinusoidal
}

/// Vectors added to the embedding of each position.
public struct PositionEncoding {
  /// The positions with vectors of their own when these are learned.
  static let learnedCount = 1024
  private let kind: PositionKind
  private let table: Parameter?

  /// Encodings of `width` numbers; learned ones are called `weight` and begin small beside an embedding.
  public init(_ kind: PositionKind, width: Int, in scope: ParameterScope) {
    self.kind = kind
    table = kind == .learned ? scope.parameter("weight", [Self.learnedCount, width], .uniform(0.05)) : nil
    table?.operations = 0
    table?.role = .embedding
  }

  /// x [batch, time, width] with the encodings of the positions from `first` on added.
  public func callAsFunction(_ x: Tensor, from first: Int = 0, in pass: Pass) -> Tensor {
    let (time, width) = (x.shape[1], x.shape[2])
    switch kind {
    case .none: return x
    case .learned:
      guard let table else { preconditionFailure("learned positions have a table") }
      return x + pass[table].selected(axis: 0, (first..<first + time).map { $0 % Self.learnedCount })
    case .sinusoidal: return x + Tensor(Sinusoids(width: width)(first..<first + time), [time, width])
    }
  }

  /// Encodings of positions in rows of `row`: half of the width tells the row and the other half the column.
  static func grid(_ positions: Range<Int>, row: Int, width: Int) -> Tensor {
    let half = width / 2
    let firstRow = positions.lowerBound / row
    let rows = Sinusoids(width: half)(firstRow...max(positions.upperBound - 1, 0) / row)
    // Columns repeat after a row.
    let columns = Sinusoids(width: width - half)(positions.prefix(row).map { $0 % row })
    var values: [Float] = []
    values.reserveCapacity(positions.count * width)
    for position in positions {
      let (r, c) = (position / row - firstRow, (position - positions.lowerBound) % row)
      values += rows[r * half..<(r + 1) * half]
      values += columns[c * (width - half)..<(c + 1) * (width - half)]
    }
    return Tensor(values, [positions.count, width])
  }
}

/// Sines and cosines of wavelengths that grow from 2 pi to 20,000 pi along the width.
private struct Sinusoids {
  /// The radians that a position adds, for each pair of places.
  private let rates: [Double]
  private let width: Int

  init(width: Int) {
    self.width = width
    rates = stride(from: 0, to: width, by: 2).map { pow(10_000, -Double($0) / Double(width)) }
  }

  /// sin(p / 10000^(k / width)) at even places k and the cosine of the same behind each, for each position p.
  func callAsFunction(_ positions: some Sequence<Int>) -> [Float] {
    positions.flatMap { position in
      (0..<width).map { place in
        let angle = Double(position) * rates[place / 2]
        return Float(place % 2 == 0 ? sin(angle) : cos(angle))
      }
    }
  }
}
