import Formats
import Foundation
import PixelScript

/// A notebook as Jupyter has it, in the form nbformat 4.5, with its outputs.
enum JupyterNotebook {
  /// A cell as a line of JSON behind the digest that its id begins with; a title is a cell of Markdown before it.
  static func part(_ cell: NotebookDocument.Cell, _ options: ExportOptions) throws -> String {
    try cells(cell, options).map { cell in
      // Outputs come later, and change no id.
      let decisive = cell.fields?.filter { ["cell_type", "source"].contains($0.name) } ?? []
      return CellIdentities.digest(of: JSON.object(decisive).text()) + cell.text().dropFirst() + "\n"
    }.joined()
  }

  /// A cell without its id, behind one for its title where it has one.
  static func cells(_ cell: NotebookDocument.Cell, _ options: ExportOptions? = nil) throws -> [JSON] {
    var cells: [JSON] = []
    if !cell.title.isEmpty {
      let mark = JSON.Field("pixelbytes", .object([.init("title", .bool(true))]))
      cells.append(.object(fields("markdown", "## \(cell.title)", [mark])))
    }
    var own: [JSON.Field] = []
    // The way back finds what other editors note in the line of a cell, and how its text is marked.
    let said = CellOptions.fields(cell.options) ?? []
    let isPlain = CellOptions.text(of: said.filter { $0.name == "tags" }) == cell.options
    if options == nil, let written = cell.written,
      !isPlain || written != ScriptPage.part(cell) + (cell.isLast ? "" : "\n")
    {
      own.append(.init("script", .string(written)))
    }
    if options?.showsTimes == true, let seconds = cell.seconds { own.append(.init("seconds", .number(seconds))) }
    let metadata =
      said.filter { $0.name != "pixelbytes" }
      + (own.isEmpty ? [] : [JSON.Field("pixelbytes", .object(own))])
    guard cell.kind == .code else { return cells + [.object(fields(cell.kind.rawValue, cell.source, metadata))] }
    let count = cell.state == .waiting ? nil : options?.number
    let shown = try options.map { try outputs(cell, $0) } ?? []
    let more: [JSON.Field] = [
      .init("execution_count", count.map { .integer($0) } ?? .null), .init("outputs", .array(shown)),
    ]
    return cells + [.object(fields("code", cell.source, metadata) + more)]
  }

  /// The whole file; the same cells in the same order have the same ids.
  static func whole(_ document: NotebookDocument, _ parts: [String], _ options: ExportOptions) -> String {
    var ids = CellIdentities()
    let cells = parts.flatMap { $0.split(separator: "\n") }.map { line in
      // What stands first is the digest that the id begins with.
      "{\"id\":\"\(ids.next(line.prefix(CellIdentities.length)))\",\(line.dropFirst(CellIdentities.length))"
    }
    let head = JSON.object(head(document)).text().dropLast()
    return "\(head),\"cells\":[\n\(cells.joined(separator: ",\n"))\n]}\n"
  }

  /// All fields of a file beside its cells; other metadata than our own where they are given.
  static func head(
    _ document: NotebookDocument, metadata given: JSON? = nil, header: String? = nil
  ) -> [JSON.Field] {
    let language = JSON.object([
      .init("name", .string("pixelbytes")), .init("file_extension", .string(".pxb")),
      .init("mimetype", .string("text/x-pixelbytes")), .init("pygments_lexer", .string("python")),
      .init("codemirror_mode", .string("python")), .init("version", .string(Session.version)),
    ])
    let kernel = JSON.object([
      .init("display_name", .string("PixelBytes")), .init("language", .string("pixelbytes")),
      .init("name", .string("pixelbytes")),
    ])
    var metadata: [JSON.Field] = [
      .init("kernelspec", kernel), .init("language_info", language), .init("title", .string(document.title)),
    ]
    if let given = given?.fields { metadata = given }
    var own: [JSON.Field] = []
    if given == nil, !document.parameters.isEmpty {
      own.append(.init("parameters", .object(document.parameters.map { JSON.Field($0.name, .string($0.value)) })))
    }
    if let header { own.append(.init("header", .string(header))) }
    if !own.isEmpty {
      metadata.removeAll { $0.name == "pixelbytes" }
      metadata.append(.init("pixelbytes", .object(own)))
    }
    return [
      .init("nbformat", .integer(4)), .init("nbformat_minor", .integer(5)),
      .init("metadata", .object(metadata)),
    ]
  }

  /// A text as the lines that Jupyter writes.
  static func lines(_ text: String) -> JSON {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "\($0)\n" }
    let last = lines.removeLast().dropLast()
    return .array((lines + (last.isEmpty ? [] : [String(last)])).map { .string($0) })
  }

  private static func fields(_ kind: String, _ source: String, _ metadata: [JSON.Field]) -> [JSON.Field] {
    [.init("cell_type", .string(kind)), .init("metadata", .object(metadata)), .init("source", lines(source))]
  }

  private static func outputs(_ cell: NotebookDocument.Cell, _ options: ExportOptions) throws -> [JSON] {
    func stream(_ text: String) -> JSON {
      .object([
        .init("output_type", .string("stream")), .init("name", .string("stdout")), .init("text", lines(text)),
      ])
    }
    var outputs: [JSON] = []
    for output in cell.outputs {
      switch output {
      case .written(let text): outputs.append(stream(text))
      case .shown(let rendering):
        outputs += try RenderedPart.parts(of: rendering, showsTimes: options.showsTimes).map(shown)
      }
    }
    if cell.isCut { outputs.append(stream("(only a part of what the cell showed is kept)\n")) }
    if cell.state == .running, cell.error == nil { outputs.append(stream("(this cell has not ended)\n")) }
    if let error = cell.error {
      let text = DiagnosticRenderer().text(of: [error])
      outputs.append(
        .object([
          .init("output_type", .string("error")), .init("ename", .string(error.kind.rawValue)),
          .init("evalue", .string(error.message)),
          .init("traceback", .array(text.split(separator: "\n").map { .string(String($0)) })),
        ]))
    }
    return outputs
  }

  private static func shown(_ part: RenderedPart) -> JSON {
    var metadata: [JSON.Field] = []
    let data: [JSON.Field]
    switch part {
    case .text(let text): data = [.init("text/plain", lines(text.hasSuffix("\n") ? String(text.dropLast()) : text))]
    case .table(let table):
      data = [
        .init("text/html", lines(table.html)),
        .init("text/plain", lines(String(table.text(in: DisplayStyle(width: 100)).dropLast()))),
      ]
    case .drawing(let svg):
      data = [.init("image/svg+xml", lines(svg)), .init("text/plain", lines("plot"))]
    case .picture(let png, let width, let height, let words):
      data = [
        .init("image/png", .string(Data(png).base64EncodedString())), .init("text/plain", lines(words)),
      ]
      let size = JSON.object([.init("width", .integer(width)), .init("height", .integer(height))])
      metadata = [.init("image/png", size)]
    }
    return .object([
      .init("output_type", .string("display_data")), .init("data", .object(data)),
      .init("metadata", .object(metadata)),
    ])
  }
}

/// Ids of cells, each from what the cell holds; equal cells are counted.
struct CellIdentities {
  /// The letters of a digest.
  static let length = 12

  private var counts: [Substring: Int] = [:]

  /// What an id begins with, from the text that decides.
  static func digest(of text: String) -> String { String(SHA256.digest(of: Array(text.utf8)).prefix(length)) }

  /// The id of the next cell with a digest.
  mutating func next(_ digest: Substring) -> String {
    let count = counts[digest, default: 0]
    counts[digest] = count + 1
    return count == 0 ? String(digest) : "\(digest)-\(count + 1)"
  }
}
