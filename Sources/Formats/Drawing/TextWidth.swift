/// How wide texts are in the font of drawings, DejaVu Sans, whose measures Verdana shares.
public enum TextWidth {
  /// The name of the font, then of those that stand in for it.
  public static let fonts = "'DejaVu Sans', Verdana, Arial, sans-serif"
  /// The widths of the characters of ASCII from the space on, in thousandths of the size.
  private static let widths: [Double] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
  ]

  /// The width of a text in points; characters beyond ASCII count as wide as a digit, those from U+2E80 on as a full square.
  public static func points(_ text: String, size: Double, isBold: Bool = false) -> Double {
    let thousandths = text.unicodeScalars.reduce(0.0) { sum, scalar in
      switch scalar.value {
      case 32..<127: sum + widths[Int(scalar.value) - 32]
      case 0x2E80...: sum + 1000
      default: sum + 636
      }
    }
    return thousandths * size / 1000 * (isBold ? 1.12 : 1)
  }
}
