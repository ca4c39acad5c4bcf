/// One step of the machine: 8 bytes.
///
/// `a`, `b` and `c` are registers of the frame unless the operation says otherwise; `wide` reads `b` and `c` as one number of
/// 32 bits, for jumps (relative to the next instruction), constants and globals. `auxiliary` counts, or marks operands that are
/// temporaries (bit 0 for `b`, bit 1 for `c`): a slow path drops them, so that a large value does not outlive its expression. Bit 2
/// marks arithmetic of `x += y` and the like, for values that are changed in place.
///
/// A comparison with a jump takes two words; the second is a `jump` that is taken when the result is the truth of bit 7.
struct Instruction: BitwiseCopyable {
  enum Operation: UInt8 {
    // Moving values. `move` copies, `take` leaves nil behind, `clear` drops. `pass` hands the value of a statement to the host, and
    // drops it where bit 0 of `auxiliary` is set; bit 1 says that it stands in a function.
    case move, take, clear, pass, loadNil, loadTrue, loadFalse, loadInteger, loadConstant, loadCommand
    // Variables. Globals are `wide`, except where a call names one in `b`.
    case getGlobal, makeCell, getCell, setCell, getCapture, checkDefined, skipUnlessUndefined
    // A variable from outside the function gets the value of `a`, which it takes: a global, or a capture.
    case setGlobal, setCapture
    // Arithmetic on registers, then with a small whole number in `c`.
    case add, subtract, multiply, divide, floorDivide, remainder, power, matrixProduct
    case addInteger, multiplyInteger, floorDivideInteger, remainderInteger
    case negate, not
    // What is done with sets: `auxiliary` tells the operation above its four marks.
    case operate
    // Comparisons: to a boolean, with a jump, with a small whole number in `b` and a jump.
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, contains, notContains
    case jumpEqual, jumpNotEqual, jumpLess, jumpLessOrEqual, jumpGreater, jumpGreaterOrEqual
    case jumpEqualInteger, jumpNotEqualInteger, jumpLessInteger, jumpLessOrEqualInteger, jumpGreaterInteger
    case jumpGreaterOrEqualInteger
    // With a constant, a string or, for equality, nil, in `b`.
    case jumpEqualConstant, jumpNotEqualConstant, jumpLessConstant, jumpLessOrEqualConstant, jumpGreaterConstant
    case jumpGreaterOrEqualConstant
    // `a in b`, and `not in`, with a jump.
    case jumpContains, jumpNotContains
    // Control. Jumps back have a safepoint. With `auxiliary` 1 a value of the host does not jump: what it stands for is worked out
    // by `combine`, the result of `and` or, with `auxiliary` 1, `or` when the left side, in `a`, left it open; the right is in `b`.
    // With bit 2 of `auxiliary` the condition is `not a`, and the jump the other way round; bit 1 says that `a` is a temporary.
    case jump, jumpIf, jumpIfNot, combine
    // Loops over `a`...`a + 3`: prepare from `b`; next element into `b`, `auxiliary` values, jumps back while there is one.
    // A range whose arguments lie from `b` on, `c` of them, is prepared without a value: then the usual way is skipped.
    // So are pairs of `zip`, and with `auxiliary` 1 of `enumerate`, which then lie nowhere as a list.
    case prepareLoop, prepareRange, preparePairs, nextElement
    // Calls: arguments from `a` on, result to `a`, `auxiliary` arguments by position, callee `b` (a register, a global, a cell in
    // a register, a capture), call site `c`.
    case call, callGlobal, callCell, callCapture, callCommand, callMethod, giveBack, giveBackNil
    // Values from `b` on, `c` of them, into `a`; with `auxiliary` 1 into the list or map that is there. With 2 the list has room for
    // what the loop will go through whose state lies from `b` on.
    case makeList, makeMap, makeFunction, makeSlice, interpolate, unpack
    // Parts: `a = b[c]`, of which with bit 2 of `auxiliary` a field is to be set, `a[b] = c`; several indices lie behind the base,
    // `auxiliary` of them. Field names are constants.
    // A quick slice takes bounds from `c` on; when it is done, the two instructions of the usual way are skipped.
    case getIndex, setIndex, getIndices, setIndices, getField, setField, quickSlice
    // `a = b[c][d]` of a list in a list, and `a[b][d] = c`: `d` stands in the usual way behind it, which is skipped when it is done.
    case getInner, setInner
    // What puts a part back follows: it is skipped, and the part dropped, unless that is a copy which nothing else refers to.
    case skipUnlessCopy
    case format
    // Errors and scripts.
    case beginTry, endTry, raise, failAssertion, importScript, importNames
    // Commands of the core that are worth an instruction; anything unexpected takes the way of a call.
    case length, append
    // What is done to a variable in place of them: `a` is the length of `b`, the list `a` gets the value of `b`. When it is done, the
    // usual way behind it is skipped, `c` instructions.
    case quickLength, quickAppend
    // As these for the others that `auxiliary` tells, a `Command.Primitive`.
    case quick
    // A call by a command's name that a variable may have too: `b` is the variable as `auxiliary` tells, a `CalleeSource`; with 0,
    // which only `callMethod` has, there is none.
    case callShadowed
    // Adds the value of `b`, which it takes with `auxiliary` 1, to the list in `a`.
    case collect
  }

  var operation: Operation
  var auxiliary: UInt8
  var a, b, c: UInt16

  init(_ operation: Operation, auxiliary: Int = 0, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) {
    self.operation = operation
    self.auxiliary = UInt8(truncatingIfNeeded: auxiliary)
    self.a = UInt16(truncatingIfNeeded: a)
    self.b = UInt16(truncatingIfNeeded: b)
    self.c = UInt16(truncatingIfNeeded: c)
  }

  init(_ operation: Operation, _ a: Int, wide: Int) {
    self.init(operation, a, wide & 0xffff, (wide >> 16) & 0xffff)
  }

  @inline(__always) var wide: Int { Int(Int32(truncatingIfNeeded: UInt32(b) | UInt32(c) << 16)) }
  @inline(__always) var smallB: Double { Double(Int16(truncatingIfNeeded: b)) }
  @inline(__always) var smallC: Double { Double(Int16(truncatingIfNeeded: c)) }
}

/// The place of each parameter's argument in the row of a call, or -1, for a function and a number of arguments by position.
@safe struct FunctionBinding {
  var identity = 0
  var positional = 0
  private(set) var count = 0
  private var places: UnsafeMutablePointer<Int>?

  subscript(parameter: Int) -> Int { unsafe places.unsafelyUnwrapped[parameter] }

  /// Remembers places; those before go.
  mutating func remember(_ places: [Int], _ identity: Int, positional: Int) {
    forget()
    let copy = UnsafeMutablePointer<Int>.allocate(capacity: places.count)
    for (place, value) in places.enumerated() { unsafe (copy + place).initialize(to: value) }
    unsafe (self.places, count, self.identity, self.positional) = unsafe (copy, places.count, identity, positional)
  }

  func forget() { unsafe places?.deallocate() }
}

/// What a call instruction knows beyond its registers.
@safe final class CallSite {
  /// The number of arguments by position.
  let positional: Int
  /// The labels of the arguments that follow them.
  let names: [Name]
  /// Where each argument stands, those by position first.
  let spans: [Span]
  /// The command called; with a method it is called when the first argument has no such field.
  let command: Unmanaged<CommandCall>?
  private let ownedCommand: CommandCall?
  /// The field asked for first, for `callMethod`.
  let method: Name?
  /// The field as the key of a map; owned. It is known once the code has its constants.
  @safe @exclusivity(unchecked) private(set) var field = Slot.nil
  /// The variable called, when it is one.
  let callee: String?
  /// Where the parameters of the function that was called last found their arguments.
  @safe @exclusivity(unchecked) var binding = FunctionBinding()

  init(
    positional: Int, names: [Name], spans: [Span], command: Registry.Entry? = nil, method: Name? = nil,
    callee: String? = nil
  ) {
    self.callee = callee
    self.positional = positional
    self.names = names
    self.spans = spans
    ownedCommand = command.map { CommandCall($0, positional: positional, labels: names.map(\.text)) }
    unsafe self.command = ownedCommand.map { unsafe .passUnretained($0) }
    self.method = method
  }

  /// Makes the field the slot that its name is wherever it stands in the module.
  func share(in module: Module) {
    if let method, field.tag == .nil { field = module.constant(.string(method.text)) }
  }

  deinit {
    Teardown.release(field)
    binding.forget()
  }

  /// The name of the command, if there is one.
  var commandName: String? { ownedCommand?.entry.name }

  /// The number of all arguments.
  var count: Int { positional + names.count }
}

/// Where a call finds the variable that goes before the command of its name.
enum CalleeSource: Int {
  case register = 1
  case global = 2
}
