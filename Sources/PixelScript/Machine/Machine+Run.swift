import Safepoint

extension Machine {
  /// Runs a cell's code; its variables are its module's memory.
  func run(_ prototype: Prototype) throws -> Slot {
    let module = prototype.module
    let header = unsafe prototype.header
    let before = module.temporaryTop
    module.temporaryTop = unsafe header.pointee.registerCount
    defer { module.temporaryTop = before }
    let top = unsafe depth == 0 ? registers : state.pointee.frame.pointee.top
    guard depth < depthLimit else { throw ScriptError(.limit, "too many scripts run each other") }
    let owned = unsafe header.pointee.firstOwned
    unsafe (module.slots + owned).initialize(repeating: .undefined, count: header.pointee.registerCount - owned)
    let frame = unsafe state.pointee.frame + 1
    unsafe frame.initialize(
      to: Frame(
        next: header.pointee.code, base: module.slots, top: top, header: header, isEntry: false, function: .nil,
        captures: nil))
    unsafe state.pointee.frame = frame
    return try execute()
  }

  /// Runs the youngest frame until it gives back, through all errors that the script catches.
  func execute() throws -> Slot {
    let entry = depth
    unsafe state.pointee.frame.pointee.isEntry = true
    guard nesting < Machine.nestingLimit else {
      pop()
      throw ScriptError(.limit, "commands and functions call each other too deeply: \(nesting) times")
    }
    nesting += 1
    let outer = innermostEntry
    innermostEntry = entry
    defer {
      nesting -= 1
      innermostEntry = outer
    }
    while true {
      do { return try dispatch() } catch { try recover(from: error, entry: entry) }
    }
  }

  /// The steps that an error costs which a script may catch.
  private static let stepsAnError = 64

  /// Goes on at the youngest `try` of this run, or ends its frames and throws a diagnostic.
  private func recover(from error: any Error, entry: Int) throws {
    let handler = handlers.last.flatMap { $0.frame >= entry ? $0 : nil }
    // What only an error that ends the run tells takes long to find out.
    if let handler, let caught = briefly(error) {
      do {
        try pollFully(steps: Machine.stepsAnError)
        return go(on: handler, caught)
      } catch { Teardown.release(caught.message) }
    }
    var diagnostic = diagnose(error)
    if !diagnostic.isFinal {
      // What an error tells may have taken long to find out, such as the nearest of many names.
      do { try pollFully(steps: Machine.stepsAnError) } catch { diagnostic = diagnose(error) }
    }
    if !diagnostic.isFinal, let handler {
      let message = Slot(text: diagnostic.message, heap: heap)
      return go(on: handler, CaughtError(diagnostic.kind, owning: message, line: diagnostic.location?.line))
    }
    if diagnostic.stack.isEmpty { diagnostic.stack = calls }
    while let handler = handlers.last, handler.frame >= entry { handlers.removeLast() }
    while depth >= entry { pop() }
    throw diagnostic
  }

  /// Goes on at the `try` of this run that catches what a script raises, which makes no error of Swift, or throws it.
  func raise(_ value: Slot) throws {
    let message = value.tag == .map ? field(shared.errorFields.message, of: value) : value
    if let handler = handlers.last, handler.frame >= innermostEntry, message.tag == .string,
      let kind = kind(raised: value),
      kind != .interrupted, kind != .shape, watch.stopReason == nil
    {
      do {
        try pollFully(steps: Machine.stepsAnError)
        return go(on: handler, CaughtError(kind, owning: message.copied(), line: line(of: .call, kind)))
      } catch {}
    }
    var error = try raised(value)
    error.isOfScript = true
    throw error
  }

  /// Goes on at a `try` with what its script sees of the error.
  private func go(on handler: Handler, _ error: CaughtError) {
    handlers.removeLast()
    if error.kind == .io { caughtFileErrors += 1 }
    while depth > handler.frame { pop() }
    let frame = unsafe state.pointee.frame
    unsafe Machine.set(frame.pointee.base + handler.register, map(of: error))
    unsafe frame.pointee.next = handler.next
  }

  /// What `catch e` gets, which the caller owns.
  private func map(of error: CaughtError) -> Slot {
    let slot = newMap(capacity: 3)
    slot.with(ScriptMap.self) { map in
      map.caught = error.kind
      let fields = shared.errorFields
      func set(_ name: Slot, _ value: Slot) {
        map.set(name, hash: name.with(StringBox.self) { $0.hash }, owning: value)
      }
      set(fields.kind, shared.name(of: error.kind))
      set(fields.message, error.message)
      set(fields.line, error.line.map { Slot(Double($0)) } ?? .nil)
    }
    return slot
  }

  /// The calls under way, innermost first.
  private var calls: [Diagnostic.Frame] {
    guard depth > 1 else { return [] }
    return (1...depth).reversed().map { place in
      let frame = unsafe frames[place]
      let prototype = unsafe frame.header.pointee.prototype.takeUnretainedValue()
      let isCell = unsafe frame.header.pointee.firstOwned > 0
      return Diagnostic.Frame(function: isCell ? nil : prototype.name ?? "fn", location: location(of: frame))
    }
  }

  /// Gives a register a new slot, which it owns from now on.
  @inline(__always) static func set(_ register: UnsafeMutablePointer<Slot>, _ slot: Slot) {
    let old = unsafe register.pointee
    unsafe register.pointee = slot
    Teardown.release(old)
  }

  @inline(__always) static func set(_ register: UnsafeMutablePointer<Slot>, _ number: Double) {
    unsafe set(register, Slot(number))
  }
}
