/// What a token is about, so that figures can be told apart by it.
public enum TokenKind: String, CaseIterable, Sendable {
  /// A byte of text, or padding.
  case text
  /// A color of a picture.
  case pixels
  /// A tab or a newline.
  case separators
  /// A level of sound or control.
  case values
}

extension Vocabulary {
  /// What a token is about.
  public func kind(of id: UInt8) -> TokenKind {
    if id == Self.tab || id == Self.newline { return .separators }
    if color(of: id) != nil { return .pixels }
    return value(of: id) == nil ? .text : .values
  }

  /// What a token is called in a table, each by another name: a letter by itself, a color by its hexadecimal digits.
  public func name(of id: UInt8) -> String {
    if let index = color(of: id) {
      let color = palette.colors[Int(index)]
      let isFirst = palette.colors.firstIndex(of: color) == Int(index)
      return "#" + color.hex + (isFirst ? "" : " (\(id))")
    }
    if let value = value(of: id) { return "value \(value)" }
    switch byte(of: id) {
    case 0: return "padding"
    case UInt8(ascii: "\t"): return "tab"
    case UInt8(ascii: "\n"): return "newline"
    case UInt8(ascii: " "): return "space"
    case let byte? where 0x21...0x7E ~= byte: return String(UnicodeScalar(byte))
    case let byte?: return "byte \(String(byte, radix: 16))"
    case nil: return "token \(id)"
    }
  }
}
