import Formats
import PixelScript
import Safepoint

/// JSON as values of a script; the keys of objects keep their order.
package enum JSONText {
  /// The deepest nesting that is read and written.
  static let depthLimit = 200
  /// The most bytes that are written.
  private static let sizeLimit = 1 << 28

  /// Returns a value as JSON; throws a type error for what JSON has no form for, such as a function or infinity.
  static func encode(_ value: Value) throws(ScriptError) -> String {
    var output = ""
    try write(value, to: &output, depth: 0)
    return output
  }

  private static func write(_ value: Value, to output: inout String, depth: Int) throws(ScriptError) {
    guard depth < depthLimit else {
      throw ScriptError(.limit, "JSON is written to a depth of \(depthLimit) at most; does the value contain itself?")
    }
    if Safepoint.mustStop(after: 100) { return }
    switch value {
    case .nil: output += "null"
    case .bool(let truth): output += truth ? "true" : "false"
    case .number(let number):
      guard number.isFinite else { throw ScriptError(.value, "JSON has no number \(value.echo)") }
      output += value.echo
    case .string(let text): output += jsonString(text)
    case .list(let list): try write(list.values, to: &output, depth: depth)
    case .range(let range):
      try write((0..<range.count).lazy.map { Value.number(range[$0]) }, to: &output, depth: depth)
    case .map(let map): try write(map, to: &output, depth: depth)
    case .object(let tensor as TensorObject): try write(tensor.nested, to: &output, depth: depth)
    default: throw ScriptError(.type, "JSON has no form for \(describe(value))")
    }
  }

  private static func write(
    _ values: some Sequence<Value>, to output: inout String, depth: Int
  ) throws(ScriptError) {
    output += "["
    var isFirst = true
    for value in values {
      if !isFirst { output += ", " }
      isFirst = false
      try checkSize(output)
      try write(value, to: &output, depth: depth + 1)
    }
    output += "]"
  }

  private static func write(_ map: ScriptMap, to output: inout String, depth: Int) throws(ScriptError) {
    output += "{"
    for (place, (key, value)) in map.entries.enumerated() {
      if place > 0 { output += ", " }
      try checkSize(output)
      output += jsonString(key.description) + ": "
      try write(value, to: &output, depth: depth + 1)
    }
    output += "}"
  }

  /// Lists that share their elements could have no end.
  private static func checkSize(_ output: String) throws(ScriptError) {
    guard output.utf8.count < sizeLimit else {
      throw ScriptError(.limit, "the value takes more than \(Display.bytes(sizeLimit)) as JSON")
    }
  }
}
