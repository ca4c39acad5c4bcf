import Formats
import Foundation
import PixelScript
import Ranks
import Safepoint

/// The forms in which a notebook is handed on.
enum ExportForm: String, CaseIterable {
  case html, ipynb, markdown = "md", script = "pxb"

  /// The form that the ending of a path names; throws for any other.
  init(path: String) throws(ScriptError) {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
    guard let form = ExportForm(rawValue: ending == "htm" ? "html" : ending) else {
      throw ScriptError(
        .value, "a notebook is exported with the ending .html, .ipynb, .md or .pxb, found \(Display.quoted(path))",
        argument: "path")
    }
    self = form
  }

  /// A cell in this form. Pictures that stand in files of their own are handed to `keep`, which gives the path to write.
  func part(_ cell: NotebookDocument.Cell, _ options: ExportOptions) throws -> String {
    switch self {
    case .html: try HTMLPage.part(cell, options)
    case .ipynb: try JupyterNotebook.part(cell, options)
    case .markdown: try MarkdownPage.part(cell, options)
    case .script: cell.written ?? ScriptPage.part(cell) + "\n"
    }
  }

  /// The whole file from its cells.
  func whole(_ document: NotebookDocument, _ parts: [String], _ options: ExportOptions) -> String {
    switch self {
    case .html: HTMLPage.whole(document, parts, options)
    case .ipynb: JupyterNotebook.whole(document, parts, options)
    case .markdown: MarkdownPage.whole(document, parts, options)
    case .script: ScriptPage.whole(parts, document.cells.last)
    }
  }
}

/// What an export shows, and where its pictures go.
struct ExportOptions {
  /// Whether times and rates are shown, which no two runs have in common.
  var showsTimes = false
  /// The number of the cell that is written, from 1.
  var number = 1
  /// Writes a picture beside the file, with a digest in its name, and gives the path that leads to it from there.
  var keep: (_ stem: String, _ ending: String, _ bytes: [UInt8]) throws -> String = { stem, ending, _ in stem + ending }
  /// The address that holds a picture which a text names by its path; nil where it is none, or too large.
  var embedded: (_ path: String) -> String? = { _ in nil }
}

/// The cells as a script.
enum ScriptPage {
  /// The whole script, the empty line left out behind a last cell that is not written as it was.
  static func whole(_ parts: [String], _ last: NotebookDocument.Cell?) -> String {
    let text = parts.joined()
    return last?.written == nil && text.hasSuffix("\n\n") ? String(text.dropLast()) : text
  }

  /// An input that writes or lists what was typed: run again it would write over what it wrote.
  private static func keepsSession(_ source: String) -> Bool {
    let words = source.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    return words.first == "recall" || words.first == "export" || words.starts(with: ["save", "session"])
  }

  /// A cell as lines of a script; an input of a session that failed, or that keeps the session, as comments, so that the others run.
  static func part(_ cell: NotebookDocument.Cell) -> String {
    let mark = cell.kind == .code ? "" : "[\(cell.kind.rawValue)]"
    let head = "# %%" + [mark, cell.title, cell.options].filter { !$0.isEmpty }.map { " " + $0 }.joined()
    // Whatever ends a line ends a comment.
    let lines = cell.source.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    if cell.isInput, cell.error != nil || keepsSession(cell.source) {
      let told = cell.error.map { ["# This failed: \(ControlCharacters.escaped(Diagnostic.shown($0.message)))"] } ?? []
      return ([head] + told + lines.map { "# \($0)" }).joined(separator: "\n") + "\n"
    }
    // Behind a blank a line begins no cell.
    let body =
      cell.kind == .code
      ? [CellMarks.indented(cell.source)]
      : lines.map { $0.isEmpty ? "#" : $0.hasPrefix("%%") ? " # \($0)" : "# \($0)" }
    return ([head] + (cell.source.isEmpty ? [] : body)).joined(separator: "\n") + "\n"
  }
}

/// A file that a notebook is exported to, written whole again whenever a cell has come further.
final class ExportFile {
  /// Its path as it was given.
  let path: String
  private let form: ExportForm
  private let files: FileAccess
  private var options: ExportOptions
  /// The pictures beside the file that this export or one before it wrote.
  private let pictures: ExportedPictures
  /// The cells that have ended, as the file has them.
  private var parts: [Int: String] = [:]

  /// Prepares a file; throws for an ending that stands for no form, for a place that may not be written to or where the folder of
  /// its pictures can't be, and for the file that a `script` was read from.
  init(_ path: String, _ files: FileAccess, of script: Script? = nil, showsTimes: Bool) throws {
    form = try ExportForm(path: path)
    self.path = try files.prepared(path)
    if let script, FileAccess.resolved(script.source.name) == FileAccess.resolved(path) {
      throw ScriptError(
        .value, "\(Display.quoted(path)) is the script itself, which an export would write over", argument: "path")
    }
    self.files = files
    options = ExportOptions(showsTimes: showsTimes)
    // GitHub shows no pictures that stand in the text itself.
    pictures = try ExportedPictures(of: path, files, isUsed: form == .markdown)
    let embedded = EmbeddedPictures(beside: script?.source.name ?? "", files)
    (options.keep, options.embedded) = (pictures.keep, embedded.address)
  }

  /// Writes the file whole, whether the run must stop or not; of several ranks the first alone does.
  func write(_ document: NotebookDocument) throws {
    guard files.ranks?.isFirst ?? true else { return }
    try Safepoint.withoutWatch {
      let texts = try document.cells.enumerated().map { place, cell in
        if let part = parts[place] { return part }
        options.number = place + 1
        let part = try form.part(cell, options)
        if cell.state == .ended || cell.kind != .code { parts[place] = part }
        return part
      }
      let text = form.whole(document, texts, options)
      try AtomicFile.write(text, to: path)
      try pictures.removeAll { !text.contains($0) }
    }
  }
}
