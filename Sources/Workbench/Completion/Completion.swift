import PixelScript

/// What can stand at the cursor of a line.
public struct Completion: Equatable {
  /// One possibility.
  public struct Candidate: Equatable {
    /// The text that replaces what was typed.
    public let text: String
    /// What lists show; the text without what is the same for all.
    public let label: String
    /// A word of explanation.
    public var detail = ""

    /// Creates a possibility.
    public init(_ text: String, label: String? = nil, detail: String = "") {
      // Names of files and columns come from data; in a string their escapes mean the same.
      self.text = DisplayWidth.printable(text, tab: "\\t")
      self.label = DisplayWidth.printable(label ?? text)
      self.detail = detail
    }
  }

  /// The byte of the line from which the candidates replace what was typed.
  public let start: Int
  /// The possibilities in the order of lists.
  public let candidates: [Candidate]

  /// Creates what can stand at a cursor.
  public init(start: Int, candidates: [Candidate]) {
    self.start = start
    self.candidates = candidates
  }

  /// More candidates than this are shown without explanations.
  private static let explainedLimit = 40

  /// What all candidates begin with.
  public var commonPrefix: String {
    guard var prefix = candidates.first?.text[...] else { return "" }
    for candidate in candidates.dropFirst() {
      while !candidate.text.hasPrefix(prefix) { prefix.removeLast() }
    }
    return String(prefix)
  }

  /// The candidates for a terminal of `width` columns: each on its line when one is explained, else in columns.
  public func listing(width: Int) -> String {
    let widest = candidates.map(\.label.count).max() ?? 0
    if candidates.count <= Self.explainedLimit, candidates.contains(where: { !$0.detail.isEmpty }) {
      return candidates.map { candidate in
        let gap = String(repeating: " ", count: widest - candidate.label.count + 2)
        return Self.trimmed("  " + candidate.label + gap + candidate.detail, to: width - 1) + "\n"
      }.joined()
    }
    let columns = max(1, (width - 1) / (widest + 2))
    let rows = (candidates.count + columns - 1) / columns
    return (0..<rows).map { row in
      let cells = stride(from: row, to: candidates.count, by: rows).map { place in
        let label = candidates[place].label
        return "  " + label + String(repeating: " ", count: widest - label.count)
      }
      return Self.trimmed(cells.joined(), to: max(width - 1, widest + 2)) + "\n"
    }.joined()
  }

  private static func trimmed(_ line: String, to width: Int) -> String {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return line.count > width ? line.prefix(max(width - 1, 0)) + "…" : String(line)
  }
}
