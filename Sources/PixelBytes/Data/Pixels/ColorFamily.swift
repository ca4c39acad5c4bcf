/// The name that a person gives a color.
public enum ColorFamily: String, CaseIterable, Sendable {
  /// The names in the order that settles ties.
  case red, orange, yellow, green, cyan, blue, purple, pink, brown, gray, white, black

  /// The family of a color: that of the nearest color of the NES palette.
  public init(_ color: Color) { self = Self.ofNES[Int(Palette.nes.nearest(to: color))] }

  /// The families of the 55 colors of `Palette.nes`.
  static let ofNES: [ColorFamily] = [
    .black, .white, .white, .gray, .gray, .cyan, .blue, .blue, .blue, .purple, .blue,
    .blue, .blue, .purple, .purple, .purple, .purple, .pink, .pink, .pink, .purple, .pink,
    .pink, .red, .red, .brown, .red, .red, .red, .orange, .orange, .orange, .brown,
    .yellow, .yellow, .brown, .brown, .green, .green, .green, .green, .green, .green, .green,
    .green, .cyan, .green, .green, .green, .cyan, .cyan, .cyan, .cyan, .pink, .gray,
  ]

  /// Returns the first color word of a text, nil when there is none; "grey" counts as gray.
  public static func named(in text: String) -> ColorFamily? {
    let words = text.lowercased().split { !$0.isLetter }
    return words.lazy.compactMap { $0 == "grey" ? .gray : ColorFamily(rawValue: String($0)) }.first
  }

  /// Returns the family that most of a picture belongs to, its background and black outlines left out.
  ///
  /// The background is the most common color of the border. Nil when nothing stands on it; black when all that stands on
  /// it is black. Ties go to the first family in `allCases`.
  public static func dominant(of image: IndexedImage) -> ColorFamily? {
    let border =
      (0..<image.width).flatMap { [image[$0, 0], image[$0, image.height - 1]] }
      + (0..<image.height).flatMap { [image[0, $0], image[image.width - 1, $0]] }
    let background = mostCommon(border.sorted())
    var pixels = [Int](repeating: 0, count: image.palette.colors.count)
    for index in image.indices where index != background { pixels[Int(index)] += 1 }
    var counts: [ColorFamily: Int] = [:]
    for (index, count) in pixels.enumerated() where count > 0 {
      counts[ColorFamily(image.palette.colors[index]), default: 0] += count
    }
    if counts.count > 1 { counts[.black] = nil }
    guard let most = counts.values.max() else { return nil }
    return allCases.first { counts[$0] == most }
  }
}
