/// The whole factor by which a picture is enlarged or thinned out to fit into columns and lines.
struct ImageScale {
  /// The size in half cells.
  let width, height: Int
  /// The most half cells of a pixel, so that scraps of pictures stay small.
  private static let mostGrowth = 16
  /// The half cells of a pixel, or the pixels of a half cell; one of them is 1.
  let grow, shrink: Int

  init(_ width: Int, _ height: Int, columns: Int, lines: Int) {
    let tall = 2 * lines
    shrink = max((width + columns - 1) / columns, (height + tall - 1) / tall)
    grow = max(1, min(columns / width, ImageView.comfortableWidth / width, tall / height, ImageScale.mostGrowth))
    self.width = shrink > 1 ? (width + shrink - 1) / shrink : width * grow
    self.height = shrink > 1 ? (height + shrink - 1) / shrink : height * grow
  }

  /// The pixel that a half cell shows.
  func source(_ place: Int) -> Int { shrink > 1 ? place * shrink : place / grow }
}
