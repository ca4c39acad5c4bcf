/// Pictures for terminals as DEC's VT340 took them: bands of six rows, a color at a time.
///
/// Up to 255 colors are kept as they are; pictures of more get the nearest of 216 evenly spaced ones. Pixels less than half opaque are
/// left as they are on the screen.
public enum Sixel {
  /// The escape sequence that draws a picture at the cursor.
  public static func encode(_ picture: RasterImage) -> String {
    let (colors, pixels) = indexed(picture)
    var text: [UInt8] = Array("\u{1B}P0;1q\"1;1;\(picture.width);\(picture.height)".utf8)
    for (number, color) in colors.enumerated() {
      let percent = color.map { String((Int($0) * 100 + 127) / 255) }.joined(separator: ";")
      text += Array("#\(number);2;\(percent)".utf8)
    }
    for band in stride(from: 0, to: picture.height, by: 6) {
      appendBand(pixels, picture.width, band..<min(band + 6, picture.height), &text)
    }
    text += Array("\u{1B}\\".utf8)
    return String(decoding: text, as: UTF8.self)
  }

  /// The colors of a picture and the number of each pixel's; -1 for a transparent one.
  private static func indexed(_ picture: RasterImage) -> (colors: [[UInt8]], pixels: [Int]) {
    func pixels(_ color: (UInt8, UInt8, UInt8) -> [UInt8], limit: Int) -> (colors: [[UInt8]], pixels: [Int])? {
      var numbers: [[UInt8]: Int] = [:]
      var colors: [[UInt8]] = []
      var result = [Int](repeating: -1, count: picture.width * picture.height)
      var (last, lastNumber): (UInt32?, Int) = (nil, 0)
      for place in result.indices where picture.rgba[4 * place + 3] >= 128 {
        let (r, g, b) = (picture.rgba[4 * place], picture.rgba[4 * place + 1], picture.rgba[4 * place + 2])
        let code = UInt32(r) << 16 | UInt32(g) << 8 | UInt32(b)
        if code != last {
          let color = color(r, g, b)
          if let known = numbers[color] {
            lastNumber = known
          } else {
            guard colors.count < limit else { return nil }
            lastNumber = colors.count
            numbers[color] = lastNumber
            colors.append(color)
          }
          last = code
        }
        result[place] = lastNumber
      }
      return (colors, result)
    }
    func level(_ value: UInt8) -> UInt8 { UInt8((Int(value) + 25) / 51 * 51) }
    return pixels({ [$0, $1, $2] }, limit: 255) ?? pixels({ [level($0), level($1), level($2)] }, limit: 216) ?? ([], [])
  }

  /// Six rows: for each color that is there its dots from left to right, equal ones counted.
  private static func appendBand(_ pixels: [Int], _ width: Int, _ rows: Range<Int>, _ text: inout [UInt8]) {
    var dots: [Int: [UInt8]] = [:]
    for row in rows {
      for column in 0..<width {
        let number = pixels[row * width + column]
        guard number >= 0 else { continue }
        dots[number, default: [UInt8](repeating: 0, count: width)][column] |= 1 << UInt8(row - rows.lowerBound)
      }
    }
    for (number, line) in dots.sorted(by: { $0.key < $1.key }) {
      text += Array("#\(number)".utf8)
      let end = (line.lastIndex { $0 != 0 } ?? -1) + 1
      var column = 0
      while column < end {
        var next = column + 1
        while next < end, line[next] == line[column] { next += 1 }
        let (count, sign) = (next - column, 63 + line[column])
        text += count > 3 ? Array("!\(count)".utf8) + [sign] : [UInt8](repeating: sign, count: count)
        column = next
      }
      text.append(UInt8(ascii: "$"))
    }
    text.append(UInt8(ascii: "-"))
  }
}
