/// Where a call has the argument of each parameter of a command; worked out once, when the call is compiled.
@safe final class Binding {
  /// The place of each parameter's argument in the row, or -1 when it is not given.
  fileprivate let places: UnsafeMutablePointer<Int>
  /// The name of the command.
  let command: CommandName
  /// The number of parameters.
  let count: Int
  /// The number of arguments by position, which come first in the row.
  let positional: Int
  /// The labels of the arguments that follow them.
  let labels: [String]
  /// The places of arguments by name that the parameter for all of them takes.
  let gathered: [Int]
  /// True when there are arguments that no parameter takes.
  let isFaulty: Bool
  /// A label that no parameter has.
  let unknownLabel: String?
  /// A label of a parameter that was given by position, or twice.
  let repeatedLabel: String?
  /// The first argument by position that no parameter takes.
  let surplus: Int?
  /// The parameters that must be given, in the order of their positions.
  let required: [Signature]

  /// Binds the arguments of a call to parameters.
  init(_ command: CommandName, _ signatures: [Signature], positional: Int, labels: [String]) {
    self.command = command
    required = signatures.filter { !$0.byName && !$0.isOptional && $0.gathering == .one }
    (self.positional, self.labels, count) = (positional, labels, signatures.count)
    unsafe places = .allocate(capacity: max(signatures.count, 1))
    let takesAll = signatures.contains { $0.gathering == .named }
    unknownLabel =
      takesAll ? nil : labels.first { label in !signatures.contains { $0.isMeant(by: label) && $0.gathering == .one } }
    var gathered: [Int] = []
    var next = 0
    var left = Array(labels.indices)
    for (number, signature) in signatures.enumerated() {
      var place = -1
      if signature.gathering == .named {
        gathered = left.map { positional + $0 }
        (place, left) = (positional, [])
      } else if signature.gathering == .positional, next < positional {
        (place, next) = (next, positional)
      } else if signature.gathering == .one, !signature.byName, next < positional {
        (place, next) = (next, next + 1)
      } else if let found = left.firstIndex(where: { signature.isMeant(by: labels[$0]) }) {
        place = positional + left.remove(at: found)
      }
      unsafe (places + number).initialize(to: place)
    }
    self.gathered = gathered
    repeatedLabel = left.first.map { labels[$0] }
    surplus = next < positional ? next : nil
    isFaulty = unknownLabel != nil || repeatedLabel != nil || surplus != nil
  }

  deinit { unsafe places.deallocate() }

  /// The place of a parameter's argument in the row, or -1 when it is not given.
  func place(of parameter: Int) -> Int { unsafe places[parameter] }
}

/// Registers from one on.
@safe struct Registers {
  let first: UnsafeMutablePointer<Slot>

  init(_ first: UnsafeMutablePointer<Slot>) { unsafe self.first = unsafe first }

  @inline(__always) subscript(place: Int) -> Slot { unsafe first[place] }
}

/// The arguments of a call in their registers, which go on owning them.
@safe struct ArgumentRow {
  private let first: UnsafeMutablePointer<Slot>
  private let places: UnsafeMutablePointer<Int>
  private let source: Unmanaged<Binding>

  init(_ registers: Registers, _ binding: Binding) {
    unsafe (first, places) = unsafe (registers.first, binding.places)
    unsafe source = .passUnretained(binding)
  }

  var binding: Binding { unsafe source.takeUnretainedValue() }

  /// True when there are arguments that no parameter takes.
  @inline(__always) var isFaulty: Bool { unsafe source._withUnsafeGuaranteedRef { $0.isFaulty } }

  /// The place of a parameter's argument, or -1.
  @inline(__always) func place(of parameter: Int) -> Int {
    let count = unsafe source._withUnsafeGuaranteedRef { $0.count }
    precondition(parameter < count, "a parameter that its command does not tell")
    return unsafe places[parameter]
  }

  /// The argument at a place.
  @inline(__always) subscript(place: Int) -> Slot { unsafe first[place] }

  /// The arguments by position from a place on; none from -1 on.
  @inline(__always) func rest(from place: Int) -> Operands {
    let count = unsafe source._withUnsafeGuaranteedRef { $0.positional }
    return unsafe place < 0 ? Operands(first, count: 0) : Operands(first + place, count: max(count - place, 0))
  }
}

/// Several arguments in their registers, for the time of a call.
@safe public struct Operands {
  private let first: UnsafeMutablePointer<Slot>
  /// How many they are.
  public let count: Int

  init(_ first: UnsafeMutablePointer<Slot>, count: Int) {
    unsafe self.first = unsafe first
    self.count = count
  }

  /// One of them.
  @inline(__always) public subscript(place: Int) -> Slot { unsafe first[place] }
}
