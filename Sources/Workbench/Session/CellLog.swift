import PixelScript

/// A cell that a session ran, with what it showed.
public struct CellRecord: Sendable {
  /// Something that a cell showed.
  public enum Output: Sendable {
    /// What `print` and the like wrote, as one text as long as nothing is shown between.
    case written(String)
    /// A value, by `show` or as the last expression of the cell.
    case shown(Rendering)
  }

  /// The cell.
  public let mark: CellMark
  /// Its text, without the line that begins it.
  public fileprivate(set) var source: String
  /// What it showed, in order; of what was too much only a part.
  public fileprivate(set) var outputs: [Output] = []
  /// True when something of what it showed, or of its text, was not kept.
  public fileprivate(set) var isCut = false
  /// The seconds that it took; nil while it runs.
  public fileprivate(set) var seconds: Double?
  /// The error that ended it.
  public fileprivate(set) var error: Diagnostic?

  fileprivate var cost: Int { outputs.reduce(source.utf8.count + 256) { $0 + CellLog.cost($1) } }
}

/// The cells that a session ran, within some bytes: the oldest lose what they showed first.
///
/// Scripts that a cell runs belong to it. Of the text that a cell writes the start is kept, as of a value that is shown only one
/// that is not too large; the session's values are not kept alive by it.
struct CellLog {
  /// The records kept at least.
  private static let most = 1000
  /// The bytes of text that are kept of a cell.
  private static let textLimit = 1 << 16
  /// The bytes of all that is kept, and the share of a memory budget that it may be at most.
  private static let limit = 16 << 20, share = 8

  /// The cells in the order in which they ran.
  private(set) var records: [CellRecord] = []
  private let limit: Int
  private var cost = 0
  private var written = 0
  private var depth = 0

  init(memory: Int?) { limit = min(CellLog.limit, memory.map { $0 / CellLog.share } ?? .max) }

  /// True between the beginning and the end of a cell.
  var isRunning: Bool { depth > 0 }

  /// A cell begins.
  mutating func begin(_ mark: CellMark, of script: Script, _ cell: Script.Cell) {
    depth += 1
    guard depth == 1 else { return }
    if records.count == 2 * CellLog.most {
      cost -= records.prefix(CellLog.most).reduce(0) { $0 + $1.cost }
      records.removeFirst(CellLog.most)
    }
    let end = Int(cell.span.end)
    // A line `# %%` may be the last one.
    let start = cell.lines.isEmpty ? end : Int(script.source.lineSpan(cell.lines.lowerBound).start)
    let text = script.source.text(Span(start, max(start, min(end, start + CellLog.textLimit))))
    records.append(CellRecord(mark: mark, source: text, isCut: end > start + CellLog.textLimit))
    written = 0
    add(records[records.count - 1].cost)
  }

  /// The cell that began last ends.
  mutating func end(seconds: Double, error: Diagnostic?) {
    depth -= 1
    guard depth == 0 else { return }
    records[records.count - 1].seconds = seconds
    records[records.count - 1].error = error
  }

  /// The cell writes.
  mutating func write(_ text: String) {
    guard depth > 0 else { return }
    let place = records.count - 1
    guard written < CellLog.textLimit else { return records[place].isCut = true }
    let start = CellLog.start(of: text, CellLog.textLimit - written)
    let count = start.utf8.count
    if count < text.utf8.count { (records[place].isCut, written) = (true, CellLog.textLimit) } else { written += count }
    if case .written(var before) = records[place].outputs.last {
      records[place].outputs.removeLast()
      before += start
      records[place].outputs.append(.written(before))
      add(count)
    } else {
      add(.written(start))
    }
  }

  /// The cell shows a value.
  mutating func show(_ rendering: Rendering) {
    guard depth > 0 else { return }
    guard rendering.cost <= limit / 2 else { return records[records.count - 1].isCut = true }
    add(.shown(rendering))
  }

  private mutating func add(_ output: CellRecord.Output) {
    records[records.count - 1].outputs.append(output)
    add(CellLog.cost(output))
  }

  private mutating func add(_ bytes: Int) {
    cost += bytes
    guard cost > limit else { return }
    // Half of it goes at once, so that each output is looked at a few times only.
    for place in records.indices where cost > limit / 2 {
      let count = records[place].outputs.count
      let drops = place == records.count - 1 ? count / 2 : count
      cost -= records[place].outputs.prefix(drops).reduce(0) { $0 + CellLog.cost($1) }
      records[place].outputs.removeFirst(drops)
      if drops > 0 { records[place].isCut = true }
      guard place < records.count - 1 else { continue }
      cost -= records[place].source.utf8.count
      records[place].source = ""
    }
  }

  fileprivate static func cost(_ output: CellRecord.Output) -> Int {
    switch output {
    case .written(let text): 64 + text.utf8.count
    case .shown(let rendering): rendering.cost
    }
  }

  /// The start of a text, whole characters in so many bytes.
  private static func start(of text: String, _ bytes: Int) -> String {
    guard let end = text.utf8.index(text.startIndex, offsetBy: bytes, limitedBy: text.endIndex) else { return text }
    return String(text.unicodeScalars[..<end])
  }
}
