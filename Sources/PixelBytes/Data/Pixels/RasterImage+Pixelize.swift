import Formats
import Safepoint

extension RasterImage {
  /// Returns the picture as a sprite of at most `maxSize` pixels a side in the colors of a palette.
  ///
  /// Alpha is merged with white; what lies around the largest region darker than 240 of 255 is cut off; when the shorter
  /// side then exceeds 200, edges are drawn in black; and between a reduction to twice the size and one to the size itself
  /// the colors are gathered into as many as the palette has, by k-means that depends on `seed` alone. The aspect ratio of
  /// what is left after the cut is kept; a smaller picture is not enlarged. `maxSize` below 1 is a programmer's mistake.
  public func pixelized(to palette: Palette = .nes, maxSize: Int = 25, seed: UInt64 = 0) -> IndexedImage {
    let picture = fitted(to: Self.pixelizedLimit).mergedWithWhite.croppedToRegion.withEdges
    let (width, height) = picture.fittedSize(maxSize)
    let doubled = picture.resized(2 * width, 2 * height)
    let reduced = doubled.clustered(colors: palette.colors.count, seed: seed)
    return reduced.resized(width, height).quantized(to: palette)
  }

  /// Larger pictures are first reduced to this many pixels a side, which bounds memory and time.
  static let pixelizedLimit = 4096

  /// The bounding box of the largest dark region; the whole picture when nothing is dark.
  package var croppedToRegion: RasterImage {
    guard !Safepoint.mustStop, let box = GrayImage(self).largestRegion(darkerThan: 240) else { return self }
    return cropped(columns: box.columns, rows: box.rows)
  }

  /// The picture with its edges in black, when its shorter side exceeds 200 pixels; they are 1 / 200 of it wide.
  package var withEdges: RasterImage {
    let shorter = min(width, height)
    guard shorter > 200, !Safepoint.mustStop else { return self }
    var edges = GrayImage(self).edges(low: 100, high: 200)
    edges = edges.dilated(by: shorter / 200, columns: width)
    var rgba = rgba
    for (pixel, isEdge) in edges.enumerated() {
      if Safepoint.mustStop(after: 4) { break }
      guard isEdge else { continue }
      for sample in 4 * pixel..<4 * pixel + 3 { rgba[sample] = 0 }
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }

  /// The picture with its colors gathered into at most `colors` by k-means.
  package func clustered(colors: Int, seed: UInt64) -> RasterImage {
    var counts = ColorCounts()
    counts.add(self)
    let entries = counts.entries
    guard entries.count > colors, !Safepoint.mustStop else { return self }
    let clusters = ColorClusters(entries.map { ($0.color, $0.count) }, count: colors, seed: seed)
    let middles = Dictionary(
      uniqueKeysWithValues: zip(entries.map(\.key), clusters.places.map { clusters.centers[$0] }))
    var result = rgba
    for place in stride(from: 0, to: rgba.count, by: 4) {
      if Safepoint.mustStop(after: 32) { break }
      let color = Color(rgba[place], rgba[place + 1], rgba[place + 2])
      let middle = middles[counts.key(of: color)] ?? color
      (result[place], result[place + 1], result[place + 2], result[place + 3]) = (
        middle.red, middle.green, middle.blue, 255
      )
    }
    return RasterImage(width: width, height: height, rgba: result)
  }
}

extension [Bool] {
  /// The field with every true cell grown to a square of `side` cells; of an even side, more after the cell than before it.
  package func dilated(by side: Int, columns: Int) -> [Bool] {
    guard side > 1 else { return self }
    let (before, after) = ((side - 1) / 2, side / 2)
    func grown(_ cells: [Bool], step: Int, length: Int) -> [Bool] {
      var result = cells
      for place in cells.indices where cells[place] {
        if Safepoint.mustStop(after: 2 * side) { break }
        let along = place / step % length
        for offset in -Swift.min(before, along)...Swift.min(after, length - 1 - along) {
          result[place + offset * step] = true
        }
      }
      return result
    }
    return grown(grown(self, step: 1, length: columns), step: columns, length: count / columns)
  }
}
