import Formats

/// What is to be seen of work under way below its line of progress: the curve of a figure, and a picture.
public struct LiveView: Sendable, Equatable {
  /// The lines that it takes.
  public static let height = 8
  /// The columns below which it is not worth while.
  public static let leastWidth = 40
  private static let pictureWidth = 16
  private static let curveWidth = 60

  /// Counts the views of one piece of work, so that one that was drawn is not drawn again.
  public let number: Int
  private let name: String
  private let values: [Double]
  private let picture: RasterImage?

  /// A view of a figure's values, and maybe of a picture.
  package init(number: Int, name: String, values: [Double], picture: RasterImage?) {
    (self.number, self.name, self.values, self.picture) = (number, name, values.filter(\.isFinite), picture)
  }

  /// Its lines, `height` of them, within the style's width.
  public func lines(_ style: DisplayStyle) -> [String] {
    let pictures = picture.map { picture in
      let width = min(Self.pictureWidth, max(Self.pictureWidth * picture.width / picture.height, 1))
      return ImageView(picture, style: style.inText, columns: width)
    }
    let labels = [values.max(), values.min()].map { $0.map { NumberForm(of: $0).text($0) } ?? "" }
    let indent = max(labels.map(\.count).max() ?? 0, name.count)
    let room = style.width - indent - 3 - (pictures.map { $0.columns + 2 } ?? 0)
    let curve = curve(columns: max(min(room, Self.curveWidth), 1), style)
    return (0..<Self.height).map { row in
      let label = row == 0 ? labels[0] : row == Self.height - 1 ? labels[1] : row == Self.height / 2 ? name : ""
      let isLabeled = row == 0 || row == Self.height - 1
      let border = style.unicode ? (isLabeled ? "┤" : "│") : (isLabeled ? "+" : "|")
      let line = String(repeating: " ", count: indent - label.count) + "\(label) \(border)\(curve[row])"
      guard let pictures, row < pictures.lines.count else { return line }
      return line + "  " + pictures.lines[row]
    }
  }

  private func curve(columns: Int, _ style: DisplayStyle) -> [String] {
    var canvas = ChartCanvas(columns: columns, rows: Self.height, isBraille: style.unicode)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    var last: (x: Int, y: Int)?
    var travelled = 0
    for (index, value) in values.enumerated() {
      let share = high > low ? (value - low) / (high - low) : 0.5
      let x = values.count > 1 ? index * (canvas.width - 1) / (values.count - 1) : 0
      let here = (x: x, y: canvas.height - 1 - Int((share * Double(canvas.height - 1)).rounded()))
      canvas.line(last ?? here, here, series: 0, travelled: &travelled)
      last = here
    }
    return (0..<Self.height).map { row in String(canvas.row(row, marks: ["*"], shade: " ").map(\.character)) }
  }
}

/// A figure over all of some work in at most `limit` means of equally many values.
package struct LiveCurve {
  /// The most means.
  package static let limit = 128
  /// The means so far, the last of them maybe of fewer values.
  package private(set) var means: [Double] = []
  private var span = 1
  private var filled = 0

  /// No values yet.
  package init() {}

  /// Takes one more value.
  package mutating func add(_ value: Double) {
    if filled == 0 {
      if means.count == Self.limit {
        means = stride(from: 0, to: Self.limit, by: 2).map { (means[$0] + means[$0 + 1]) / 2 }
        span *= 2
      }
      means.append(value)
      filled = 1
    } else {
      filled += 1
      means[means.count - 1] += (value - means[means.count - 1]) / Double(filled)
    }
    if filled == span { filled = 0 }
  }
}
