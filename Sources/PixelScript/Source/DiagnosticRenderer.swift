/// Prints diagnostics in the one form all errors have: what is wrong, the place underlined, ways out, the calls under way.
public struct DiagnosticRenderer: Sendable {
  /// True to mark the parts with the colors of a terminal.
  public var usesColor: Bool
  /// The columns available; longer source lines are cut around the place.
  public var width: Int
  /// The most frames of a call stack that are shown.
  private static let frameLimit = 12

  /// Creates a renderer.
  public init(usesColor: Bool = false, width: Int = 100) {
    self.usesColor = usesColor
    self.width = max(width, 40)
  }

  /// Returns the printed form of several diagnostics, with an empty line between them and their number below.
  public func text(of diagnostics: [Diagnostic]) -> String {
    let texts = diagnostics.map { text(of: $0) }.joined(separator: "\n\n")
    return diagnostics.count > 1 ? texts + "\n\n\(diagnostics.count) errors" : texts
  }

  /// Returns the printed form of a diagnostic, without a line end after it.
  public func text(of diagnostic: Diagnostic) -> String {
    let head =
      styled("error[\(diagnostic.kind.rawValue)]", .error) + styled(": \(indented(diagnostic.message, by: 2))", .bold)
    let lines = annotatedLines(of: diagnostic)
    let first = diagnostic.location?.source.firstLine ?? 1
    let margin = String(first + (lines.last?.index ?? 0)).count
    var rows = [head]
    if let location = diagnostic.location {
      rows.append(pad(margin) + styled("-->", .frame) + " " + place(location))
      rows.append(pad(margin) + styled(" |", .frame))
      for (order, line) in lines.enumerated() {
        if order > 0, lines[order - 1].index + 1 < line.index { rows.append(styled("...", .frame)) }
        rows += excerpt(line, in: location.source, margin: margin)
      }
    }
    for (title, texts) in [("help", diagnostic.help), ("note", diagnostic.notes)] {
      for text in texts {
        rows.append(
          pad(margin) + styled(" = ", .frame) + styled(title, .bold) + ": "
            + indented(text, by: margin + 3 + title.count + 2))
      }
    }
    if diagnostic.stack.count > 1 { rows += stack(diagnostic.stack) }
    return rows.joined(separator: "\n")
  }

  // MARK: The source

  private struct Line {
    let index: Int
    let annotations: [Annotation]
  }

  private func annotatedLines(of diagnostic: Diagnostic) -> [Line] {
    guard let location = diagnostic.location else { return [] }
    let source = location.source
    let byLine = Dictionary(grouping: Annotation.all(of: diagnostic, at: location)) {
      source.lineIndex(at: min(Int($0.span.start), source.bytes.count))
    }
    return byLine.map { Line(index: $0.key, annotations: $0.value) }.sorted { $0.index < $1.index }
  }

  private func excerpt(_ line: Line, in source: SourceText, margin: Int) -> [String] {
    let number = String(source.firstLine + line.index)
    let excerpt = SourceExcerpt(
      source, line: line.index, focus: line.annotations[0].span, width: width - margin - 3)
    let head = pad(margin - number.count) + styled(number + " |", .frame)
    return [head + (excerpt.text.isEmpty ? "" : " " + excerpt.text)]
      + AnnotationRows(line.annotations, under: excerpt).rows.map { row in
        var (text, column) = (pad(margin) + styled(" |", .frame) + " ", 0)
        for piece in row {
          text += pad(piece.column - column) + styled(piece.text, piece.isMain ? .error : .frame)
          column = piece.column + DisplayWidth.columns(of: piece.text)
        }
        return text
      }
  }

  // MARK: The call stack

  private func stack(_ frames: [Diagnostic.Frame]) -> [String] {
    var rows: [(frame: Diagnostic.Frame, count: Int)] = []
    for frame in frames {
      if let last = rows.last, last.frame == frame { rows[rows.count - 1].count += 1 } else { rows.append((frame, 1)) }
    }
    let names = rows.map { $0.frame.function.map { DisplayWidth.printable($0) } ?? "the script" }
    let hidden = max(0, rows.count - Self.frameLimit)
    let head = hidden > 0 ? Self.frameLimit - 4 : rows.count
    let shown = Array(rows.indices.prefix(head)) + Array(rows.indices.suffix(hidden > 0 ? 4 : 0))
    let column = shown.map { DisplayWidth.columns(of: names[$0]) }.max() ?? 0
    var result = [styled("calls, the last one first:", .bold)]
    for index in shown {
      if hidden > 0, index == rows.count - 4 { result.append("  ... \(hidden) more") }
      let times = rows[index].count > 1 ? " (\(rows[index].count) times)" : ""
      let gap = pad(column - DisplayWidth.columns(of: names[index]) + 2)
      result.append("  " + names[index] + gap + place(rows[index].frame.location) + times)
    }
    return result
  }

  // MARK: Text

  private func place(_ location: Location) -> String {
    let position = location.source.position(at: Int(location.span.start))
    return "\(DisplayWidth.printable(location.source.name)):\(position.line):\(position.column)"
  }

  private func indented(_ text: String, by columns: Int) -> String {
    Diagnostic.shown(text).split(separator: "\n", omittingEmptySubsequences: false).map { DisplayWidth.printable($0) }
      .joined(separator: "\n" + pad(columns))
  }

  private func pad(_ columns: Int) -> String { String(repeating: " ", count: max(columns, 0)) }

  private enum Style: String {
    case error = "1;31"
    case frame = "34"
    case bold = "1"
  }

  private func styled(_ text: String, _ style: Style) -> String {
    usesColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
