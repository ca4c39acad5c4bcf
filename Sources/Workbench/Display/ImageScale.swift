/// The whole factor by which a picture is enlarged or thinned out to fit into columns and lines.
struct ImageScale {
  /// The size in half cells.
  let width, height: Int
  /// The most half cells of a pixel, so that scraps of pictures stay small.
  private static let mostGrowth = 16
  /// The half cells of a pixel, or the pixels of a half cell; one of them is 1.
  let grow, shrink: Int

  /// Fits a size into columns and lines; a pixel gets at most `wished` half cells when that is said.
  init(_ width: Int, _ height: Int, columns: Int, lines: Int, wished: Int? = nil) {
    let tall = 2 * lines
    shrink = max((width + columns - 1) / columns, (height + tall - 1) / tall)
    let most = wished ?? min(ImageView.comfortableWidth / width, ImageScale.mostGrowth)
    grow = max(1, min(columns / width, tall / height, most))
    self.width = shrink > 1 ? (width + shrink - 1) / shrink : width * grow
    self.height = shrink > 1 ? (height + shrink - 1) / shrink : height * grow
  }

  /// The pixel that a half cell shows.
  func source(_ place: Int) -> Int { shrink > 1 ? place * shrink : place / grow }
}
