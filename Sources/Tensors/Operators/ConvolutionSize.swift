import Kernels
import Safepoint

/// The sizes of a convolution of x [batch, channels, height, width], and how it is done: images are laid out as planes with their
/// padding, where what a filter sees lies at fixed distances from each place, and filters are multiplied with vectors of
/// neighboring places. The gradient of x is such a convolution too, of the results by the filters turned round.
struct ConvolutionSize {
  let batch, groups, height, width, rows, columns: Int
  /// The channels and the filters of one group.
  let depth, breadth: Int
  let kernel, stride, padding, dilation: (Int, Int)

  init(
    _ x: Shape, _ weight: Shape, _ stride: (Int, Int), _ padding: (Int, Int), _ dilation: (Int, Int), _ groups: Int
  ) {
    precondition(
      x.count == 4 && weight.count == 4 && x[1] == weight[1] * groups && weight[0] % groups == 0,
      "cannot convolve \(x) with filters of \(weight) in \(groups) groups")
    (batch, height, width, self.groups) = (x[0], x[2], x[3], groups)
    (depth, breadth, kernel) = (weight[1], weight[0] / groups, (weight[2], weight[3]))
    (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
    let extent = ((kernel.0 - 1) * dilation.0 + 1, (kernel.1 - 1) * dilation.1 + 1)
    rows = (height + 2 * padding.0 - extent.0) / stride.0 + 1
    columns = (width + 2 * padding.1 - extent.1) / stride.1 + 1
    precondition(rows > 0 && columns > 0, "filters of \(weight) do not fit into \(x)")
  }

  var filters: Int { groups * breadth }
  private var window: Int { kernel.0 * kernel.1 }
  private var places: Int { rows * columns }
  /// How far the last tap is from the first.
  private var reach: (Int, Int) { ((kernel.0 - 1) * dilation.0, (kernel.1 - 1) * dilation.1) }
  /// The parts that a plane is cut into: those of its rests that some tap sees.
  private var parts: (Int, Int) { (min(stride.0, reach.0 + 1), min(stride.1, reach.1 + 1)) }
  /// The rows and columns of a plane.
  private var plane: (rows: Int, columns: Int) { (rows + reach.0 / stride.0, columns + reach.1 / stride.1) }
  private var planeSize: Int { plane.rows * plane.columns }
  private var channelSize: Int { parts.0 * parts.1 * planeSize }
  /// The places of all results with what stands between their rows.
  private var span: Int { (rows - 1) * plane.columns + columns }
  /// What kernels read behind the last plane.
  private static let behind = 64 + 16

  /// How the channels of an image are laid out.
  private var inputs: pb_planes {
    pb_planes(
      channels: depth, height: height, width: width, rows: plane.rows, columns: plane.columns, row_parts: parts.0,
      column_parts: parts.1, row_stride: stride.0, column_stride: stride.1, row_padding: padding.0,
      column_padding: padding.1, channel_stride: channelSize)
  }

  /// How results are laid out with rows as long as those of the planes.
  private func results(planeRows: Int, channelStride: Int) -> pb_planes {
    pb_planes(
      channels: breadth, height: rows, width: columns, rows: planeRows, columns: plane.columns, row_parts: 1,
      column_parts: 1, row_stride: 1, column_stride: 1, row_padding: 0, column_padding: 0,
      channel_stride: channelStride)
  }

  /// Where a tap lies in its part of a plane, and which part that is.
  private func place(_ i: Int, _ j: Int) -> (part: Int, offset: Int) {
    let (y, x) = (i * dilation.0, j * dilation.1)
    return (y % stride.0 * parts.1 + x % stride.1, y / stride.0 * plane.columns + x / stride.1)
  }

  /// The distances of all taps of a filter: channels, rows and columns of its kernel.
  private var offsets: [Int] {
    var offsets: [Int] = []
    offsets.reserveCapacity(depth * window)
    for channel in 0..<depth {
      for i in 0..<kernel.0 {
        for j in 0..<kernel.1 {
          let (part, offset) = place(i, j)
          offsets.append(channel * channelSize + part * planeSize + offset)
        }
      }
    }
    return offsets
  }

  /// About the nanoseconds of one image's products.
  private var work: Int { Size.product([filters, depth, window, span]) / 48 + depth * groups * channelSize / 4 }

  /// Calls `body` with each image, on several threads where there are enough of them.
  private func forEachImage(_ body: (Int) -> Void) {
    guard batch >= 4 else { return (0..<batch).forEach(body) }
    Parallel.pieces(batch, nanoseconds: Size.product(batch, work), unit: 1) { part in
      for image in part {
        if Safepoint.mustStop { return }
        body(image)
      }
    }
  }

  /// Filters in blocks as the kernel reads them: [block, tap, filter], from `value` of a filter and a tap.
  private static func packed(_ filters: Int, _ taps: Int, _ value: (Int, Int) -> Float) -> [Float] {
    let block = PB_FILTERS
    var packed = Kernel.zeros((filters + block - 1) / block * block * taps)
    Pieces.walk(rows: filters, width: taps, cost: 2) { f, part in
      let first = f / block * block * taps + f % block
      for t in part { packed[first + t * block] = value(f, t) }
    }
    return packed
  }

  /// The outputs [batch, filters, rows, columns].
  func outputs(_ x: [Float], _ weight: [Float], bias: [Float]?) -> [Float] {
    var y = Kernel.uninitialized(batch * filters * places)
    let (taps, offsets) = (depth * window, offsets)
    let packed = (0..<groups).map { group in
      Self.packed(breadth, taps) { weight[(group * breadth + $0) * taps + $1] }
    }
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        forEachImage { image in
          var planes = Kernel.uninitialized(depth * channelSize + Self.behind)
          for k in depth * channelSize..<planes.count { planes[k] = 0 }
          var found = Kernel.uninitialized(breadth * rows * plane.columns)
          for group in 0..<groups {
            var layout = inputs
            unsafe pb_pack_planes(&layout, x + (image * groups + group) * depth * height * width, &planes)
            let added = bias.map { Array($0[group * breadth..<(group + 1) * breadth]) }
            convolve(packed[group], offsets, added, planes, span, into: &found, stride: rows * plane.columns)
            var crop = results(planeRows: rows, channelStride: rows * plane.columns)
            unsafe pb_unpack_planes(&crop, found, y + (image * groups + group) * breadth * places)
          }
        }
      }
    }
    return y
  }

  /// y = filters of planes at some places, on several threads where the caller is not one of them.
  private func convolve(
    _ packed: [Float], _ offsets: [Int], _ bias: [Float]?, _ planes: [Float], from base: Int = 0, _ places: Int,
    into y: inout [Float], stride: Int
  ) {
    let filters = y.count / stride
    unsafe planes.withUnsafeBufferPointer { planes in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = planes.baseAddress, let y = y.baseAddress else { return }
        Parallel.pieces(places, nanoseconds: Size.product([filters, offsets.count, places]) / 48, unit: 384) { part in
          let first = part.lowerBound
          if let bias {
            unsafe pb_convolve(
              filters, offsets.count, offsets, packed, bias, part.count, x + base + first, y + first, stride)
          } else {
            unsafe pb_convolve(
              filters, offsets.count, offsets, packed, nil, part.count, x + base + first, y + first, stride)
          }
        }
      }
    }
  }
}

extension ConvolutionSize {
  /// The gradient of x from that of the outputs.
  func inputGradient(_ weight: [Float], _ dy: [Float]) -> [Float] {
    // Some of x may be seen by no filter.
    var dx = Kernel.zeros(batch * groups * depth * height * width)
    let taps = depth * window
    // For each part of the planes the taps that see it, the last first.
    var seen = [[(i: Int, j: Int)]](repeating: [], count: parts.0 * parts.1)
    for i in 0..<kernel.0 { for j in 0..<kernel.1 { seen[place(i, j).part].append((i, j)) } }
    let margin = reach.0 / stride.0 * plane.columns + reach.1 / stride.1
    let size = margin + planeSize
    let offsets = seen.map { taps in
      (0..<breadth).flatMap { f in taps.map { f * size - place($0.i, $0.j).offset } }
    }
    let packed = (0..<groups).map { group in
      seen.map { seen in
        Self.packed(depth, breadth * seen.count) { channel, tap in
          let (f, (i, j)) = (tap / seen.count, seen[tap % seen.count])
          return weight[(group * breadth + f) * taps + channel * window + i * kernel.1 + j]
        }
      }
    }
    unsafe dy.withUnsafeBufferPointer { dy in
      unsafe dx.withUnsafeMutableBufferPointer { dx in
        guard let dy = dy.baseAddress, let dx = dx.baseAddress else { return }
        forEachImage { image in
          var planes = Kernel.zeros(breadth * size + Self.behind)
          var found = Kernel.uninitialized(depth * channelSize)
          for group in 0..<groups {
            var layout = results(planeRows: plane.rows, channelStride: size)
            unsafe planes.withUnsafeMutableBufferPointer { planes in
              guard let start = planes.baseAddress else { return }
              unsafe pb_pack_planes(&layout, dy + (image * groups + group) * breadth * places, start + margin)
            }
            for part in seen.indices {
              var gradient = Kernel.zeros(depth * planeSize)
              if !seen[part].isEmpty {
                convolve(
                  packed[group][part], offsets[part], nil, planes, from: margin, planeSize, into: &gradient,
                  stride: planeSize)
              }
              LayoutCopy(
                [depth, planeSize], from: [planeSize, 1], to: [channelSize, 1], target: part * planeSize
              ).run(gradient, into: &found)
            }
            var crop = inputs
            unsafe pb_unpack_planes(&crop, found, dx + (image * groups + group) * depth * height * width)
          }
        }
      }
    }
    return dx
  }

  /// The gradient of the filters from that of the outputs: that of some images at a time, which are added up in double precision.
  func weightGradient(_ x: [Float], _ dy: [Float]) -> [Float] {
    let (taps, offsets) = (depth * window, offsets)
    let share = max(1, (batch + 7) / 8)
    let shares = (batch + share - 1) / share
    var parts = [[Float]](repeating: [], count: shares)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe dy.withUnsafeBufferPointer { dy in
        unsafe parts.withUnsafeMutableBufferPointer { parts in
          guard let x = x.baseAddress, let dy = dy.baseAddress else { return }
          Parallel.pieces(shares, nanoseconds: Size.product(batch, work), unit: 1) { pieces in
            for k in pieces {
              var sums = Kernel.zeros(filters * taps)
              var planes = Kernel.zeros(depth * channelSize + Self.behind)
              var results = Kernel.uninitialized(breadth * rows * plane.columns)
              for image in k * share..<min(batch, (k + 1) * share) {
                for group in 0..<groups {
                  if Safepoint.mustStop(after: work) { break }
                  let index = image * groups + group
                  var layout = inputs
                  unsafe pb_pack_planes(&layout, x + index * depth * height * width, &planes)
                  var rowLayout = self.results(planeRows: rows, channelStride: rows * plane.columns)
                  unsafe pb_pack_planes(&rowLayout, dy + index * breadth * places, &results)
                  unsafe sums.withUnsafeMutableBufferPointer { sums in
                    guard let sums = sums.baseAddress else { return }
                    unsafe results.withUnsafeBufferPointer { results in
                      guard let rows = results.baseAddress else { return }
                      let stride = self.rows * plane.columns
                      Parallel.pieces(breadth, nanoseconds: work, unit: 8) { part in
                        unsafe pb_correlate(
                          part.count, taps, offsets, span, rows + part.lowerBound * stride, stride, planes,
                          sums + (group * breadth + part.lowerBound) * taps)
                      }
                    }
                  }
                }
              }
              unsafe parts[k] = sums
            }
          }
        }
      }
    }
    guard shares > 1 else { return parts.first ?? Kernel.zeros(filters * taps) }
    var totals = Kernel.totals(filters * taps)
    for part in parts { Pieces.walk(part.count) { for k in $0 { totals[k] += Double(part[k]) } } }
    return totals.rounded
  }
}
