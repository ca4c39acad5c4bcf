/// The arguments of a call of a command as far as the text tells them.
struct WrittenCall {
  let positional: Int
  let labels: [String]
  /// The arguments in order, those by position first; nil where the text does not tell the value.
  let values: [Value?]

  init(_ call: Call) {
    positional = call.arguments.count
    labels = call.named.map(\.name.text)
    values = (call.arguments + call.named.map(\.value)).map(\.literal)
  }

  /// What is wrong with the call whatever the values are that the text does not tell, or nil.
  func fault(of entry: Registry.Entry) -> ScriptError? {
    let forms = meant(of: entry)
    guard !forms.isEmpty else { return values[0].map(entry.noForm) }
    let faults = forms.map { fault(of: $0, entry.label) }
    guard !faults.contains(where: { $0 == nil }) else { return nil }
    // The form that has the labels is more likely meant than another one.
    let place = forms.indices.first { place in
      labels.allSatisfy { label in forms[place].signature.contains { $0.isMeant(by: label) } }
    }
    return faults[place ?? 0]
  }

  /// The forms that the first argument may mean.
  private func meant(of entry: Registry.Entry) -> [Command] {
    guard entry.forms.count > 1 else { return entry.forms }
    guard positional > 0 else { return [entry.forms[CommandCall.form(of: entry.forms, by: labels)]] }
    guard let first = values[0] else { return entry.forms }
    let kind = ValueKinds(first)
    return entry.forms.filter { $0.acceptsAnything || $0.acceptance.kinds.contains(kind) }
  }

  private func fault(of form: Command, _ label: CommandName) -> ScriptError? {
    let binding = Binding(label, form.signature, positional: positional, labels: labels)
    if let label = binding.unknownLabel { return ArgumentFault.unknownLabel(label, of: form) }
    let fault = ArgumentFault(binding: binding, first: positional > 0 ? values[0]?.typeName ?? "" : "")
    for (number, signature) in form.signature.enumerated() {
      let place = binding.place(of: number)
      guard place >= 0 else {
        if signature.isOptional { continue }
        return fault.missing(signature)
      }
      let places =
        switch signature.gathering {
        case .one: place..<place + 1
        case .positional: place..<max(positional, place + 1)
        case .named: place..<place
        }
      for place in places {
        guard let value = values[place] else { continue }
        if let text = fault.stranger(in: value, signature.choices) {
          return fault.unknownChoice(signature, text, fault.culprit(signature, place))
        }
        if !signature.mayBe(value) { return fault.mismatch(signature, value, fault.culprit(signature, place)) }
      }
    }
    return binding.isFaulty ? fault.surplus(form.signature) : nil
  }
}

extension Signature {
  /// False where no value like a literal can be given; true where only the command itself can tell.
  fileprivate func mayBe(_ literal: Value) -> Bool {
    let plain = [Double.scriptName, Int.scriptName, Bool.scriptName, String.scriptName]
    switch (type, literal) {
    case (_, .nil): return isOptional || !plain.contains(type)
    // Some commands take a list of whole numbers in place of one.
    case (Double.scriptName, .list), (Int.scriptName, .list): return true
    case (Double.scriptName, .number), (Bool.scriptName, .bool), (String.scriptName, .string): return true
    case (Int.scriptName, .number(let number)): return Int(exactly: number) != nil
    case (Double.scriptName, _), (Int.scriptName, _), (Bool.scriptName, _), (String.scriptName, _): return false
    default: return true
    }
  }
}

extension ValueKinds {
  fileprivate init(_ value: Value) {
    self =
      switch value {
      case .nil: .nil
      case .bool: .bool
      case .number: .number
      case .string: .string
      case .range: .range
      case .list: .list
      case .map: .map
      case .function: .function
      case .object: .object
      }
  }
}

extension Expression {
  /// The value, where the text tells it whole.
  fileprivate var literal: Value? {
    switch kind {
    case .nil: return .nil
    case .bool(let flag): return .bool(flag)
    case .number(let number): return .number(number)
    case .string(let text): return .string(text)
    case .unary(.negate, let operand):
      if case .number(let number) = operand.kind { return .number(-number) }
      return nil
    case .list(let elements):
      let values = elements.compactMap(\.literal)
      return values.count == elements.count ? .list(values) : nil
    default: return nil
    }
  }
}
