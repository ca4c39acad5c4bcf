import Formats
import Safepoint
import Tensors

extension RasterImage {
  /// Returns the picture reduced to at most `maxSize` pixels a side by taking the nearest pixel, its aspect ratio kept.
  ///
  /// A picture that already fits is returned as it is; no side becomes less than 1.
  public func fitted(to maxSize: Int) -> RasterImage {
    let (newWidth, newHeight) = fittedSize(maxSize)
    if (newWidth, newHeight) == (width, height) { return self }
    return picked(
      columns: (0..<newWidth).map { (2 * $0 + 1) * width / (2 * newWidth) },
      rows: (0..<newHeight).map { (2 * $0 + 1) * height / (2 * newHeight) })
  }

  /// The sizes of the picture when its longer side is at most `maxSize`, the aspect ratio kept as well as whole numbers can.
  func fittedSize(_ maxSize: Int) -> (width: Int, height: Int) {
    precondition(maxSize > 0, "a picture of at most \(maxSize) pixels")
    let longest = max(width, height)
    guard longest > maxSize else { return (width, height) }
    func fitted(_ side: Int) -> Int { max(1, (2 * side * maxSize + longest) / (2 * longest)) }
    return (fitted(width), fitted(height))
  }

  /// Returns the picture in another size, each pixel the one that OpenCV's nearest neighbor takes: the first of those that
  /// fall on it.
  package func resized(_ newWidth: Int, _ newHeight: Int) -> RasterImage {
    func places(_ new: Int, _ old: Int) -> [Int] {
      // In double precision as OpenCV has it: whole-number arithmetic gives other pixels for some sizes.
      let step = 1 / (Double(new) / Double(old))
      return (0..<new).map { min(Int(Double($0) * step), old - 1) }
    }
    return picked(columns: places(newWidth, width), rows: places(newHeight, height))
  }

  /// Returns the part of the picture in some columns and rows.
  func cropped(columns: Range<Int>, rows: Range<Int>) -> RasterImage {
    picked(columns: Array(columns), rows: Array(rows))
  }

  private func picked(columns: [Int], rows: [Int]) -> RasterImage {
    var result = Kernel.uninitializedBytes(4 * columns.count * rows.count)
    var place = 0
    for y in rows {
      if Safepoint.mustStop(after: 4 * columns.count) { break }
      for x in columns {
        let pixel = 4 * (y * width + x)
        for sample in 0..<4 { result[place + sample] = rgba[pixel + sample] }
        place += 4
      }
    }
    return RasterImage(width: columns.count, height: rows.count, rgba: result)
  }
}
