import Safepoint

extension Machine {
  /// The diagnostic of an error at the instruction that runs.
  func diagnose(_ error: any Error) -> Diagnostic {
    // What was stopped may fail in any way: that it was is all that counts.
    let isInterruption = (error as? ScriptError)?.kind == .interrupted
    if let reason = watch.stopReason, !(error is Diagnostic), !isInterruption {
      return diagnose(self.error(of: reason))
    }
    switch error {
    case let diagnostic as Diagnostic: return placed(diagnostic, .call)
    case let error as ScriptError: return diagnose(error)
    case let stopped as Stopped: return diagnose(self.error(of: stopped))
    case let error as any ScriptErrorConvertible: return diagnose(error.scriptError)
    case let failure as SyntaxFailure: return failure.diagnostics[0]
    default:
      let text = "a fault of the program, not of the script: \(type(of: error)): \(error)"
      return placed(Diagnostic(.internal, text, help: "please report it with the script"), .call)
    }
  }

  /// What a script that catches an error sees of it; nil where more decides.
  func briefly(_ error: any Error) -> CaughtError? {
    guard watch.stopReason == nil, let error = error as? ScriptError, !error.isFinal, error.kind != .shape else {
      return nil
    }
    return CaughtError(
      error.kind, owning: Slot(text: told(error), heap: heap), line: line(of: error.culprit, error.kind))
  }

  /// Whether the script catches an error that is thrown now: then nobody reads what helps against it.
  var catchesErrors: Bool { handlers.last.map { $0.frame >= innermostEntry } ?? false }

  /// An error whose help is worked out only where somebody reads it.
  func error(
    _ kind: Diagnostic.Kind, _ message: String, help: @autoclosure () -> String?,
    culprit: ScriptError.Culprit = .call
  ) -> ScriptError {
    ScriptError(kind, message, help: catchesErrors ? nil : help(), culprit: culprit)
  }

  private func told(_ error: ScriptError) -> String {
    error.isOfScript ? error.message : Display.ends(of: error.message)
  }

  private func diagnose(_ error: ScriptError) -> Diagnostic {
    // Names of a script's making may be of any length.
    let help = [error.help, helpForSharedName(error)].compactMap(\.self).map(Display.ends)
    let plain = Diagnostic(error.kind, told(error), help: help)
    var diagnostic = placed(plain, error.culprit)
    diagnostic.isFinal = error.isFinal
    diagnostic.isBudget = error.isBudget
    guard depth > 0, let source = diagnostic.location?.source else { return diagnostic }
    for (span, text) in zip(operandSpans, error.operands) {
      // What a literal is stands there already.
      if let text, span != diagnostic.location?.span, source.text(span) != text {
        diagnostic.labels.append(.init(span, text))
      }
    }
    if let origin = error.origin {
      if origin.location.source === source {
        diagnostic.labels.append(.init(origin.location.span, origin.text))
      } else {
        diagnostic.notes.append("\(origin.text), defined at \(origin.location.source.name):\(origin.location.line)")
      }
    }
    if error.kind == .shape { nameOperands(in: &diagnostic, source) }
    return diagnostic
  }

  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// Where the operands or the arguments of the instruction that runs stand.
  var operandSpans: [Span] {
    let frame = unsafe state.pointee.frame.pointee
    let prototype = unsafe frame.header.pointee.prototype.takeUnretainedValue()
    return unsafe prototype.site(before: frame.next)?.spans ?? prototype.operands(before: frame.next)
  }

  /// Puts the operands as the script writes them before their shapes: "cannot multiply x [2, 3] by w [4]".
  private func nameOperands(in diagnostic: inout Diagnostic, _ source: SourceText) {
    var rest = diagnostic.message.startIndex
    for label in diagnostic.labels {
      let text = source.text(label.span)
      guard text.utf8.count <= 40, !text.contains("\n") else { continue }
      guard let shape = diagnostic.message[rest...].firstRange(of: label.text) else { return }
      let before = diagnostic.message[..<shape.lowerBound]
      if before.hasSuffix("shape ") || before.hasSuffix("found ") { return }
      let start = diagnostic.message.distance(from: diagnostic.message.startIndex, to: shape.lowerBound)
      diagnostic.message.insert(contentsOf: text + " ", at: shape.lowerBound)
      rest = diagnostic.message.index(
        diagnostic.message.startIndex, offsetBy: start + text.count + 1 + label.text.count)
    }
  }

  private func placed(_ diagnostic: Diagnostic, _ culprit: ScriptError.Culprit) -> Diagnostic {
    guard diagnostic.location == nil else { return diagnostic }
    var placed = diagnostic
    placed.location = place(of: culprit, diagnostic.kind)
    return placed
  }

  /// The place of an error at the instruction that runs, or nil.
  private func place(of culprit: ScriptError.Culprit, _ kind: Diagnostic.Kind) -> Location? {
    guard depth > 0 else { return nil }
    let frame = unsafe state.pointee.frame.pointee
    let prototype = unsafe frame.header.pointee.prototype.takeUnretainedValue()
    if let span = indexSpan(kind) { return Location(prototype.source, span) }
    let span = unsafe prototype.site(before: frame.next)?.span(of: culprit) ?? prototype.span(before: frame.next)
    return Location(prototype.source, span)
  }

  /// The line of an error at the instruction that runs, or nil.
  func line(of culprit: ScriptError.Culprit, _ kind: Diagnostic.Kind) -> Int? {
    guard depth > 0 else { return nil }
    let frame = unsafe state.pointee.frame
    return unsafe frame.pointee.header.pointee.prototype._withUnsafeGuaranteedRef { prototype in
      let next = unsafe frame.pointee.next
      var span = indexSpan(kind)
      if span == nil, culprit != .call { span = unsafe prototype.site(before: next)?.span(of: culprit) }
      let start = unsafe Int((span ?? prototype.span(before: next)).start)
      return prototype.source.firstLine + prototype.source.lineIndex(at: start)
    }
  }

  /// Where the index stands that is the mistake in `x[index]`.
  private func indexSpan(_ kind: Diagnostic.Kind) -> Span? {
    guard kind == .index || kind == .key else { return nil }
    let frame = unsafe state.pointee.frame.pointee
    let prototype = unsafe frame.header.pointee.prototype.takeUnretainedValue()
    guard unsafe frame.next > frame.header.pointee.code else { return nil }
    switch unsafe frame.next[-1].operation {
    case .getIndex, .setIndex: return unsafe prototype.operands(before: frame.next).last
    default: return nil
    }
  }

  /// An error about shapes with the shapes of the values that it is about; any other error as it is.
  static func withShapes(_ error: any Error, of values: [Value]) -> any Error {
    guard var told = error as? ScriptError ?? (error as? any ScriptErrorConvertible)?.scriptError, told.kind == .shape,
      told.operands.isEmpty
    else { return error }
    told.operands = values.map(shapeText)
    return told
  }

  private static func shapeText(_ value: Value) -> String? {
    switch value {
    case .object(let object): return object.shapeText
    case .list(let list) where (2...4).contains(list.count):
      let shapes = list.values.compactMap { if case .object(let object) = $0 { object.shapeText } else { nil } }
      return shapes.count == list.count ? shapes.joined(separator: ", ") : nil
    default: return nil
    }
  }
}

/// What a script that catches an error sees of it.
struct CaughtError {
  let kind: Diagnostic.Kind
  /// The message, of which whoever makes a map of the error gives the reference away.
  let message: Slot
  let line: Int?

  init(_ kind: Diagnostic.Kind, owning message: Slot, line: Int?) {
    (self.kind, self.message, self.line) = (kind, message, line)
  }
}

extension CallSite {
  /// The argument that an error means, or nil for the whole call.
  func span(of culprit: ScriptError.Culprit) -> Span? {
    switch culprit {
    case .call: return nil
    case .position(let place): return place < spans.count ? spans[place] : nil
    case .label(let name): return (names + [method].compactMap(\.self)).first { $0.text == name }?.span
    case .parameter(let name):
      if let place = names.firstIndex(where: { $0.text == name }) { return spans[positional + place] }
      let forms = unsafe command?.takeUnretainedValue().entry.forms ?? []
      for form in forms {
        // Without copies of what a signature holds.
        var place = 0
        for parameter in form.signature.indices where !form.signature[parameter].byName && place < positional {
          if form.signature[parameter].name == name { return spans[place] }
          place += 1
        }
      }
      return nil
    }
  }
}
