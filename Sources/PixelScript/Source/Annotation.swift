/// A place in the source to mark, with what to say about it.
struct Annotation {
  /// The bytes to mark, on one line.
  let span: Span
  let text: String?
  /// True for the place that the error is about.
  let isMain: Bool

  /// The places of a diagnostic, the main one first; one that goes over several lines is marked on its first and its last.
  static func all(of diagnostic: Diagnostic, at location: Location) -> [Annotation] {
    parts(of: location.span, diagnostic.label, isMain: true, in: location.source)
      + diagnostic.labels.flatMap { parts(of: $0.span, $0.text, isMain: false, in: location.source) }
  }

  private static func parts(of span: Span, _ text: String?, isMain: Bool, in source: SourceText) -> [Annotation] {
    let whole = span.range.clamped(to: 0..<source.bytes.count)
    let first = source.lineIndex(at: whole.lowerBound)
    let last = source.lineIndex(at: max(whole.lowerBound, whole.upperBound - 1))
    guard first < last else { return [Annotation(span: span, text: text, isMain: isMain)] }
    let head = Span(whole.lowerBound, Int(source.lineSpan(first).end))
    let line = source.lineSpan(last).range
    let blank = source.bytes[line].prefix { $0 == 32 || $0 == 9 }.count
    let tail = Span(min(line.lowerBound + blank, whole.upperBound - 1), whole.upperBound)
    return [
      Annotation(span: head, text: nil, isMain: isMain),
      Annotation(span: tail, text: text ?? "up to here", isMain: isMain),
    ]
  }
}

/// The rows of marks under a source line.
///
/// Marks that do not overlap share one row. The text of a mark stands behind it where there is room before the next one, else
/// below it, the rightmost first.
struct AnnotationRows {
  /// A piece of a row.
  struct Piece {
    let column: Int
    let text: String
    let isMain: Bool
  }

  private struct Mark {
    let columns: Range<Int>
    let text: String?
    let isMain: Bool
  }

  private(set) var rows: [[Piece]] = []

  init(_ annotations: [Annotation], under excerpt: SourceExcerpt) {
    var waiting = annotations.map { annotation in
      let start = excerpt.column(of: Int(annotation.span.start))
      let end = max(start + 1, excerpt.endColumn(of: Int(annotation.span.end)))
      return Mark(
        columns: start..<end, text: annotation.text.map { DisplayWidth.printable($0) }, isMain: annotation.isMain)
    }
    while !waiting.isEmpty {
      var group: [Mark] = []
      var rest: [Mark] = []
      for mark in waiting {
        if group.contains(where: { $0.columns.overlaps(mark.columns) }) {
          rest.append(mark)
        } else {
          group.append(mark)
        }
      }
      add(group.sorted { $0.columns.lowerBound < $1.columns.lowerBound })
      waiting = rest
    }
  }

  private mutating func add(_ marks: [Mark]) {
    var row: [Piece] = []
    var below: [Piece] = []
    for (place, mark) in marks.enumerated() {
      let sign = String(repeating: mark.isMain ? "^" : "-", count: mark.columns.count)
      var shown = sign
      if let text = mark.text {
        let end = mark.columns.upperBound + 1 + DisplayWidth.columns(of: text)
        if place + 1 == marks.count || end < marks[place + 1].columns.lowerBound {
          shown += " " + text
        } else {
          below.append(Piece(column: mark.columns.lowerBound, text: text, isMain: mark.isMain))
        }
      }
      row.append(Piece(column: mark.columns.lowerBound, text: shown, isMain: mark.isMain))
    }
    rows.append(row)
    rows += below.reversed().map { [$0] }
  }
}
