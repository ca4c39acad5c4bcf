import Foundation
import Safepoint

extension Drawing {
  /// The page as an SVG file with real text; the same page gives the same bytes. Ends early when the work must stop.
  public func svg() throws -> String {
    var writer = SVGWriter()
    let size = "\(SVGWriter.number(width)) \(SVGWriter.number(height))"
    writer.text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(SVGWriter.number(width / 72))in" \
      height="\(SVGWriter.number(height / 72))in" viewBox="0 0 \(size)" font-family="\(TextWidth.fonts)">
      <rect width="100%" height="100%" fill="\(SVGWriter.hex(background))"/>

      """
    for element in elements { try writer.write(element) }
    return writer.text + "</svg>\n"
  }
}

/// The parts of a page as elements of SVG.
private struct SVGWriter {
  var text = ""

  mutating func write(_ element: Drawing.Element) throws {
    try Safepoint.check(after: 2000)
    switch element {
    case .path(let points, let isClosed, let pen, let fill):
      text += isClosed ? "<polygon points=\"" : "<polyline points=\""
      var isFirst = true
      for point in points {
        try Safepoint.check(after: 500)
        if !isFirst { text += " " }
        isFirst = false
        text += "\(Self.number(point.x)),\(Self.number(point.y))"
      }
      text += "\"\(Self.attributes(pen, fill))/>\n"
    case .discs(let points, let radius, let pen, let fill):
      text += "<g\(Self.attributes(pen, fill))>\n"
      for point in points {
        try Safepoint.check(after: 500)
        text +=
          "<circle cx=\"\(Self.number(point.x))\" cy=\"\(Self.number(point.y))\" r=\"\(Self.number(radius))\"/>\n"
      }
      text += "</g>\n"
    case .text(let line) where !line.string.isEmpty: write(line)
    case .text: break
    case .picture(let picture, let frame):
      let data = Data(try PNG.encode(picture)).base64EncodedString()
      text += """
        <image \(Self.attributes(frame)) preserveAspectRatio="none" style="image-rendering:pixelated" \
        href="data:image/png;base64,\(data)"/>

        """
    case .clipped(let elements, let frame):
      // Named after its sizes, so that several drawings find room on one page of HTML.
      let name = [frame.x, frame.y, frame.width, frame.height].map { Self.number($0).replacing(".", with: "_") }
        .joined(separator: "-")
      text += """
        <clipPath id="part\(name)"><rect \(Self.attributes(frame))/></clipPath>
        <g clip-path="url(#part\(name))">

        """
      for element in elements { try write(element) }
      text += "</g>\n"
    }
  }

  private mutating func write(_ line: Drawing.Text) {
    let (x, y) = (Self.number(line.place.x), Self.number(line.place.y))
    text += "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(Self.number(line.size))\" fill=\"\(Self.hex(line.ink))\""
    if line.anchor != .start { text += " text-anchor=\"\(line.anchor.rawValue)\"" }
    if line.isBold { text += " font-weight=\"bold\"" }
    if line.isUpright { text += " transform=\"rotate(-90 \(x) \(y))\"" }
    text += ">\(Markup.escaped(line.string))</text>\n"
  }

  private static func attributes(_ frame: Drawing.Frame) -> String {
    "x=\"\(number(frame.x))\" y=\"\(number(frame.y))\" width=\"\(number(frame.width))\" height=\"\(number(frame.height))\""
  }

  private static func attributes(_ pen: Drawing.Pen?, _ fill: Drawing.Ink?) -> String {
    var text = " fill=\"\(fill.map(hex) ?? "none")\""
    if let fill, fill.alpha < 1 { text += " fill-opacity=\"\(number(fill.alpha))\"" }
    guard let pen else { return text }
    text += " stroke=\"\(hex(pen.ink))\" stroke-width=\"\(number(pen.width))\" stroke-linejoin=\"round\""
    if pen.ink.alpha < 1 { text += " stroke-opacity=\"\(number(pen.ink.alpha))\"" }
    if !pen.dashes.isEmpty {
      text += " stroke-dasharray=\"\(pen.dashes.map(number).joined(separator: " "))\""
    }
    return text
  }

  /// A number of at most two digits behind the point, without `String(format:)`, which would take most of the time.
  static func number(_ value: Double) -> String {
    let hundredths = value.isFinite ? Int((min(max(value, -1e9), 1e9) * 100).rounded()) : 0
    let (whole, part) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    guard part > 0 else { return "\(sign)\(whole)" }
    return part % 10 == 0 ? "\(sign)\(whole).\(part / 10)" : "\(sign)\(whole).\(part < 10 ? "0" : "")\(part)"
  }

  static func hex(_ ink: Drawing.Ink) -> String {
    "#" + [ink.red, ink.green, ink.blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// The signs of XML and HTML in texts.
public enum Markup {
  /// The text with the signs written out, and without the characters that XML forbids.
  public static func escaped(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "\n", "\t": output.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: output += " "
      // What controls a terminal or the direction of text has no place in a drawing.
      case "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": output += "\u{FFFD}"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
