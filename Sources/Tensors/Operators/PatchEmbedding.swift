/// The weights of PxByEmbed: each patch of token ids, 3x3 in the paper, becomes a vector of `width` numbers.
public struct PatchEmbeddingWeights {
  let table, mix, projection: Tensor
  let convolution: (weight: Tensor, bias: Tensor)?

  /// Weights of shapes table [V, e], mix [1, 1, rows, columns], projection [D, rows * columns * e], and the convolution's
  /// [e, e, taps, taps] and [e] for the variant that has one, of an odd number of taps.
  public init(table: Tensor, mix: Tensor, projection: Tensor, convolution: (weight: Tensor, bias: Tensor)?) {
    let e = table.shape[1]
    precondition(mix.shape.count == 4 && projection.shape.count == 2 && projection.shape[1] == mix.count * e)
    if let (weight, bias) = convolution {
      let taps = weight.shape.last ?? 0
      precondition(taps % 2 == 1 && weight.shape == [e, e, taps, taps] && bias.shape == [e])
    }
    (self.table, self.mix, self.projection, self.convolution) = (table, mix, projection, convolution)
  }
}

/// What each token in each cell of a patch adds to the patch's vector: PxByEmbed before its layer norm, worked out once.
///
/// sigmoid(a) E + (1 - sigmoid(a)) conv(E) over the patch, flattened channel by channel and projected, is linear in the
/// embedded ids. So it is a sum over its n cells of one row of a table [n, V, D], and a patch costs n additions of
/// D numbers instead of a convolution and a projection. The variant without a convolution is sigmoid(a) E.
public struct PatchTable {
  private let cells, constant: Tensor

  /// The table of some weights, recorded where they are; `bias` [D] is the projection's.
  public init(_ weights: PatchEmbeddingWeights, bias: Tensor) {
    cells = weights.cellTable()
    constant = weights.constantPart(bias)
  }

  /// The vectors [patches, D] of patches of a token id for each cell, all below V.
  public func callAsFunction(_ ids: [UInt8]) -> Tensor {
    let (count, entries, width) = (cells.shape[0], cells.shape[1], cells.shape[2])
    precondition(ids.count % count == 0, "\(ids.count) ids are no whole number of patches of \(count)")
    let rows = ids.count / count
    let y = Kernel.gatherSum(ids: ids, cells: count, table: cells.values, bias: constant.values)
    return .recorded(y, [rows, width], from: [cells, constant], keeping: .only(ids.count / 4)) { gradient in
      let table = Kernel.scatterSum(ids: ids, cells: count, entries: entries, dim: width, gradient.values)
      let sums = Kernel.columnSums(gradient.values, rows: rows, columns: width, stride: width)
      return [Tensor(table, [count, entries, width]), Tensor(sums, [width])]
    }
  }
}

extension PatchEmbeddingWeights {
  /// What token v in cell q adds to the embedding, for each (q, v): [n, V, D].
  fileprivate func cellTable() -> Tensor {
    let (entries, e, width) = (table.shape[0], table.shape[1], projection.shape[0])
    let (rows, columns, n) = (mix.shape[2], mix.shape[3], mix.count)
    let share = mix.reshaped([n]).sigmoid()
    // How channel c in cell q reaches the flattened channel k of cell p: [n q, e c, e k, n p].
    var reach = share.reshaped([n, 1, 1, 1]) * Tensor.identityReach(e, cells: n)
    if let convolution {
      let taps = TapReach(e: e, taps: convolution.weight.shape[3], rows: rows, columns: columns)
      reach = reach + taps(convolution.weight) * (Tensor(1) - share)
    }
    // Through the projection [D, e k * n p], then over the embeddings of all tokens.
    let projected = reach.reshaped([n * e, e * n]).linear(projection).reshaped([n, e, width])
    return Tensor.stacked((0..<n).map { table.matrixProduct(projected.indexed([.position($0)])) })
      .reshaped([n, entries, width])
  }

  /// What does not depend on the tokens: the projection's bias and the convolution's bias through it, [D].
  fileprivate func constantPart(_ bias: Tensor) -> Tensor {
    guard let convolution else { return bias }
    let e = convolution.bias.shape[0]
    let share = Tensor(1) - mix.reshaped([1, mix.count]).sigmoid()
    let flat = (convolution.bias.reshaped([e, 1]) * share).reshaped([1, e * mix.count])
    return flat.linear(projection).reshaped([projection.shape[0]]) + bias
  }
}

/// How the channels of cells reach each other through the taps of a convolution that leaves the size as it is, [n q, e c, e k, n p].
private struct TapReach {
  let e, taps, rows, columns: Int

  private var cells: Int { rows * columns }
  private var shape: Shape { [cells, e, e, cells] }

  /// Calls `body` for each pair of cells of which one is seen from the other: where the first of their e x e numbers stands in the
  /// reach, and the tap.
  private func forEachPair(_ body: (_ place: Int, _ tap: Int) -> Void) {
    for q in 0..<cells {
      for p in 0..<cells {
        let row = q / columns - p / columns + taps / 2
        let column = q % columns - p % columns + taps / 2
        guard (0..<taps).contains(row), (0..<taps).contains(column) else { continue }
        body(q * e * e * cells + p, row * taps + column)
      }
    }
  }

  /// The weights [k, c, taps, taps] written out.
  func callAsFunction(_ weight: Tensor) -> Tensor {
    let (e, cells, area) = (e, cells, taps * taps)
    var reach = Kernel.zeros(shape.elementCount)
    let values = weight.values
    forEachPair { place, tap in
      for c in 0..<e {
        for k in 0..<e { reach[place + (c * e + k) * cells] = values[(k * e + c) * area + tap] }
      }
    }
    return .recorded(reach, shape, from: [weight], keeping: .only()) { gradient in
      let changes = gradient.values
      var sums = Kernel.zeros(e * e * area)
      forEachPair { place, tap in
        for c in 0..<e {
          for k in 0..<e { sums[(k * e + c) * area + tap] += changes[place + (c * e + k) * cells] }
        }
      }
      return [Tensor(sums, [e, e, taps, taps])]
    }
  }
}

extension Tensor {
  /// 1 where channel and cell stay themselves: [n q, e c, e k, n p].
  fileprivate static func identityReach(_ e: Int, cells n: Int) -> Tensor {
    var values = [Float](repeating: 0, count: n * n * e * e)
    for q in 0..<n { for c in 0..<e { values[((q * e + c) * e + c) * n + q] = 1 } }
    return Tensor(values, [n, e, e, n])
  }
}
