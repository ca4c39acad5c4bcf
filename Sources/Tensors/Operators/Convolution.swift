import Safepoint

extension ShapeRule {
  /// The shape of the convolution of `x` [batch, channels, spatial...] with `weight` [filters, channels / groups,
  /// kernel...], `padding` zeros on both sides of each spatial axis.
  public static func convolution(
    _ x: Shape, _ weight: Shape, axes: Int, stride: Int, padding: Int, groups: Int
  ) throws(ShapeError) -> Shape {
    guard x.count == axes + 2, weight.count == axes + 2, groups > 0, stride > 0, padding >= 0,
      x[1] == weight[1] * groups, weight[0] % groups == 0
    else {
      let parts = groups == 1 ? "" : " in \(groups) groups"
      throw ShapeError("cannot convolve \(x) with filters of \(weight)\(parts)")
    }
    var shape = [x[0], weight[0]]
    for axis in 2..<axes + 2 {
      let size = x[axis] + 2 * padding - weight[axis]
      guard size >= 0, weight[axis] > 0 else { throw ShapeError("filters of \(weight) do not fit into \(x)") }
      shape.append(size / stride + 1)
    }
    return shape
  }
}

extension Tensor {
  /// The cross-correlation of x [batch, channels, length] with filters [filters, channels / groups, kernel] (PyTorch's
  /// `conv1d`).
  public func convolution1D(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) -> Tensor {
    let x = reshaped([shape[0], shape[1], 1, shape[2]])
    let filters = weight.reshaped([weight.shape[0], weight.shape[1], 1, weight.shape[2]])
    let y = x.convolved(filters, bias: bias, ConvolutionSize(x.shape, filters.shape, (1, stride), (0, padding), groups))
    return y.reshaped([y.shape[0], y.shape[1], y.shape[3]])
  }

  /// The cross-correlation of x [batch, channels, height, width] with filters [filters, channels / groups, kernel height,
  /// kernel width] (PyTorch's `conv2d`).
  public func convolution2D(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) -> Tensor {
    let size = ConvolutionSize(shape, weight.shape, (stride, stride), (padding, padding), groups)
    return convolved(weight, bias: bias, size)
  }

  private func convolved(_ weight: Tensor, bias: Tensor?, _ size: ConvolutionSize) -> Tensor {
    let (x, w) = (constant, weight.constant)
    let (needs, hasBias) = ((isRecorded, weight.isRecorded), bias != nil)
    let y = size.outputs(values, weight.values, bias: bias?.values)
    let shape = [size.batch, size.filters, size.rows, size.columns]
    return .recorded(y, shape, from: [self, weight] + (bias.map { [$0] } ?? [])) { gradient in
      let part = size.gradients(x.values, w.values, gradient.values, forX: needs.0, forWeight: needs.1)
      let forX = needs.0 ? Tensor(part.x, x.shape) : nil
      let forWeight = needs.1 ? Tensor(part.weight, w.shape) : nil
      guard hasBias else { return [forX, forWeight] }
      let places = size.rows * size.columns
      let sums = gradient.reshaped([size.batch, size.filters, places]).sum(axis: 2).sum(axis: 0)
      return [forX, forWeight, sums]
    }
  }
}

/// The sizes of a convolution of x [batch, channels, height, width], and how it is done: each filter is a row of a matrix that
/// multiplies columns, which are what the filters see of x at some places. A tile of places at a time is laid out, so that it
/// stays in the processor's caches however large x is.
private struct ConvolutionSize {
  let batch, groups, height, width, rows, columns: Int
  /// The channels and the filters of one group.
  let depth, breadth: Int
  let kernel, stride, padding: (Int, Int)

  init(_ x: Shape, _ weight: Shape, _ stride: (Int, Int), _ padding: (Int, Int), _ groups: Int) {
    precondition(
      x.count == 4 && weight.count == 4 && x[1] == weight[1] * groups && weight[0] % groups == 0,
      "cannot convolve \(x) with filters of \(weight) in \(groups) groups")
    (batch, height, width, self.groups) = (x[0], x[2], x[3], groups)
    (depth, breadth, kernel) = (weight[1], weight[0] / groups, (weight[2], weight[3]))
    (self.stride, self.padding) = (stride, padding)
    rows = (height + 2 * padding.0 - kernel.0) / stride.0 + 1
    columns = (width + 2 * padding.1 - kernel.1) / stride.1 + 1
    precondition(rows > 0 && columns > 0, "filters of \(weight) do not fit into \(x)")
  }

  var filters: Int { groups * breadth }
  /// The numbers of x that one output is made of.
  private var taps: Int { depth * kernel.0 * kernel.1 }
  private var places: Int { rows * columns }
  /// The places of a tile, whose columns take about half a megabyte.
  private var tile: Int { max(16, min(places, (1 << 17) / max(taps, 1))) }

  /// The filters of a group as rows.
  private func filters(_ group: Int) -> BLAS.Matrix { BLAS.Matrix(breadth, taps, offset: group * breadth * taps) }

  /// What the filters of a group give at some places, one filter a row.
  private func outputs(_ image: Int, _ group: Int, _ part: Range<Int>) -> BLAS.Matrix {
    let first = (image * groups + group) * breadth * places
    return BLAS.Matrix(breadth, part.count, stride: places, offset: first + part.lowerBound)
  }

  /// Calls `body` with an image, a group and some places, until the work must stop.
  private func forEachTile(_ body: (_ image: Int, _ group: Int, _ places: Range<Int>) -> Void) {
    guard places > 0 else { return }
    for image in 0..<batch {
      for group in 0..<groups {
        for first in Swift.stride(from: 0, to: places, by: tile) {
          let part = first..<min(places, first + tile)
          if Safepoint.mustStop(after: part.count * taps) { return }
          body(image, group, part)
        }
      }
    }
  }

  /// The outputs [batch, filters, rows, columns].
  func outputs(_ x: [Float], _ weight: [Float], bias: [Float]?) -> [Float] {
    var y = Kernel.uninitialized(batch * filters * places)
    var seen = Kernel.uninitialized(taps * tile)
    if let bias {
      Pieces.walk(rows: batch * filters, width: places) { row, part in
        let value = bias[row % filters]
        for k in part { y[row * places + k] = value }
      }
    }
    forEachTile { image, group, part in
      lay(x, image, group, part, into: &seen)
      BLAS.multiply(
        weight, filters(group), seen, BLAS.Matrix(taps, part.count), into: &y, outputs(image, group, part),
        accumulate: bias != nil)
    }
    return y
  }

  /// The gradients of x and of the weight, empty where they are not asked for.
  func gradients(
    _ x: [Float], _ weight: [Float], _ dy: [Float], forX: Bool, forWeight: Bool
  ) -> (x: [Float], weight: [Float]) {
    var dx = forX ? Kernel.zeros(x.count) : []
    var dw = forWeight ? Kernel.zeros(weight.count) : []
    var seen = Kernel.uninitialized(taps * tile)
    forEachTile { image, group, part in
      let (size, results) = (BLAS.Matrix(taps, part.count), outputs(image, group, part))
      if forWeight {
        lay(x, image, group, part, into: &seen)
        BLAS.multiply(
          dy, results, seen, size, transposeRight: true, into: &dw, filters(group), accumulate: true)
      }
      if forX {
        BLAS.multiply(weight, filters(group), transposeLeft: true, dy, results, into: &seen, size)
        add(seen, image, group, part, to: &dx)
      }
    }
    return (dx, dw)
  }

  /// A stretch of places in one row of the output as one tap sees it.
  private struct Stretch {
    /// Where it stands in the tile.
    let columns: Range<Int>
    /// Where those of its places that lie inside x stand in the tile, and where the first of them lies in x.
    let inside: Range<Int>
    let source: Int
  }

  /// Calls `body` with every stretch of some places of an image, tap after tap.
  @inline(__always)
  private func forEachStretch(_ image: Int, _ group: Int, _ part: Range<Int>, _ body: (Stretch) -> Void) {
    var target = 0
    for channel in 0..<depth {
      let plane = ((image * groups + group) * depth + channel) * height * width
      for i in 0..<kernel.0 {
        for j in 0..<kernel.1 {
          // The columns of the output whose place under this tap lies inside x.
          let shift = padding.1 - j
          let low = shift <= 0 ? 0 : (shift + stride.1 - 1) / stride.1
          let high = width + shift <= 0 ? 0 : (width + shift - 1) / stride.1 + 1
          var place = part.lowerBound
          while place < part.upperBound {
            let (row, column) = place.quotientAndRemainder(dividingBy: columns)
            let end = min(columns, column + part.upperBound - place)
            let y = row * stride.0 + i - padding.0
            let first = min(max(low, column), end)
            let last = (0..<height).contains(y) ? max(first, min(high, end)) : first
            body(
              Stretch(
                columns: target..<target + end - column, inside: target + first - column..<target + last - column,
                source: plane + y * width + first * stride.1 - shift))
            target += end - column
            place += end - column
          }
        }
      }
    }
  }

  /// Lays out what the filters of a group see of an image at some places: one row a tap.
  private func lay(_ x: [Float], _ image: Int, _ group: Int, _ part: Range<Int>, into seen: inout [Float]) {
    unsafe x.withUnsafeBufferPointer { x in
      unsafe seen.withUnsafeMutableBufferPointer { seen in
        guard let from = x.baseAddress, let to = seen.baseAddress else { return }
        forEachStretch(image, group, part) { stretch in
          let (columns, inside) = (stretch.columns, stretch.inside)
          unsafe (to + columns.lowerBound).update(repeating: 0, count: inside.lowerBound - columns.lowerBound)
          if stride.1 == 1 {
            unsafe (to + inside.lowerBound).update(from: from + stretch.source, count: inside.count)
          } else {
            for k in 0..<inside.count { unsafe to[inside.lowerBound + k] = from[stretch.source + k * stride.1] }
          }
          unsafe (to + inside.upperBound).update(repeating: 0, count: columns.upperBound - inside.upperBound)
        }
      }
    }
  }

  /// Adds what was laid out to where it came from.
  private func add(_ seen: [Float], _ image: Int, _ group: Int, _ part: Range<Int>, to x: inout [Float]) {
    unsafe seen.withUnsafeBufferPointer { seen in
      unsafe x.withUnsafeMutableBufferPointer { x in
        guard let from = seen.baseAddress, let to = x.baseAddress else { return }
        forEachStretch(image, group, part) { stretch in
          for k in 0..<stretch.inside.count {
            unsafe to[stretch.source + k * stride.1] += from[stretch.inside.lowerBound + k]
          }
        }
      }
    }
  }
}
