import Safepoint

extension GrayImage {
  /// Returns whether each pixel lies on an edge (Canny 1986), with the whole-number arithmetic of OpenCV's default: Sobel
  /// gradients of 3 x 3, their magnitude the sum of both, borders continued.
  ///
  /// A pixel steeper than `high` that is the steepest across its edge is one, and so is every such pixel steeper than
  /// `low` that is joined to one.
  package func edges(low: Int32, high: Int32) -> [Bool] {
    let (horizontal, vertical) = gradients()
    var ridges = Ridges(width: width, height: height, horizontal: horizontal, vertical: vertical)
    return ridges.edges(low: low, high: high)
  }

  /// The Sobel gradients, row-major.
  private func gradients() -> (horizontal: [Int16], vertical: [Int16]) {
    var horizontal = [Int16](repeating: 0, count: width * height)
    var vertical = horizontal
    for y in 0..<height {
      if Safepoint.mustStop(after: 8 * width) { break }
      let (above, row, below) = (max(y - 1, 0) * width, y * width, min(y + 1, height - 1) * width)
      for x in 0..<width {
        let (left, right) = (max(x - 1, 0), min(x + 1, width - 1))
        func sample(_ start: Int, _ column: Int) -> Int16 { Int16(samples[start + column]) }
        horizontal[row + x] =
          sample(above, right) - sample(above, left) + 2 * (sample(row, right) - sample(row, left))
          + sample(below, right) - sample(below, left)
        vertical[row + x] =
          sample(below, left) - sample(above, left) + 2 * (sample(below, x) - sample(above, x))
          + sample(below, right) - sample(above, right)
      }
    }
    return (horizontal, vertical)
  }
}

/// The magnitudes of gradients in a field with a border of zeros.
private struct Ridges {
  let width: Int
  let height: Int
  let horizontal: [Int16]
  let vertical: [Int16]
  private let stride: Int
  private var magnitudes: [Int32]

  init(width: Int, height: Int, horizontal: [Int16], vertical: [Int16]) {
    (self.width, self.height, self.horizontal, self.vertical) = (width, height, horizontal, vertical)
    stride = width + 2
    magnitudes = [Int32](repeating: 0, count: stride * (height + 2))
    for y in 0..<height {
      if Safepoint.mustStop(after: 2 * width) { break }
      for x in 0..<width {
        let pixel = y * width + x
        magnitudes[(y + 1) * stride + x + 1] = abs(Int32(horizontal[pixel])) + abs(Int32(vertical[pixel]))
      }
    }
  }

  mutating func edges(low: Int32, high: Int32) -> [Bool] {
    // Of each cell: 0 no edge, 1 an edge if it is joined to one, 2 an edge.
    var states = [UInt8](repeating: 0, count: magnitudes.count)
    var stack: [Int32] = []
    for y in 0..<height {
      if Safepoint.mustStop(after: 8 * width) { break }
      for x in 0..<width {
        let place = (y + 1) * stride + x + 1
        guard magnitudes[place] > low, isRidge(place, y * width + x) else { continue }
        states[place] = magnitudes[place] > high ? 2 : 1
        if states[place] == 2 { stack.append(Int32(place)) }
      }
    }
    let around = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1]
    while let place = stack.popLast().map(Int.init), !Safepoint.mustStop(after: 16) {
      for offset in around where states[place + offset] == 1 {
        states[place + offset] = 2
        stack.append(Int32(place + offset))
      }
    }
    var edges = [Bool](repeating: false, count: width * height)
    for y in 0..<height {
      if Safepoint.mustStop(after: 2 * width) { break }
      for x in 0..<width { edges[y * width + x] = states[(y + 1) * stride + x + 1] == 2 }
    }
    return edges
  }

  /// Whether no neighbor across the edge is steeper.
  private func isRidge(_ place: Int, _ pixel: Int) -> Bool {
    let here = magnitudes[place]
    let (dx, dy) = (Int32(horizontal[pixel]), Int32(vertical[pixel]))
    let (x, y) = (abs(dx), abs(dy) << 15)
    // The tangents of 22.5 and 67.5 degrees in steps of 1 / 32768; the second is 2 more than the first.
    let shallow = x * 13573
    if y < shallow { return here > magnitudes[place - 1] && here >= magnitudes[place + 1] }
    if y > shallow + x << 16 { return here > magnitudes[place - stride] && here >= magnitudes[place + stride] }
    let side = (dx ^ dy) < 0 ? -1 : 1
    return here > magnitudes[place - stride - side] && here > magnitudes[place + stride + side]
  }
}
