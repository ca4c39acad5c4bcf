import PixelScript

extension Completer {
  /// The labels that the call does not have yet, with what they mean.
  func labels(of call: CallScanner.Call) -> [Completion.Candidate] {
    if let function = function(of: call) {
      let names = function.parameterNames.dropFirst(call.positions)
      return names.filter { !call.labels.contains($0) }.map { .init("\($0): ") }
    }
    let forms = registry[call.name]?.forms ?? []
    let filled = forms.first.map { $0.signature.filter { !$0.byName }.prefix(call.positions).map(\.name) } ?? []
    let signatures = forms.flatMap(\.signature)
    return registry.labels(of: call.name).filter { !(call.labels + filled).contains($0) }.compactMap { label in
      guard let signature = signatures.first(where: { $0.name == label }) else { return nil }
      guard signature.byName || signature.isOptional else { return nil }
      let fallback = signature.fallback.map { " (\($0))" } ?? ""
      return .init("\(label): ", detail: signature.summary + fallback)
    }
  }

  /// The signature of the argument that is being written.
  func signature(for call: CallScanner.Call) -> Signature? {
    let forms = function(of: call) == nil ? registry[call.name]?.forms ?? [] : []
    if let label = call.label {
      return forms.flatMap(\.signature).first { $0.name == label }
    }
    let positional = forms.first?.signature.filter { !$0.byName } ?? []
    return call.positions < positional.count ? positional[call.positions] : nil
  }

  /// The variable that is called, which goes before a command of its name.
  private func function(of call: CallScanner.Call) -> ScriptFunction? {
    if case .function(let function) = value(of: call.name) { function } else { nil }
  }

  func values(for call: CallScanner.Call) -> [Completion.Candidate]? {
    guard let signature = signature(for: call) else { return nil }
    if signature.type == Bool.scriptName { return [.init("true"), .init("false")] }
    return signature.choices.map { .init(Display.quoted($0)) }
  }

  /// The variables that an argument that must be given can be, by type; none where any value is right.
  func fittingVariables(for call: CallScanner.Call) -> [Completion.Candidate] {
    guard let signature = signature(for: call), !signature.isOptional else { return [] }
    return variables.filter { $0.value.typeName == signature.type }.map { .init($0.name, detail: summary($0.value)) }
  }
}
