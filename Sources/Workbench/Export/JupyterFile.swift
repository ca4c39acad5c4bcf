import Formats
import PixelScript
import Safepoint

/// A notebook of Jupyter as its file has it.
package struct JupyterFile {
  /// A cell of a script, with the cells of the notebook that it came from.
  struct ScriptCell {
    let text: String
    /// The text as the script has it, whose lines may end otherwise.
    let plain: String
    /// The same with the lines behind it, as the script has it.
    let written: String
    /// Whether the notebook notes those lines.
    let isNoted: Bool
    let cells: [JSON]
    /// Whether it is code of another language, which stands in the script as text.
    let isForeign: Bool
  }

  /// All fields beside the cells.
  let head: [JSON.Field]
  private let cells: [JSON]
  private let isOurs: Bool

  /// Takes a notebook out of its file; throws for anything else than nbformat 4, and names the cell that is none.
  init(_ json: JSON, path: String) throws(ScriptError) {
    func wrong(_ what: String, help: String? = nil) -> ScriptError {
      ScriptError(.value, "\(path) \(what)".onOneLine, help: help, argument: "from")
    }
    guard let fields = json.fields, let format = json["nbformat"]?.integer else {
      throw wrong("is no notebook of Jupyter: it has no `nbformat`")
    }
    guard format == 4 else {
      throw wrong(
        "is of nbformat \(format); 4 is read",
        help: format < 4 ? "`jupyter nbconvert --to notebook \(path)` makes a new one of it" : nil)
    }
    guard let cells = json["cells"]?.elements else { throw wrong("is no notebook of Jupyter: it has no list `cells`") }
    for (place, cell) in cells.enumerated() {
      guard let kind = cell["cell_type"]?.string, ["code", "markdown", "raw"].contains(kind) else {
        let found = cell["cell_type"].map { $0.text() } ?? "nothing"
        throw wrong("has a cell \(place + 1) whose cell_type is \(found), not \"code\", \"markdown\" or \"raw\"")
      }
      guard Self.text(cell["source"]) != nil else { throw wrong("has a cell \(place + 1) without a `source`") }
    }
    self.cells = cells
    head = fields.filter { $0.name != "cells" }
    let metadata = json["metadata"]
    let names = [
      metadata?["language_info"]?["name"], metadata?["kernelspec"]?["language"], metadata?["kernelspec"]?["name"],
    ].compactMap { $0?.string }
    isOurs = names.contains("pixelbytes")
  }

  /// Takes a notebook out of the bytes of its file; throws a `ScriptError` for what is none.
  init(decoding bytes: [UInt8], path: String) throws { try self.init(try Self.json(bytes, path: path), path: path) }

  /// The JSON of a file; throws a `ScriptError` for what is none.
  static func json(_ bytes: [UInt8], path: String) throws -> JSON {
    // Python writes words for numbers that are not finite.
    do throws(JSONFault) { return try JSON(bytes, readsEndless: true) } catch {
      if error.kind == .stopped { try Safepoint.check() }
      if let found = ForeignFile(bytes) {
        throw ScriptError(.value, "\(path) is not a notebook; it is \(found)".onOneLine, argument: "from")
      }
      throw ScriptError(.value, "\(path) is not JSON: line \(error.line): \(error.reason)".onOneLine, argument: "from")
    }
  }

  /// The text of the script that a notebook becomes.
  package static func script(of bytes: [UInt8], path: String) throws -> String {
    script(of: try JupyterFile(decoding: bytes, path: path).scriptCells())
  }

  /// The text of the script of some cells.
  static func script(of cells: [ScriptCell]) -> String {
    guard let last = cells.last else { return "" }
    // In some editors each cell may be moved, the last one too, behind which no line end stands.
    let end = cells.lazy.compactMap { lineEnd(of: $0.written) }.first ?? "\n"
    return cells.dropLast().map { "\n\r".utf8.contains($0.written.utf8.last ?? 0) ? $0.written : $0.written + end }
      .joined()
      + (last.isNoted ? last.written : last.plain)
  }

  /// What ends the first line of a text; nil where nothing does.
  private static func lineEnd(of text: String) -> String? {
    text.first { ["\n", "\r\n", "\r"].contains($0) }.map { String($0) }
  }

  /// What ended the lines of a cell in the script that its notebook was made of; nil where nothing tells.
  private static func scriptLineEnd(of cell: JSON) -> String? {
    cell["metadata"]?["pixelbytes"]?["script"]?.string.flatMap(lineEnd)
  }

  /// A text that stands in a file as one string or as a list of lines; nil for anything else.
  static func text(_ json: JSON?) -> String? {
    switch json {
    case .string(let text): return text
    case .array(let lines):
      let texts = lines.compactMap(\.string)
      return texts.count == lines.count ? texts.joined() : nil
    default: return nil
    }
  }

  /// A text without NUL, with which no script can be read: in code as it is written in quotes, elsewhere as Markdown has it.
  private static func readable(_ text: String, isCode: Bool = false) -> String {
    text.replacing("\0", with: isCode ? #"\u{0}"# : "\u{FFFD}")
  }

  /// The cells as those of a script.
  func scriptCells() -> [ScriptCell] {
    var translation = PythonTranslation()
    var result: [ScriptCell] = []
    var title: JSON?
    // What was added or changed ends its lines as the script did.
    let usual = isOurs ? cells.lazy.compactMap(Self.scriptLineEnd).first : nil
    if isOurs, let header = header { result.append(header) }
    for (place, cell) in cells.enumerated() {
      let kind = cell["cell_type"]?.string
      let source = Self.readable(Self.text(cell["source"]) ?? "", isCode: isOurs && kind == "code")
      if kind == "markdown", place + 1 < cells.count, cell["metadata"]?["pixelbytes"]?["title"] == .bool(true), isOurs,
        source.hasPrefix("## "), !source.contains(where: \.isNewline)
      {
        title = cell
        continue
      }
      let name = title.flatMap { Self.text($0["source"]) }.map { Self.readable(String($0.dropFirst(3))) } ?? ""
      let origins = (title.map { [$0] } ?? []) + [cell]
      title = nil
      func add(_ kind: Script.Cell.Kind, _ text: String, isForeign: Bool = false) {
        func made(_ options: String) -> NotebookDocument.Cell {
          NotebookDocument.Cell(kind: kind, title: name, options: options, source: text)
        }
        let said = options(of: cell, isTitled: !name.isEmpty)
        let written = isOurs ? Self.written(cell, made(said)) : nil
        // What the line says may stand in it otherwise.
        let own = ScriptPage.part(made(written.map(Self.options) ?? said))
        let end = (isOurs ? Self.scriptLineEnd(of: cell) : nil) ?? usual ?? "\n"
        let part =
          end == "\n" ? own : own.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end)
        result.append(
          ScriptCell(
            text: own, plain: part, written: written ?? part + end, isNoted: written != nil, cells: origins,
            isForeign: isForeign))
      }
      switch kind {
      case "markdown": add(.markdown, source)
      case "raw" where isOurs: add(.raw, source)
      case "code" where isOurs: add(.code, source)
      case "code":
        if let translated = translation.translate(source) {
          add(.code, translated)
        } else {
          add(
            .markdown, "Not translated: \(translation.reason).\n" + MarkdownPage.fence(source, "python"),
            isForeign: true)
        }
      default: add(.markdown, "Raw text:\n" + MarkdownPage.fence(source, "text"), isForeign: true)
      }
    }
    return result
  }

  /// The lines that a cell had in the script that its notebook was made of, if they still say the same.
  private static func written(_ cell: JSON, _ made: NotebookDocument.Cell) -> String? {
    guard let text = cell["metadata"]?["pixelbytes"]?["script"]?.string else { return nil }
    do throws(SyntaxFailure) {
      let script = try Script.parse(SourceText(name: "cell", bytes: Array(text.utf8)))
      guard script.cells.count == 1 else { return nil }
      let before = NotebookDocument.Cell(script.cells[0], of: script)
      let isSame = (before.kind, before.title, before.source) == (made.kind, made.title, made.source)
      return isSame && CellOptions.areOne(before.options, made.options) ? text : nil
    } catch { return nil }
  }

  /// What the line of a cell says for other programs: its tags, and what the line said in the script that the notebook was made of.
  private func options(of cell: JSON, isTitled: Bool) -> String {
    let metadata = cell["metadata"]?.fields ?? []
    let line = isOurs ? cell["metadata"]?["pixelbytes"]?["script"]?.string.map(Self.options) ?? "" : ""
    let said = CellOptions.fields(line)
    // A line in a form that is not known stays, and so does one of a notebook from before its metadata had it.
    guard let names = said.map({ Set($0.map(\.name)) }),
      names.isEmpty || metadata.contains(where: { names.contains($0.name) })
    else { return line }
    let fields = metadata.filter { field in
      if names.contains(field.name) { return true }
      guard field.name == "tags", let tags = field.value.elements else { return false }
      return !tags.isEmpty && tags.allSatisfy { $0.string != nil }
    }
    return CellOptions.text(of: fields, isTitled: isTitled)
  }

  /// What the line says with which the text of a cell begins.
  private static func options(_ text: String) -> String {
    do throws(SyntaxFailure) {
      return try Script.parse(SourceText(name: "cell", bytes: Array(text.utf8))).cells.first?.metadata ?? ""
    } catch { return "" }
  }

  /// What stood before the first cell of the script that the notebook was made of, for other programs; nil for nothing.
  private var header: ScriptCell? {
    guard let text = head.first(where: { $0.name == "metadata" })?.value["pixelbytes"]?["header"]?.string else {
      return nil
    }
    do throws(SyntaxFailure) {
      let script = try Script.parse(SourceText(name: "header", bytes: Array(text.utf8)))
      guard let cell = script.cells.first, script.cells.count == 1 else { return nil }
      let made = NotebookDocument.Cell(cell, of: script)
      guard made.isHeader else { return nil }
      return ScriptCell(
        text: ScriptPage.part(made), plain: text, written: text, isNoted: true, cells: [], isForeign: false)
    } catch { return nil }
  }

  /// Cells that all have ids, different ones, from what they hold where they had none.
  static func withIdentities(_ cells: [JSON]) -> [JSON] {
    var known = Set(cells.compactMap { $0["id"]?.string })
    var ids = CellIdentities()
    return cells.map { cell in
      guard cell["id"] == nil, let fields = cell.fields else { return cell }
      let decisive = fields.filter { ["cell_type", "source"].contains($0.name) }
      let digest = CellIdentities.digest(of: JSON.object(decisive).text())
      var id = ids.next(digest[...])
      while !known.insert(id).inserted { id = ids.next(digest[...]) }
      return .object([JSON.Field("id", .string(id))] + fields)
    }
  }
}

/// What a file beside a script keeps of the notebook that the script was made of.
struct KeptCells {
  /// What is known of a cell of the script.
  enum Found {
    /// Its text is still the same.
    case same([JSON])
    /// It stands where a cell of the same kind stood, whose id and metadata it takes over.
    case changed(JSON)
    case none
  }

  /// All fields of the notebook beside its cells.
  let head: [JSON.Field]
  private let kept: [(digest: String, cells: [JSON])]

  /// Reads the file; throws for another one.
  init(_ json: JSON, path: String) throws(ScriptError) {
    guard json["format"]?.integer == 1, let head = json["notebook"]?.fields, let kept = json["kept"]?.elements else {
      throw ScriptError(
        .value, "\(path) is not what `convert` keeps beside a script",
        help: "without that file outputs and ids are made anew")
    }
    self.head = head
    self.kept = kept.compactMap { entry in
      guard let digest = entry["sha256"]?.string, let cells = entry["cells"]?.elements else { return nil }
      return (digest, cells)
    }
  }

  /// The number of cells.
  var count: Int { kept.count }

  /// What is known of cells with these texts.
  func found(_ texts: [String]) -> [Found] {
    let digests = texts.map { SHA256.digest(of: Array($0.utf8)) }
    var places: [String: [Int]] = [:]
    for (place, entry) in kept.enumerated().reversed() { places[entry.digest, default: []].append(place) }
    let matched = digests.map { places[$0]?.popLast() }
    let taken = Set(matched.compactMap(\.self))
    var found: [Found] = []
    var last = -1
    for place in digests.indices {
      if let match = matched[place] {
        found.append(.same(kept[match].cells))
        last = match
      } else if last + 1 < kept.count, !taken.contains(last + 1), let before = kept[last + 1].cells.last {
        found.append(.changed(before))
        last += 1
      } else {
        found.append(.none)
      }
    }
    return found
  }

  /// A cell with the id, the metadata and, in text, the attachments of the one that stood in its place; of other code it has no outputs.
  static func renewed(_ before: JSON, _ cell: NotebookDocument.Cell) -> JSON {
    let kind = cell.kind.rawValue
    let options = CellOptions.fields(cell.options) ?? []
    let kept = before["cell_type"]?.string == kind ? before["metadata"]?.fields ?? [] : []
    // Of tags the line of a cell tells all.
    let metadata =
      kept.filter { field in field.name != "tags" && !options.contains { $0.name == field.name } } + options
    var fields: [JSON.Field] = []
    if let id = before["id"] { fields.append(.init("id", id)) }
    fields += [
      .init("cell_type", .string(kind)),
      .init("metadata", .object(metadata)),
      .init("source", JupyterNotebook.lines(cell.source)),
    ]
    if cell.kind == .code {
      fields += [.init("execution_count", .null), .init("outputs", .array([]))]
    } else if let pictures = before["attachments"], before["cell_type"]?.string != "code" {
      fields.append(.init("attachments", pictures))
    }
    return .object(fields)
  }
}
