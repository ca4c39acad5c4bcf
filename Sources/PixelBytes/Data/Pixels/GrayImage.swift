import Formats
import Safepoint

/// A picture of brightness alone, 0 (black) to 255.
package struct GrayImage: Equatable, Sendable {
  /// The number of columns.
  package let width: Int
  /// The number of rows.
  package let height: Int
  /// The samples, row-major.
  package let samples: [UInt8]

  /// The brightness of an opaque picture, with the weights and the rounding of OpenCV.
  package init(_ image: RasterImage) {
    (width, height) = (image.width, image.height)
    var samples = [UInt8](repeating: 0, count: image.width * image.height)
    for pixel in samples.indices {
      if Safepoint.mustStop(after: 2) { break }
      let (red, green) = (Int(image.rgba[4 * pixel]), Int(image.rgba[4 * pixel + 1]))
      let blue = Int(image.rgba[4 * pixel + 2])
      samples[pixel] = UInt8((9798 * red + 19235 * green + 3735 * blue + 16384) >> 15)
    }
    self.samples = samples
  }
}

extension GrayImage {
  /// The columns and rows of the largest region darker than `limit`, its holes counted in; nil when nothing is darker.
  ///
  /// Pixels belong together when they touch, corners included. The size of a region is the area inside the line through the
  /// middles of its outermost pixels, as of a contour of OpenCV; then the number of its pixels counts, then which comes first.
  package func largestRegion(darkerThan limit: UInt8) -> (columns: Range<Int>, rows: Range<Int>)? {
    var mask = RegionMask(self, darkerThan: limit)
    var best: RegionMask.Region?
    for place in mask.cells.indices {
      if Safepoint.mustStop(after: 2) { break }
      guard mask.cells[place] == RegionMask.unvisited else { continue }
      let region = mask.region(from: place)
      if best.map({ (region.area, region.pixels) > ($0.area, $0.pixels) }) ?? true { best = region }
    }
    return best.map { ($0.columns, $0.rows) }
  }
}

/// Which pixels of a picture are dark or enclosed by dark ones, with a border of bright cells around them.
private struct RegionMask {
  static let outside: UInt8 = 0
  static let unvisited: UInt8 = 1
  static let visited: UInt8 = 2
  static let bright: UInt8 = 3

  struct Region {
    var columns: Range<Int>
    var rows: Range<Int>
    /// In twelfths of a pixel.
    var area = 0
    var pixels = 0
  }

  private(set) var cells: [UInt8]
  private let stride: Int
  private var stack: [Int32] = []

  init(_ image: GrayImage, darkerThan limit: UInt8) {
    stride = image.width + 2
    cells = [UInt8](repeating: Self.bright, count: stride * (image.height + 2))
    for y in 0..<image.height {
      if Safepoint.mustStop(after: 2 * image.width) { break }
      for x in 0..<image.width where image.samples[y * image.width + x] < limit {
        cells[(y + 1) * stride + x + 1] = Self.unvisited
      }
    }
    floodOutside()
    for place in cells.indices {
      if Safepoint.mustStop(after: 2) { break }
      if cells[place] == Self.bright { cells[place] = Self.unvisited }
    }
  }

  /// Marks the bright cells that lead to the border; the others are holes.
  private mutating func floodOutside() {
    cells[0] = Self.outside
    stack = [0]
    while let place = stack.popLast().map(Int.init), !Safepoint.mustStop(after: 16) {
      for next in [place - stride, place - 1, place + 1, place + stride]
      where cells.indices.contains(next) && cells[next] == Self.bright {
        cells[next] = Self.outside
        stack.append(Int32(next))
      }
    }
  }

  /// Visits all cells that are joined to one.
  mutating func region(from start: Int) -> Region {
    let around = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1]
    var (left, right, top, bottom) = (Int.max, 0, Int.max, 0)
    var region = Region(columns: 0..<0, rows: 0..<0)
    cells[start] = Self.visited
    stack = [Int32(start)]
    while let place = stack.popLast().map(Int.init), !Safepoint.mustStop(after: 16) {
      let (x, y) = (place % stride - 1, place / stride - 1)
      (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
      region.pixels += 1
      region.area += area(at: place)
      for offset in around where cells[place + offset] == Self.unvisited {
        cells[place + offset] = Self.visited
        stack.append(Int32(place + offset))
      }
    }
    (region.columns, region.rows) = (left..<right + 1, top..<bottom + 1)
    return region
  }

  /// A cell's share of the squares between the middles of four neighbors: a whole square, or half of one, inside the line.
  private func area(at place: Int) -> Int {
    var twelfths = 0
    for corner in [place - stride - 1, place - stride, place - 1, place] {
      var filled = 0
      for cell in [corner, corner + 1, corner + stride, corner + stride + 1] where cells[cell] != Self.outside {
        filled += 1
      }
      twelfths += filled == 4 ? 3 : filled == 3 ? 2 : 0
    }
    return twelfths
  }
}
