import Foundation
import Safepoint

extension PlotScene {
  /// The scene as an SVG file; the same plot gives the same bytes.
  var svg: String {
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(Self.height)" \
      viewBox="0 0 \(Self.width) \(Self.height)" font-family="sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="#ffffff"/>

      """
    for shape in shapes {
      if Safepoint.mustStop(after: 2000) { break }
      switch shape {
      case .line(let places, let color, let width):
        let points = places.lazy.filter { _ in !Safepoint.mustStop(after: 2000) }
          .map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
        text += """
          <polyline points="\(points)" fill="none" stroke="\(Self.hex(color))" stroke-width="\(Self.number(width))" \
          stroke-linejoin="round"/>

          """
      case .disc(let place, let color, let radius):
        text += """
          <circle cx="\(Self.number(place.x))" cy="\(Self.number(place.y))" r="\(Self.number(radius))" \
          fill="\(Self.hex(color))"/>

          """
      case .text(let string, let place, let anchor) where !string.isEmpty:
        text += """
          <text x="\(Self.number(place.x))" y="\(Self.number(place.y))" text-anchor="\(anchor.rawValue)" \
          fill="#282828">\(Markup.escaped(string))</text>

          """
      case .text: break
      }
    }
    return text + "</svg>\n"
  }

  private static func number(_ value: Double) -> String {
    let text = String(format: "%.2f", value)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }

  private static func hex(_ color: ColorCode) -> String {
    String(format: "#%02x%02x%02x", Int(color.red), Int(color.green), Int(color.blue))
  }
}
