import Formats
import PixelScript

extension Diagnostic {
  /// The diagnostic as a JSON object, for editors and other programs.
  ///
  /// Lines and columns count from 1, columns in code points, ends are exclusive. What is not known is left out.
  public var json: JSON {
    var fields = [JSON.Field("kind", .string(kind.rawValue)), JSON.Field("message", text(message))]
    if let location { fields += place(location) }
    if let label { fields.append(JSON.Field("label", text(label))) }
    if let location, !labels.isEmpty {
      let labels = labels.map { label in
        JSON.object([JSON.Field("text", text(label.text))] + place(Location(location.source, label.span)))
      }
      fields.append(JSON.Field("labels", .array(labels)))
    }
    if !help.isEmpty { fields.append(JSON.Field("help", .array(help.map(text)))) }
    if !notes.isEmpty { fields.append(JSON.Field("notes", .array(notes.map(text)))) }
    if !stack.isEmpty {
      let frames = stack.map { frame in
        JSON.object((frame.function.map { [JSON.Field("function", text($0))] } ?? []) + place(frame.location))
      }
      fields.append(JSON.Field("stack", .array(frames)))
    }
    return .object(fields)
  }

  private func text(_ text: String) -> JSON { .string(Diagnostic.shown(text)) }

  private func place(_ location: Location) -> [JSON.Field] {
    let start = location.source.position(at: Int(location.span.start))
    let end = location.source.position(at: Int(location.span.end))
    return [
      JSON.Field("file", text(location.source.name)), JSON.Field("line", .integer(start.line)),
      JSON.Field("column", .integer(start.column)), JSON.Field("endLine", .integer(end.line)),
      JSON.Field("endColumn", .integer(end.column)),
    ]
  }
}
