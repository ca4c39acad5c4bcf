import Safepoint

/// Writes values as the prompt echoes them, up to a limit, and no further when the run must stop.
struct DisplayWriter {
  /// The deepest nesting that is shown; below it, and for what contains itself, stands `...`.
  private static let depth = 32
  /// The bytes that are written without a look.
  private static let piece = 1 << 16

  private(set) var output = ""
  private let limit: Int
  private var nextLook = piece
  private var mustStop = false

  init(limit: Int) { self.limit = limit }

  /// True when no more is to be written.
  private mutating func isFull() -> Bool {
    let count = output.utf8.count
    if count >= nextLook {
      nextLook = count + DisplayWriter.piece
      mustStop = mustStop || Safepoint.mustStop
    }
    return count >= limit || mustStop
  }

  mutating func write(_ value: Value, inside path: [ObjectIdentifier]) {
    switch value {
    case .nil: output += "nil"
    case .bool(let truth): output += truth ? "true" : "false"
    case .number(let number): output += Display.text(of: number)
    case .string(let text): write(quoted: text)
    case .list(let list): write(list, inside: path)
    case .map(let map): write(map, inside: path)
    case .range(let range): write(range)
    case .function(let function):
      output += "<\(function.commandName == nil ? "function" : "command") \(function.name ?? "fn")>"
    case .object(let set as ScriptSet): write(set)
    case .object(let object): output += (path.isEmpty ? nil : object.innerText) ?? object.displayText
    }
  }

  mutating func write(quoted text: String) {
    if text.utf8.count < 64, text.utf8.allSatisfy({ (32..<127).contains($0) && $0 != 34 && $0 != 92 }) {
      // As most strings are; nothing in them is written another way.
      return output += "\"\(text)\""
    }
    output += "\""
    var count = 0
    for scalar in text.unicodeScalars {
      count += 1
      // Looked at now and then, as most strings are short.
      if count % 64 == 0, isFull() {
        output += "..."
        break
      }
      write(escaped: scalar)
    }
    output += "\""
  }

  private mutating func write(escaped scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": output += "\\\""
    case "\\": output += "\\\\"
    default:
      if let escape = ControlCharacters.escape(scalar) {
        output += escape
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
  }

  private mutating func write(_ range: ScriptRange) {
    output += "range(\(Display.text(of: range.start)), \(Display.text(of: range.stop))"
    output += range.step == 1 ? ")" : ", \(Display.text(of: range.step)))"
  }

  private mutating func write(_ list: ScriptList, inside path: [ObjectIdentifier]) {
    guard path.count < DisplayWriter.depth, !path.contains(ObjectIdentifier(list)) else { return output += "[...]" }
    let path = path + [ObjectIdentifier(list)]
    output += "["
    for position in 0..<list.count {
      if position > 0 { output += ", " }
      guard !isFull() else {
        output += "..."
        break
      }
      write(list[position], inside: path)
    }
    output += "]"
  }

  mutating func write(_ set: ScriptSet) {
    output += "set("
    for (position, value) in set.values.enumerated() {
      output += position > 0 ? ", " : "["
      guard !isFull() else {
        output += "..."
        break
      }
      write(value, inside: [])
    }
    output += set.map.count == 0 ? ")" : "])"
  }

  private mutating func write(_ map: ScriptMap, inside path: [ObjectIdentifier]) {
    guard path.count < DisplayWriter.depth, !path.contains(ObjectIdentifier(map)) else { return output += "{...}" }
    let path = path + [ObjectIdentifier(map)]
    output += "{"
    var isFirst = true
    for place in 0..<map.used {
      guard let entry = map.entry(at: place) else { continue }
      if !isFirst { output += ", " }
      isFirst = false
      guard !isFull() else {
        output += "..."
        break
      }
      let key = entry.key.value
      if case .string(let name) = key, DisplayWriter.isName(name) { output += name } else { write(key, inside: path) }
      output += ": "
      write(entry.value.value, inside: path)
    }
    output += "}"
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
    return text.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0) }
      && text.composedName.utf8.elementsEqual(text.utf8)
  }
}
