import Foundation

extension Builtins {
  /// Out to the reader.
  static var printing: [Command] {
    [
      Command(
        "print",
        "Writes values, with a space between them and a line end after them; a table stands in lines of its own.",
        VariadicOperand("values", "what to write"),
        Parameter<String>("by", "what stands between the values", default: " ", byName: true),
        Parameter<String>("end", "what is written after the last value", default: "\n", byName: true),
        example: """
          print "loss", 0.25  # expect: loss 0.25
          print 1, 2, by: ", "  # expect: 1, 2
          """
      ) { context, values, separator, end in
        var line = ""
        for place in 0..<values.count {
          if place > 0 {
            let isBreak = separator == " " && (hasLines(values[place].value) || hasLines(values[place - 1].value))
            try context.add(isBreak ? "\n" : separator, to: &line)
          }
          try context.add(context.text(of: values[place].value), to: &line)
        }
        try context.add(end, to: &line)
        if line.utf8.count < 1 << 16 {
          context.write(line)
        } else {
          try context.forEachPiece(of: line) { context.write(String($0)) }
        }
        return Slot.nil
      }
    ]
  }

  /// Whether the text of a value is lines of its own.
  private static func hasLines(_ value: Value) -> Bool {
    if case .object(let object) = value { object.innerText != nil } else { false }
  }

  /// From one type to another.
  static var conversions: [Command] {
    [
      Command(
        "type", "Returns the name of a value's type.", Operand("value", "any value"),
        example: """
          print type(1), type("a"), type([1]), type(nil)  # expect: number string list nil
          """
      ) { context, value in context.machine.shared.typeName(of: value) }.primitive(.type),
      Command(
        "str", "Returns the text that `print` writes for a value.", Operand("value", "any value"),
        example: """
          print "epoch " + str(3)  # expect: epoch 3
          """
      ) { context, value in try context.string(of: value) },
      Command(
        "num", "Returns the number that a string spells; `true` is 1 and `false` is 0.",
        Operand("value", "a string, a bool or a number"),
        Operand(
          optional: "otherwise", "what there is in place of an error for a string that spells none, such as `nil`"),
        example: """
          print num("1e-3") * 2, num(true)  # expect: 0.002 1
          print([num(text, nil) for text in ["1.5", "n/a"]])  # expect: [1.5, nil]
          """
      ) { context, value, otherwise -> Slot in
        // Without it nobody looks at the error on its way to the script.
        guard otherwise.tag != .undefined else { return Slot(try number(from: value, context)) }
        do { return Slot(try number(from: value, context)) } catch let error as ScriptError where error.kind == .value {
          return otherwise.copied()
        }
      },
      Command(
        "list", "Returns a new list of the elements of a value: code points of a string, keys of a map.",
        Operand("values", "something with elements", default: .list([])),
        example: """
          print list(range(3)), list("ab")  # expect: [0, 1, 2] ["a", "b"]
          """
      ) { context, values in
        values.tag == .undefined ? context.newList() : try context.copiedList(values, argument: "values")
      },
    ]
  }

  /// Written forms, the time, and equality.
  static var formats: [Command] {
    [
      Command(
        "format", "Returns a number or string in the form that one of Python's format specifications asks for.",
        Operand("value", "what to write"), FormatForm(),
        example: """
          print format(3.14159, ".2f"), format("a", ">3"), format(1234567, ",")  # expect: 3.14   a 1,234,567
          """
      ) { context, value, form in
        let machine = context.machine
        let specification = try machine.format(form)
        if let text = specification.plain?.text(of: value, machine) { return text }
        return try context.charged(specification.text(of: value.value)).owned(context)
      },
      Command(
        "now", "Returns the time in seconds since the start of 1970.",
        example: """
          start = now()
          print now() - start >= 0  # expect: true
          """
      ) { _ in Date().timeIntervalSince1970 },
      Command(
        "equal", "Returns true when two values are the same as a whole, shapes included.",
        Operand("left", "any value"), Operand("right", "any value"),
        example: """
          print equal([1, {a: 2}], [1, {a: 2}]), equal(1, "1")  # expect: true false
          """
      ) { context, left, right in try context.machine.areEqual(left, right) },
    ]
  }

  private static func number(from value: Slot, _ context: CallContext) throws -> Double {
    if value.tag == .string, let number = value.with(StringBox.self, { $0.shortNumber }) { return number }
    switch value.value {
    case .number(let number): return number
    case .bool(let truth): return truth ? 1 : 0
    case .string(let text):
      let spelled = try context.stripped(text, of: nil)
      // No number needs more; and the search for the nearest one takes long. It ends at a zero byte, as at the end.
      let isPossible = spelled.utf8.count <= 10_000 && spelled.utf8.first.map(beginsNumber) ?? false
      let number = isPossible && !spelled.utf8.contains(0) ? Double(spelled) : nil
      if let number, !number.isInfinite || !spelled.isBeyondNumbers { return number }
      throw ScriptError(
        .value, "`num` expects a string that spells a number, found \(Display.quoted(Display.start(of: text)))",
        help: number == nil ? nil : "the largest number is about 1.8e308", argument: "value")
    default:
      if let number = value.hostNumber { return number }
      throw ScriptError(
        .type, "`num` expects a string, a bool or a number, found \(describe(value.value))",
        argument: "value")
    }
  }
}

/// Whether a number may begin with a byte: a digit, a sign, a point, `inf` or `nan`.
private func beginsNumber(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
  default: [UInt8(ascii: "i"), UInt8(ascii: "n")].contains(byte | 0x20)
  }
}

extension StringProtocol {
  /// Whether a text that was read as a number without end spells one by its digits, which has an end: `1e400`, not `inf`.
  var isBeyondNumbers: Bool { contains { $0.isNumber } }
}

/// The form of a value; what stands in its place where somebody means Python's `"{}".format(x)` is told how that is written.
private struct FormatForm: CommandParameter {
  private let parameter = Parameter<StringBox>("form", "such as `.2f`, `>8` or `,`")

  var signatures: [Signature] { parameter.signatures }

  func take(from arguments: inout ArgumentReader) throws -> StringBox {
    do { return try arguments.take(parameter) } catch var error as ScriptError {
      if error.help == nil { error.help = "values are put into a string with f\"{x}\", f\"{x:.2f}\"" }
      throw error
    }
  }
}

extension CallContext {
  /// The text that `print` writes for a value.
  func text(of value: Value) throws -> String {
    if case .string(let text) = value { return text }
    return try charged(value.description)
  }

  /// The text that `print` writes for a value, as a string that the caller owns.
  fileprivate func string(of value: Slot) throws -> Slot {
    if value.tag == .string { return value.copied() }
    if value.isSmallWhole { return machine.digits(of: Int(value.number)) }
    return try text(of: value.value).owned(self)
  }

  /// A text that was just made of something else.
  func charged(_ text: String) throws -> String {
    try interpreter.machine.chargeMade(text.utf8.count)
    return text
  }
}
