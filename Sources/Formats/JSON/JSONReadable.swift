/// A value that JSON may stand for.
public protocol JSONReadable {
  /// What one is called where something else was found, and several are.
  static var jsonForm: (one: String, many: String) { get }
  /// Reads it; nil for another form of JSON.
  init?(_ json: JSON)
}

extension Int: JSONReadable {
  /// A whole number.
  public static var jsonForm: (one: String, many: String) { ("a whole number", "whole numbers") }
  /// Reads a whole number, however it is written.
  public init?(_ json: JSON) { if let value = json.integer { self = value } else { return nil } }
}

extension Double: JSONReadable {
  /// A number.
  public static var jsonForm: (one: String, many: String) { ("a number", "numbers") }
  /// Reads a number.
  public init?(_ json: JSON) { if let value = json.number { self = value } else { return nil } }
}

extension Bool: JSONReadable {
  /// A truth value.
  public static var jsonForm: (one: String, many: String) { ("true or false", "truth values") }
  /// Reads a truth value.
  public init?(_ json: JSON) { if case .bool(let value) = json { self = value } else { return nil } }
}

extension String: JSONReadable {
  /// A text.
  public static var jsonForm: (one: String, many: String) { ("a string", "strings") }
  /// Reads a text.
  public init?(_ json: JSON) { if let value = json.string { self = value } else { return nil } }
}

extension Array: JSONReadable where Element: JSONReadable {
  /// A list.
  public static var jsonForm: (one: String, many: String) {
    ("a list of \(Element.jsonForm.many)", "lists of \(Element.jsonForm.many)")
  }
  /// Reads a list of which every element can be read.
  public init?(_ json: JSON) {
    guard let elements = json.elements else { return nil }
    self = elements.compactMap { Element($0) }
    guard count == elements.count else { return nil }
  }
}

/// What is wrong with a field of an object.
public struct JSONMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// The field and what is wrong with it.
  public let description: String
}

extension JSON {
  /// The value of a field; nil where it is absent or null.
  public func optional<T: JSONReadable>(_ name: String, _ type: T.Type = T.self) throws(JSONMismatch) -> T? {
    guard let value = self[name], value != .null else { return nil }
    guard let read = T(value) else {
      throw JSONMismatch(
        description: "\(name) should be \(T.jsonForm.one), found \(value.string ?? value.text(.spaced))")
    }
    return read
  }

  /// The value of a field that must be there.
  public func required<T: JSONReadable>(_ name: String, _ type: T.Type = T.self) throws(JSONMismatch) -> T {
    guard let value = try optional(name, type) else { throw JSONMismatch(description: "lacks \(name)") }
    return value
  }
}
