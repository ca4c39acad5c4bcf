/// A call of a command with so many arguments by position and such labels: where each form finds its arguments.
@safe final class CommandCall {
  /// A form with the places of its arguments.
  private final class Form {
    let command: Command
    let accepts: (Slot) throws -> Bool
    let body: Command.Body
    let binding: Binding
    let takesAnything, takesNumber, looks: Bool
    /// The kinds of first arguments of which it accepts some.
    let kinds: ValueKinds
    /// The type of the first parameter.
    let type: String
    /// Whether it has a parameter for every argument.
    let takesAll: Bool

    init(_ command: Command, _ binding: Binding) {
      (self.command, self.binding) = (command, binding)
      (accepts, body) = (command.acceptance.test, command.body)
      let plain = [Double.scriptName, Int.scriptName, Bool.scriptName]
      takesAnything = command.acceptsAnything && !command.signature.isEmpty
      takesNumber = command.signature.first.map { plain.contains($0.type) && $0.gathering == .one } ?? false
      looks = !command.countsItsWork
      kinds = command.acceptance.kinds
      type = command.signature.first?.type ?? ""
      takesAll = !binding.isFaulty
    }
  }

  let entry: Registry.Entry
  let label: CommandName
  /// The label, without a reference of its own.
  let name: Unmanaged<CommandName>
  /// The number of all arguments.
  let count: Int
  private let forms: [Form]
  /// The form meant whatever the arguments are.
  private let only: Unmanaged<Form>?
  /// The form meant by the kind of the first argument, where that alone tells.
  private let byKind: UnsafeMutablePointer<Unmanaged<Form>?>
  private static let kindCount = 16
  /// The type of the value of the host that came last as first argument, and the form that it means by its type alone.
  @exclusivity(unchecked) private var lastObject: (type: ObjectIdentifier, form: Unmanaged<Form>)?

  init(_ entry: Registry.Entry, positional: Int, labels: [String]) {
    (self.entry, label) = (entry, entry.label)
    unsafe name = .passUnretained(label)
    count = positional + labels.count
    forms = entry.forms.map { Form($0, Binding(entry.label, $0.signature, positional: positional, labels: labels)) }
    let place = forms.count == 1 ? 0 : positional == 0 ? CommandCall.form(of: entry.forms, by: labels) : nil
    unsafe only = place.map { [forms] in unsafe Unmanaged.passUnretained(forms[$0]) }
    unsafe byKind = .allocate(capacity: CommandCall.kindCount)
    for tag in 0..<CommandCall.kindCount {
      let kind = unsafe only == nil ? Slot.Tag(rawValue: UInt8(tag)) : nil
      let form = kind.flatMap { CommandCall.form(of: forms, for: $0) }
      unsafe (byKind + tag).initialize(to: form.map { unsafe Unmanaged.passUnretained($0) })
    }
  }

  deinit { unsafe byKind.deallocate() }

  /// The form that every first argument of a kind means, or nil.
  private static func form(of forms: [Form], for tag: Slot.Tag) -> Form? {
    // A value of the host may count as a number.
    if tag == .object || tag == .undefined { return nil }
    let kind = ValueKinds(tag)
    let form = forms.first { $0.takesAnything || $0.kinds.contains(kind) }
    guard let form, form.takesAll else { return nil }
    return form.takesAnything || form.command.acceptance.wholeKinds.contains(kind) ? form : nil
  }

  /// Calls the form that fits the arguments, which lie in a row that goes on owning them; the caller owns the result.
  ///
  /// The call counts steps unless the host makes it.
  @inline(__always)
  func run(_ first: Registers, _ context: CallContext, _ machine: Machine, isOfHost: Bool = false) throws -> Slot {
    if let only = unsafe only {
      return try unsafe only._withUnsafeGuaranteedRef { try run($0, first, context, machine, isOfHost) }
    }
    if let form = unsafe byKind[Int(first[0].tag.rawValue)] {
      return try unsafe form._withUnsafeGuaranteedRef { try run($0, first, context, machine, isOfHost) }
    }
    return try chosen(first, context, machine, isOfHost)
  }

  private func chosen(
    _ first: Registers, _ context: CallContext, _ machine: Machine, _ isOfHost: Bool
  ) throws -> Slot {
    if first[0].tag == .object {
      let type = first[0].with(ObjectBox.self) { ObjectIdentifier(Swift.type(of: $0.object)) }
      if let last = unsafe lastObject, unsafe last.type == type {
        return try unsafe last.form._withUnsafeGuaranteedRef { try run($0, first, context, machine, isOfHost) }
      }
      if let form = forms.first(where: { $0.takesAll && $0.command.acceptance.objectType == type }) {
        unsafe lastObject = unsafe (type, .passUnretained(form))
        return try run(form, first, context, machine, isOfHost)
      }
      if let form = try form(forObject: first[0]) { return try run(form, first, context, machine, isOfHost) }
    } else {
      var second: Form?
      let kind = ValueKinds(first[0].tag)
      for form in forms where try form.takesAnything || form.kinds.contains(kind) && form.accepts(first[0]) {
        if form.takesAll { return try run(form, first, context, machine, isOfHost) }
        second = second ?? form
      }
      if let second { return try run(second, first, context, machine, isOfHost) }
    }
    throw entry.noForm(first[0].value)
  }

  /// The form for a value of the host: that for its own type, then one for what it may stand for, then one for what it counts as; of
  /// these the first that takes all arguments of the call.
  private func form(forObject slot: Slot) throws -> Form? {
    let name = type(of: slot.object(ObjectBox.self).object).scriptName
    var second: Form?
    for form in forms where form.type == name {
      if form.takesAll, try form.accepts(slot) { return form }
      second = form
    }
    for form in forms where try form.takesAnything || !form.takesNumber && form.accepts(slot) {
      if form.takesAll { return form }
      second = second ?? form
    }
    return try second ?? forms.first { try $0.takesNumber && $0.accepts(slot) }
  }

  @inline(__always)
  private func run(
    _ form: Form, _ first: Registers, _ context: CallContext, _ machine: Machine, _ isOfHost: Bool
  ) throws -> Slot {
    if !isOfHost { try machine.chargeCall(first, count: count, looks: form.looks) }
    var arguments = ArgumentReader(ArgumentRow(first, form.binding))
    if arguments.isFaulty, let label = form.binding.unknownLabel {
      throw ArgumentFault.unknownLabel(label, of: form.command)
    }
    return try form.body(&arguments, context)
  }

  /// The form that a call with these labels and no other arguments means.
  static func form(of forms: [Command], by labels: [String]) -> Int {
    let fitting = forms.indices.filter { place in
      labels.allSatisfy { label in forms[place].signature.contains { $0.isMeant(by: label) } }
    }
    let whole = fitting.first { forms[$0].signature.allSatisfy { $0.isOptional || labels.contains($0.name) } }
    let near = forms.firstIndex { form in
      let names = form.signature.map(\.name)
      return labels.allSatisfy { names.contains($0) || Suggestion.best(for: $0, in: names) != nil }
    }
    return forms.firstIndex { labels.isEmpty && $0.needsNoArgument } ?? whole ?? fitting.first ?? near ?? 0
  }
}

extension Registry.Entry {
  /// The type error that tells all forms, as none fits.
  func noForm(_ first: Value) -> ScriptError {
    let types = forms.compactMap { $0.signature.first?.type }.map(withArticle)
    let expected = [types.dropLast().joined(separator: ", "), types.last ?? ""].filter { !$0.isEmpty }.joined(
      separator: " or ")
    return ScriptError(
      .type, "`\(name)` expects \(expected), found \(describe(first))",
      help: ForeignWord.help(forCommand: name, on: first.typeName) ?? ForeignWord.help(for: name),
      culprit: .position(0))
  }
}
