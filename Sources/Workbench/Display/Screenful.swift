import PixelScript

extension DisplayStyle {
  /// A text as far as it fits on the screen, and how all of it is seen, where an echo may not be longer; else the whole text.
  ///
  /// Of what `isDrawn` only whole lines go, as they may hold colors.
  public func fitted(_ text: String, isDrawn: Bool) -> String {
    guard let mostLines, !(isDrawn && drawsPixels) else { return text }
    let bytes = text.utf8
    var (rows, start) = (0, text.startIndex)
    while start < text.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
      let room = (mostLines - rows) * width
      // A line of more bytes than the most columns take is not counted through.
      let isLong = bytes.distance(from: start, to: end) > 8 * room
      let taken = isDrawn ? 1 : isLong ? .max : max(1, (DisplayWidth.columns(of: text[start..<end]) - 1) / width + 1)
      guard taken <= mostLines - rows else { return cut(text, at: start, isDrawn ? 0 : room, isDrawn) }
      rows += taken
      start = end == text.endIndex ? end : bytes.index(after: end)
    }
    return text
  }

  /// What stands before a place and some columns of the line that begins there, and how much more there is.
  private func cut(_ text: String, at start: String.Index, _ columns: Int, _ isDrawn: Bool) -> String {
    var (end, taken) = (start, 0)
    while end < text.endIndex {
      let next = taken + DisplayWidth.columns(of: text[end])
      guard next < columns else { break }
      taken = next
      end = text.index(after: end)
    }
    let rest = text[end...]
    let lines = rest.utf8.count { $0 == UInt8(ascii: "\n") }
    let more = lines > 1 ? "\(lines) more lines" : "\(Display.bytes(rest.utf8.count)) more"
    let mark = unicode ? "…" : "..."
    return text[..<end] + (end > start ? "\(mark)\n" : "") + "(\(more); `\(isDrawn ? "show" : "print") _` gives all)\n"
  }
}
