/// A JSON value; the fields of objects keep their order.
public enum JSON: Equatable, Sendable {
  /// A name in an object with its value.
  public struct Field: Equatable, Sendable {
    /// The name.
    public let name: String
    /// The value.
    public let value: JSON

    /// Creates a field.
    public init(_ name: String, _ value: JSON) { (self.name, self.value) = (name, value) }
  }

  case null
  case bool(Bool)
  /// A number without point and exponent, exactly.
  case integer(Int)
  /// Any other number; one that is not finite has no JSON, so it is written as null.
  case number(Double)
  /// A number as it stands that neither of both holds: a whole one beyond `Int`, or one beyond the largest of 64 bits.
  case literal(String)
  case string(String)
  case array([JSON])
  case object([Field])

  /// Reads a text; a name that stands twice in an object is a fault too. `readsEndless` takes `NaN` and `Infinity` for numbers.
  public init(_ bytes: [UInt8], readsEndless: Bool = false) throws(JSONFault) {
    var reader = JSONReader(bytes, readsEndless: readsEndless)
    try self.init(from: try reader.next(), &reader)
    _ = try reader.next()
  }

  /// Reads the rest of the value that starts with `part`; no text nests deep enough to make this recursion long.
  init(from part: JSONReader.Part, _ reader: inout JSONReader) throws(JSONFault) {
    self = try Self.value(from: part, &reader)
  }

  private static func value(from part: JSONReader.Part, _ reader: inout JSONReader) throws(JSONFault) -> JSON {
    switch part {
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .number(let value): return .number(value)
    case .literal(let text): return .literal(text)
    case .string(let value): return .string(value)
    case .arrayStart:
      var elements: [JSON] = []
      while true {
        let part = try reader.next()
        if part == .arrayEnd { return .array(elements) }
        elements.append(try value(from: part, &reader))
      }
    case .objectStart:
      var fields: [Field] = []
      var names: Set<String> = []
      while case .name(let name) = try reader.next() {
        guard names.insert(name).inserted else { throw reader.repeated(name) }
        fields.append(Field(name, try value(from: try reader.next(), &reader)))
      }
      return .object(fields)
    case .null, .name, .arrayEnd, .objectEnd, .end: return .null
    }
  }

  /// Its text in a layout; `writesEndless` has words for numbers that are not finite, as Python's json has.
  public func text(_ layout: JSONWriter.Layout = .compact, writesEndless: Bool = false) -> String {
    var writer = JSONWriter(layout)
    write(to: &writer, writesEndless)
    return writer.text
  }

  private func write(to writer: inout JSONWriter, _ writesEndless: Bool) {
    switch self {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .integer(let value): writer.integer(value)
    case .number(let value) where writesEndless && !value.isFinite: writer.endless(value)
    case .number(let value): writer.number(value)
    case .literal(let text): writer.literal(text)
    case .string(let value): writer.string(value)
    case .array(let elements):
      writer.startArray()
      for element in elements { element.write(to: &writer, writesEndless) }
      writer.endArray()
    case .object(let fields):
      writer.startObject()
      for field in fields {
        writer.name(field.name)
        field.value.write(to: &writer, writesEndless)
      }
      writer.endObject()
    }
  }

  /// The fields of an object, else nil.
  public var fields: [Field]? { if case .object(let fields) = self { fields } else { nil } }

  /// The elements of an array, else nil.
  public var elements: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

  /// A text, else nil.
  public var string: String? { if case .string(let text) = self { text } else { nil } }

  /// A whole number, however it is written, else nil.
  public var integer: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// A number, rounded to the nearest, else nil, as for one beyond the largest.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .literal(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
    default: nil
    }
  }

  /// The value of a name in an object; nil without it.
  public subscript(name: String) -> JSON? { fields?.first { $0.name == name }?.value }
}

extension JSON {
  /// A number, as a text where JSON has none for it: "inf", "-inf" or "nan", which most languages read.
  package init(exact value: Double) {
    if value.isFinite {
      self = value.magnitude <= 0x1p53 ? Int(exactly: value).map { .integer($0) } ?? .number(value) : .number(value)
    } else {
      self = .string(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
    }
  }

  /// The number, or the one without end that a text stands for; else nil.
  package var exactNumber: Double? {
    switch self {
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    case .string("nan"): .nan
    default: number
    }
  }
}

/// Why a text is no JSON, and where.
public struct JSONFault: Error, Equatable, Sendable {
  /// What kind of fault it is.
  public enum Kind: Sendable {
    case grammar
    /// A name stands twice in one object.
    case repeatedName
    /// The bytes of a text are not UTF-8.
    case encoding
    /// The work had to stop; nothing is known about the text.
    case stopped
  }

  /// What kind of fault it is.
  public let kind: Kind
  /// What was expected or found.
  public let reason: String
  /// The number of bytes before the place.
  public let byte: Int
  /// The line of the place, counted from 1.
  public let line: Int
  /// The byte of that line, counted from 1.
  public let column: Int
  /// The names of the objects that the place is in, from the outermost on, with points between; empty outside of any.
  public let key: String
}
