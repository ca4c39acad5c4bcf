/// The weights of PxByEmbed: each patch of 3x3 token ids becomes a vector of `width` numbers.
public struct PatchEmbeddingWeights {
  let table, mix, projection: Tensor
  let convolution: (weight: Tensor, bias: Tensor)?

  /// Weights of shapes table [V, e], mix [1, 1, 3, 3], projection [D, 9e], and the convolution's [e, e, 3, 3] and [e] for
  /// the variant that has one.
  public init(table: Tensor, mix: Tensor, projection: Tensor, convolution: (weight: Tensor, bias: Tensor)?) {
    let e = table.shape[1]
    precondition(mix.count == 9 && projection.shape.count == 2 && projection.shape[1] == 9 * e)
    precondition(convolution.map { $0.weight.shape == [e, e, 3, 3] && $0.bias.shape == [e] } ?? true)
    (self.table, self.mix, self.projection, self.convolution) = (table, mix, projection, convolution)
  }
}

/// What each token in each cell of a patch adds to the patch's vector: PxByEmbed before its layer norm, worked out once.
///
/// sigmoid(a) E + (1 - sigmoid(a)) conv(E) over the 3x3 patch, flattened channel by channel and projected, is linear in the
/// embedded ids. So it is a sum over the nine cells of one row of a table [9, V, D], and a patch costs nine additions of
/// D numbers instead of a convolution and a projection. The variant without a convolution is sigmoid(a) E.
public struct PatchTable {
  private let cells, constant: Tensor

  /// The table of some weights, recorded where they are; `bias` [D] is the projection's.
  public init(_ weights: PatchEmbeddingWeights, bias: Tensor) {
    cells = weights.cellTable()
    constant = weights.constantPart(bias)
  }

  /// The vectors [patches, D] of patches of nine token ids each, all below V.
  public func callAsFunction(_ ids: [UInt8]) -> Tensor {
    let entries = cells.shape[1], width = cells.shape[2]
    let rows = ids.count / 9
    let y = Kernel.gatherSum(ids: ids, cells: 9, table: cells.values, bias: constant.values)
    return .recorded(y, [rows, width], from: [cells, constant], keeping: .only(ids.count / 4)) { gradient in
      let table = Kernel.scatterSum(ids: ids, cells: 9, entries: entries, dim: width, gradient.values)
      let sums = Kernel.columnSums(gradient.values, rows: rows, columns: width, stride: width)
      return [Tensor(table, [9, entries, width]), Tensor(sums, [width])]
    }
  }
}

extension PatchEmbeddingWeights {
  /// What token v in cell q adds to the embedding, for each (q, v): [9, V, D].
  fileprivate func cellTable() -> Tensor {
    let (entries, e, width) = (table.shape[0], table.shape[1], projection.shape[0])
    let share = mix.reshaped([9]).sigmoid()
    // How channel c in cell q reaches the flattened channel k of cell p: [9 q, e c, e k, 9 p].
    var reach = share.reshaped([9, 1, 1, 1]) * Tensor.identityReach(e)
    if let convolution {
      reach = reach + convolution.weight.reachOfTaps() * (Tensor(1) - share)
    }
    // Through the projection [D, e k * 9 p], then over the embeddings of all tokens.
    let projected = reach.reshaped([9 * e, e * 9]).linear(projection).reshaped([9, e, width])
    return Tensor.stacked((0..<9).map { table.matrixProduct(projected.indexed([.position($0)])) })
      .reshaped([9, entries, width])
  }

  /// What does not depend on the tokens: the projection's bias and the convolution's bias through it, [D].
  fileprivate func constantPart(_ bias: Tensor) -> Tensor {
    guard let convolution else { return bias }
    let e = convolution.bias.shape[0]
    let share = Tensor(1) - mix.reshaped([1, 9]).sigmoid()
    let flat = (convolution.bias.reshaped([e, 1]) * share).reshaped([1, e * 9])
    return flat.linear(projection).reshaped([projection.shape[0]]) + bias
  }
}

extension Tensor {
  /// 1 where channel and cell stay themselves: [9 q, e c, e k, 9 p].
  fileprivate static func identityReach(_ e: Int) -> Tensor {
    var values = [Float](repeating: 0, count: 81 * e * e)
    for q in 0..<9 { for c in 0..<e { values[((q * e + c) * e + c) * 9 + q] = 1 } }
    return Tensor(values, [9, e, e, 9])
  }

  /// A 3x3 convolution [k, c, 3, 3] with padding 1 written out over the cells of a patch: [9 q, e c, e k, 9 p].
  fileprivate func reachOfTaps() -> Tensor {
    let e = shape[0]
    let zero = e * e * 9  // The place of the 0 appended below, for taps that fall outside the patch.
    var places: [Int] = []
    places.reserveCapacity(81 * e * e)
    for q in 0..<9 {
      for c in 0..<e {
        for k in 0..<e {
          for p in 0..<9 {
            let (row, column) = (q / 3 - p / 3 + 1, q % 3 - p % 3 + 1)
            let inside = (0..<3).contains(row) && (0..<3).contains(column)
            places.append(inside ? ((k * e + c) * 3 + row) * 3 + column : zero)
          }
        }
      }
    }
    return Tensor.concatenated([reshaped([zero]), Tensor([0], [1])]).gathered(places, [9, e, e, 9])
  }
}
