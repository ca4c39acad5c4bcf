import Formats
import PixelScript
import Safepoint

/// JSON as values of a script; the keys of objects keep their order.
package enum JSONText {
  /// The deepest nesting that is read and written.
  static let depthLimit = 200
  /// The most bytes that are written.
  fileprivate static let sizeLimit = 1 << 28

  /// Returns a value as JSON; throws a type error for what JSON has no form for, such as a function or infinity.
  static func encode(_ value: Value) throws -> String {
    var writer = JSONWriter()
    try writer.write(value, depth: 0)
    return writer.output
  }
}

private struct JSONWriter {
  private(set) var output = ""
  private var nextLook = piece

  /// The bytes that are written without a look.
  private static let piece = 1 << 15

  mutating func write(_ value: Value, depth: Int) throws {
    guard depth < JSONText.depthLimit else {
      throw ScriptError(
        .limit, "JSON is written to a depth of \(JSONText.depthLimit) at most; does the value contain itself?")
    }
    if Safepoint.mustStop(after: 100) { return }
    switch value {
    case .nil: output += "null"
    case .bool(let truth): output += truth ? "true" : "false"
    case .number(let number):
      guard number.isFinite else { throw ScriptError(.value, "JSON has no number \(value.echo)") }
      output += value.echo
    case .string(let text): try write(text)
    case .list(let list): try write(list.count, depth) { list[$0] }
    case .range(let range): try write(range.count, depth) { .number(range[$0]) }
    case .map(let map): try write(map, depth)
    case .object(let tensor as TensorObject): try write(try tensor.nested(), depth: depth)
    default: throw ScriptError(.type, "JSON has no form for \(describe(value))")
    }
  }

  private mutating func write(_ count: Int, _ depth: Int, _ element: (Int) -> Value) throws {
    output += "["
    for place in 0..<count {
      if place > 0 { output += ", " }
      try look()
      try write(element(place), depth: depth + 1)
    }
    output += "]"
  }

  private mutating func write(_ map: ScriptMap, _ depth: Int) throws {
    output += "{"
    for (place, (key, value)) in map.entries.enumerated() {
      if place > 0 { output += ", " }
      try look()
      try write(key.description)
      output += ": "
      try write(value, depth: depth + 1)
    }
    output += "}"
  }

  private mutating func write(_ text: String) throws {
    guard text.utf8.count > Self.piece else { return output += jsonString(text) }
    output += "\""
    var start = text.startIndex
    while start < text.endIndex {
      let end = text.utf8.index(start, offsetBy: Self.piece, limitedBy: text.endIndex) ?? text.endIndex
      let part = text.unicodeScalars[start..<end]
      output += jsonString(String(part)).dropFirst().dropLast()
      start = part.endIndex
      try look()
    }
    output += "\""
  }

  /// Throws when the run must stop or the text is too long: lists that share their elements could have no end.
  private mutating func look() throws {
    guard output.utf8.count >= nextLook else { return }
    nextLook = output.utf8.count + Self.piece
    try Safepoint.check()
    guard output.utf8.count < JSONText.sizeLimit else {
      throw ScriptError(.limit, "the value takes more than \(Display.bytes(JSONText.sizeLimit)) as JSON")
    }
  }
}
