import Safepoint

/// Runs bytecode.
///
/// A call makes a frame on the frame stack and its registers on the register stack: arguments are moved from the caller's
/// temporaries to the first registers of the frame, the result goes to the register that the call instruction names (`a`).
/// `execute` runs until the frame it was started with gives back; a command that calls a script function starts another one above
/// it, so the machine is re-entrant, and errors unwind to the youngest `try` or to that start. Every register owns its slot.
///
/// The safepoint: each call and each jump back takes a tick off; when none are left, `poll` looks at interruption and budgets.
@safe final class Machine {
  @safe struct Frame {
    /// The next instruction, kept current before anything that may fail or call.
    var next: UnsafeMutablePointer<Instruction>
    /// Register 0.
    var base: UnsafeMutablePointer<Slot>
    /// The first free slot of the register stack above the frame.
    var top: UnsafeMutablePointer<Slot>
    var header: UnsafeMutablePointer<Prototype.Header>
    /// True for the frame that an `execute` was started with.
    var isEntry: Bool
    /// Keeps captured variables alive; owned. Only where the header says that there are some, as the next one.
    var function: Slot
    /// The cells of captured variables.
    var captures: UnsafeMutablePointer<Slot>?
  }

  @safe struct Handler {
    let frame: Int
    let next: UnsafeMutablePointer<Instruction>
    let register: Int
  }

  /// What the inner loop changes all the time.
  @safe struct State {
    var frame: UnsafeMutablePointer<Frame>
    var ticks: Int
  }

  static let registerCapacity = 1 << 20
  static let frameCapacity = 100_000
  /// How often commands and script functions may call each other inside each other: each time takes from the program's own stack.
  static let nestingLimit = 150

  /// What the machine is a part of.
  @safe @exclusivity(unchecked) private unowned var owner: Interpreter?
  /// How many errors of files scripts have caught.
  var caughtFileErrors = 0
  /// What native work looks at to know when to stop.
  let watch: Watch
  let meter: MemoryMeter
  let heap: Heap
  let shared: SharedStrings
  /// The strings of one letter of ASCII, which `shared` owns.
  let letters: UnsafeMutablePointer<Slot>
  /// The format that was last asked for.
  @safe @exclusivity(unchecked) var lastFormat: (text: StringBox, format: FormatSpecification)?
  /// The patterns that were asked for last.
  @safe @exclusivity(unchecked) var lastPatterns: [(text: StringBox, ignoresCase: Bool, pattern: Pattern)] = []
  /// Patterns that were read, by their text.
  var patterns: [ExactText: Pattern] = [:]
  /// Commands that were values, by their place in the registry: each keeps how it was called last.
  var commandFunctions: [Int: ScriptFunction] = [:]
  let registers: UnsafeMutablePointer<Slot>
  let frames: UnsafeMutablePointer<Frame>
  let state: UnsafeMutablePointer<State>
  @safe @exclusivity(unchecked) var handlers: [Handler] = []
  @safe @exclusivity(unchecked) var nesting = 0
  /// The depth of the frame that the youngest `execute` was started with.
  @safe @exclusivity(unchecked) var innermostEntry = 0
  var depthLimit = 10_000
  /// The ticks at the last look at the budgets.
  @safe @exclusivity(unchecked) private var granted = Budget.interval
  /// What the budgets of the run are, and what is left of them.
  @safe @exclusivity(unchecked) var budget = Budget()

  init(interruption: Interruption) {
    watch = Watch(interruption)
    meter = MemoryMeter(watch)
    heap = meter.heap
    shared = SharedStrings()
    unsafe letters = shared.letters
    unsafe registers = .allocate(capacity: Machine.registerCapacity)
    // One place before the first frame, so that an empty stack has an address.
    unsafe frames = .allocate(capacity: Machine.frameCapacity + 1)
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: State(frame: frames, ticks: Budget.interval))
  }

  /// Called once, as soon as there is an interpreter.
  func attach(to interpreter: Interpreter) { owner = interpreter }

  var interpreter: Interpreter {
    guard let owner else { preconditionFailure("a machine runs after its interpreter was made") }
    return owner
  }

  deinit {
    unsafe registers.deallocate()
    unsafe frames.deallocate()
    unsafe state.deallocate()
  }

  /// Starts a run with fresh budgets.
  func start(_ limits: Limits) {
    budget = Budget(limits)
    depthLimit = min(max(limits.depth, 1), Machine.frameCapacity)
    meter.budget = MemoryMeter.Budget(limits.memory)
    setBounds()
    grant()
  }

  /// Ends a run: what only cycles hold goes, and code that nothing can run any more.
  func end() {
    guard depth == 0 else { return }
    meter.collectAtEnd()
    meter.heap.dropKept()
  }

  /// Drops code that nothing can run any more, once much is kept: frames count no references to theirs, so they are looked at.
  func sweepCode() {
    if meter.heap.keptCount > 256 + 2 * depth { meter.heap.dropKept(except: running) }
  }

  /// The prototypes of the frames under way.
  private var running: [Prototype] {
    var running: [Prototype] = []
    var last: UnsafeMutablePointer<Prototype.Header>?
    for place in 0..<depth {
      let header = unsafe frames[place + 1].header
      if unsafe header != last { running.append(unsafe header.pointee.prototype.takeUnretainedValue()) }
      unsafe last = header
    }
    return running
  }

  /// Tells the watch the budgets that hold now.
  private func setBounds() {
    meter.note()
    var bounds = Watch.Bounds()
    (bounds.deadline, bounds.held, bounds.resident) = (budget.deadline, meter.budget.bound, meter.residentBound)
    watch.bounds = bounds
  }

  /// Does a part of the run with budgets of its own; what it spends counts for the whole run too.
  ///
  /// A budget of the part that is used up ends the part with an error that a `try` around it may catch; its memory is what it may
  /// add to what is held.
  func withLimits<R>(_ limits: Limits, _ body: () throws -> R) throws -> R {
    try settle()
    let (outer, outerMemory, bounds) = (budget, meter.budget, watch.bounds)
    meter.exceeded = nil
    budget = outer.part(limits)
    meter.budget = outerMemory.part(limits.memory, used: meter.used)
    setBounds()
    grant()
    let result = Result { try body() }
    let spent = unsafe budget.steps + granted - state.pointee.ticks
    (budget, meter.budget, watch.bounds) = (outer, outerMemory, bounds)
    grant()
    try poll(steps: spent)
    try look()
    do { return try result.get() } catch {
      // Where the memory of the whole run was used up, the whole run ends.
      throw meter.exceeded == outerMemory.bound ? error : Machine.endingPart(error)
    }
  }

  /// The error as the whole run sees it: only the part had to end.
  private static func endingPart(_ error: any Error) -> any Error {
    if var diagnostic = error as? Diagnostic, diagnostic.kind == .limit {
      (diagnostic.isFinal, diagnostic.isBudget) = (false, false)
      return diagnostic
    }
    if var error = error as? ScriptError, error.kind == .limit {
      (error.isFinal, error.isBudget) = (false, false)
      return error
    }
    return error
  }

  /// Counts the steps since the last look.
  private func settle() throws(ScriptError) {
    let spent = unsafe granted - state.pointee.ticks
    grant()
    try budget.spend(spent)
    try look()
    grant()
  }

  /// Throws when the run must stop.
  private func look() throws(ScriptError) {
    meter.releaseSomeLeft()
    if meter.isCollectionDue { meter.collect() }
    meter.note()
    guard let reason = watch.reason else { return }
    if reason == .memory, meter.collect() {
      meter.note()
      watch.measureAgain()
      guard let reason = watch.reason else { return }
      throw error(of: reason)
    }
    throw error(of: reason)
  }

  func error(of reason: Watch.Reason) -> ScriptError {
    switch reason {
    case .interrupted: Budget.interrupted
    case .time: budget.outOfTime
    case .memory: meter.exhausted(isFinal: true)
    }
  }

  /// The error of native work that was stopped, or that asked for too much memory.
  func error(of stopped: Stopped) -> ScriptError {
    if stopped.bytes > 0 {
      do { try meter.check(adding: stopped.bytes, for: stopped.subject) } catch { return error }
    }
    return error(of: stopped.reason)
  }

  /// Gives the inner loop its steps until the next look.
  private func grant() {
    granted = budget.portion
    unsafe state.pointee.ticks = granted
  }

  /// The number of calls under way.
  var depth: Int { unsafe state.pointee.frame - frames }

  /// The place of the instruction that runs, or nil.
  var location: Location? {
    guard depth > 0 else { return nil }
    return unsafe location(of: state.pointee.frame.pointee)
  }

  func location(of frame: Frame) -> Location {
    let prototype = unsafe frame.header.pointee.prototype.takeUnretainedValue()
    return Location(prototype.source, unsafe prototype.span(before: frame.next))
  }

  /// Counts steps, and throws when it is time to look and the run must stop.
  func poll(steps: Int) throws(ScriptError) {
    let ticks = unsafe state.pointee.ticks - steps
    unsafe state.pointee.ticks = ticks
    if ticks <= 0 { try settle() }
  }

  /// As `poll`, with a look in any case: for commands, which may take any time.
  func pollFully(steps: Int) throws(ScriptError) {
    try poll(steps: steps)
    try look()
  }

  /// The safepoint of the inner loop, when the ticks are used up.
  func safepoint() throws { try poll(steps: 0) }
}
