/// The projections of attention as PyTorch stores them: queries, keys and values of width D under one another.
public struct AttentionWeights {
  let input, inputBias: Tensor

  /// in_proj_weight [3D, D] and in_proj_bias [3D].
  public init(input: Tensor, inputBias: Tensor) {
    precondition(
      input.shape.count == 2 && input.shape[0] == 3 * input.shape[1] && inputBias.shape == [input.shape[0]],
      "attention weights of \(input.shape) and \(inputBias.shape)")
    (self.input, self.inputBias) = (input, inputBias)
  }

  var width: Int { input.shape[1] }

  /// Some of the projections of x [rows, D], side by side: `parts` of 0 (queries), 1 (keys) and 2 (values).
  func project(_ x: [Float], rows: Int, _ parts: Range<Int>) -> [Float] {
    let columns = parts.count * width
    let bias = Array(inputBias.values[parts.lowerBound * width..<parts.upperBound * width])
    var y = Kernel.rows(of: bias, rows: rows, stride: columns)
    BLAS.multiply(
      x, .init(rows, width), input.values, .init(columns, width, offset: parts.lowerBound * width * width),
      transposeRight: true, into: &y, .init(rows, columns), accumulate: true)
    return y
  }
}

/// Which keys each query sees, and what dropout does to the probabilities.
public struct AttentionOptions: Sendable {
  /// The number of heads, which divides the width.
  public var heads: Int
  /// Whether query j sees key i, both counted from the start of the sequence; nil where each sees all.
  public var sees: AttentionMask?
  /// The share of the probabilities that dropout clears, and its seed.
  public var dropout: Dropout

  /// Creates options.
  public init(heads: Int, sees: AttentionMask? = nil, dropout: Dropout = .none) {
    (self.heads, self.sees, self.dropout) = (heads, sees, dropout)
  }
}

/// A rule that says which earlier positions a position sees.
public enum AttentionMask: Equatable, Sendable {
  /// All up to itself.
  case causal
  /// Itself and at most `memory` positions before its block of `block` positions (Parmar et al. 2018, 1-D).
  case blocks(Int, memory: Int)
  /// In rows of `row` positions: itself and at most `memory` rows above and columns to the left of its square block, up to
  /// the block's right edge (the same, 2-D).
  case squares(Int, memory: Int, row: Int)

  /// Whether the query at one position sees the key at another.
  public func sees(query: Int, key: Int) -> Bool {
    switch self {
    case .causal: key <= query
    case .blocks(let block, let memory): key <= query && key >= query / block * block - memory
    case .squares(let side, let memory, let row):
      key <= query && key / row >= query / row / side * side - memory
        && key % row >= query % row / side * side - memory && key % row < (query % row / side + 1) * side
    }
  }

  /// Keys before this one are seen by none of the queries from `query` on.
  func firstKey(query: Int) -> Int {
    switch self {
    case .causal: 0
    case .blocks(let block, let memory): max(0, query / block * block - memory)
    case .squares(let side, let memory, let row): max(0, query / row / side * side - memory) * row
    }
  }

  /// What the kernel wants of the queries from `first` on, over the keys from `start` on: 0 where a query sees a key and
  /// -infinity elsewhere, a padded row a key; and the keys that blocks of queries see.
  func values(queries: Int, from first: Int, keys: Range<Int>) -> (mask: [Float], ranges: [Int32]) {
    let stride = Kernel.rowStride(queries)
    var values = [Float](repeating: 0, count: keys.count * stride)
    var ranges: [Int32] = []
    for block in Swift.stride(from: 0, to: queries, by: Kernel.Attention.blockSize) {
      let end = min(block + Kernel.Attention.blockSize, queries)
      let seen = firstKey(query: first + block) - keys.lowerBound..<first + end - keys.lowerBound
      // All queries of the block see the keys before it, unless the rule says more.
      let uncertain = self == .causal ? first + block - keys.lowerBound..<seen.upperBound : seen
      ranges += [Int32(seen.lowerBound), Int32(seen.upperBound)]
      for key in uncertain {
        for query in block..<end where !sees(query: first + query, key: keys.lowerBound + key) {
          values[key * stride + query] = -.infinity
        }
      }
    }
    return (values, ranges)
  }
}

extension Tensor {
  /// Attention of several heads of x [batch, time, D] to itself before the output projection (Vaswani et al. 2017), to the
  /// same shape, or to [batch, 1, D] with `lastOnly`.
  ///
  /// Projection of queries, keys and values and all heads are one node, which keeps no probabilities.
  public func attention(
    _ weights: AttentionWeights, _ options: AttentionOptions, lastOnly: Bool = false
  ) -> Tensor {
    let (batch, time, width) = (shape[0], shape[1], weights.width)
    precondition(shape[2] == width && width % options.heads == 0, "attention of \(options.heads) heads over \(shape)")
    let queries = lastOnly ? 1 : time
    let w = AttentionWeights(input: weights.input.constant, inputBias: weights.inputBias.constant)
    let rows = lastOnly ? indexed([.all, .position(-1)]).values : values
    let projected = w.project(values, rows: batch * time, lastOnly ? 1..<3 : 0..<3)
    let stride = lastOnly ? 2 * width : 3 * width
    let kernel = Kernel.Attention(
      batch: batch, time: time, queries: queries, heads: options.heads, depth: width / options.heads,
      queryStride: lastOnly ? width : stride, queryOffset: 0, stride: stride, keyOffset: stride - 2 * width,
      valueOffset: stride - width, sequenceStride: time * stride,
      q: lastOnly ? w.project(rows, rows: batch, 0..<1) : projected, keyValues: projected,
      sees: lastOnly && options.sees == .causal ? nil : options.sees.map { ($0, time - queries, 0) },
      keep: options.dropout.keep, seed: options.dropout.seed)
    let (out, logarithms) = kernel.forward()
    let x = constant
    return .recorded(
      out, [batch, queries, width], from: [self, weights.input, weights.inputBias],
      keeping: .init(result: true, floats: projected.count + logarithms.count)
    ) { gradient in
      let (dq, dkv) = kernel.backward(out, logarithms, gradient.values)
      if lastOnly { return w.gradients(x, last: rows, dq, dkv) }
      var whole = dkv
      Kernel.axpy(1, dq, into: &whole)
      return w.gradients(x, whole)
    }
  }
}

extension AttentionWeights {
  /// The gradients of x, weight and bias from that of all three projections.
  fileprivate func gradients(_ x: Tensor, _ dy: [Float]) -> [Tensor?] {
    let rows = x.count / width
    let (sizeX, sizeY, sizeW) = (BLAS.Matrix(rows, width), BLAS.Matrix(rows, 3 * width), BLAS.Matrix(3 * width, width))
    var (dx, dw) = (Kernel.uninitialized(x.count), Kernel.uninitialized(input.count))
    BLAS.multiply(dy, sizeY, input.values, sizeW, into: &dx, sizeX)
    BLAS.multiply(dy, sizeY, transposeLeft: true, x.values, sizeX, into: &dw, sizeW)
    let bias = Kernel.columnSums(dy, rows: rows, columns: 3 * width, stride: 3 * width)
    return [Tensor(dx, x.shape), Tensor(dw, input.shape), Tensor(bias, inputBias.shape)]
  }

  /// The same from that of the last position's queries and of all keys and values.
  fileprivate func gradients(_ x: Tensor, last: [Float], _ dq: [Float], _ dkv: [Float]) -> [Tensor?] {
    let (batch, time) = (x.shape[0], x.shape[1])
    let rows = batch * time
    let (queryWeight, otherWeight) = (
      BLAS.Matrix(width, width), BLAS.Matrix(2 * width, width, offset: width * width)
    )
    var (dx, dw) = (Kernel.uninitialized(x.count), Kernel.uninitialized(input.count))
    BLAS.multiply(dkv, .init(rows, 2 * width), input.values, otherWeight, into: &dx, .init(rows, width))
    BLAS.multiply(
      dkv, .init(rows, 2 * width), transposeLeft: true, x.values, .init(rows, width), into: &dw, otherWeight)
    BLAS.multiply(
      dq, .init(batch, width), input.values, queryWeight, into: &dx,
      .init(batch, width, stride: time * width, offset: (time - 1) * width), accumulate: true)
    BLAS.multiply(
      dq, .init(batch, width), transposeLeft: true, last, .init(batch, width), into: &dw, queryWeight)
    let bias =
      Kernel.columnSums(dq, rows: batch, columns: width, stride: width)
      + Kernel.columnSums(dkv, rows: rows, columns: 2 * width, stride: 2 * width)
    return [Tensor(dx, x.shape), Tensor(dw, input.shape), Tensor(bias, inputBias.shape)]
  }
}
