import Safepoint

/// A reference to an argument of a call, which its register keeps meanwhile, so that it is not counted.
@safe public struct Lent<Object: Referent> {
  private let reference: Unmanaged<Object>

  @inline(__always) init(_ object: Object) { unsafe reference = .passUnretained(object) }

  /// The object of a slot with the matching tag.
  @inline(__always) init(_ slot: Slot) {
    let address = unsafe UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: slot.bits)).unsafelyUnwrapped
    unsafe reference = .fromOpaque(address)
  }

  @inline(__always) func with<Result>(_ body: (Object) throws -> Result) rethrows -> Result {
    try unsafe reference._withUnsafeGuaranteedRef(body)
  }
}

extension ScriptConvertible where Held == Self {
  /// The value itself.
  @inline(__always) public static func hold(_ slot: Slot) throws(Stopped) -> Held? { try convert(slot: slot) }
  /// The value itself.
  @inline(__always) public static func held(_ value: Self) -> Held { value }
  /// Does something with the value.
  @inline(__always)
  public static func lend<Result>(_ held: Held, _ body: (Self) throws -> Result) rethrows -> Result {
    try body(held)
  }
}

/// What a slot with one tag refers to.
protocol Lendable: Referent, ScriptConvertible where Held == Lent<Self> {
  static var tag: Slot.Tag { get }
}

extension Lendable {
  /// A reference to the object of a slot with the tag.
  @inline(__always) public static func hold(_ slot: Slot) -> Held? { slot.tag == tag ? Lent(slot) : nil }
  /// A reference to an object that somebody else keeps.
  @inline(__always) public static func held(_ value: Self) -> Held { Lent(value) }
  /// Does something with the object.
  @inline(__always)
  public static func lend<Result>(_ held: Held, _ body: (Self) throws -> Result) rethrows -> Result {
    try held.with(body)
  }
}

extension ScriptList: Lendable {
  /// A reference that is not counted.
  public typealias Held = Lent<ScriptList>
  static var tag: Slot.Tag { .list }
}

extension ScriptMap: Lendable {
  /// A reference that is not counted.
  public typealias Held = Lent<ScriptMap>
  static var tag: Slot.Tag { .map }
}

extension ScriptRange: Lendable {
  /// A reference that is not counted.
  public typealias Held = Lent<ScriptRange>
  static var tag: Slot.Tag { .range }
}

extension ScriptFunction: Lendable {
  /// A reference that is not counted.
  public typealias Held = Lent<ScriptFunction>
  static var tag: Slot.Tag { .function }
}

extension StringBox: Lendable {
  typealias Held = Lent<StringBox>
  static var tag: Slot.Tag { .string }
}

extension Optional where Wrapped: ScriptConvertible {
  /// What stands for the wrapped value, if any.
  public typealias Held = Wrapped.Held?
  /// Nothing for `nil`, else what stands for the wrapped value.
  @inline(__always) public static func hold(_ slot: Slot) throws(Stopped) -> Wrapped.Held?? {
    if slot.tag == .nil { return .some(nil) }
    guard let held = try Wrapped.hold(slot) else { return nil }
    return .some(held)
  }
  /// What stands for the wrapped value, if any.
  @inline(__always) public static func held(_ value: Wrapped?) -> Wrapped.Held? { value.map(Wrapped.held) }
  /// Does something with the value.
  @inline(__always)
  public static func lend<Result>(
    _ held: Wrapped.Held?, _ body: (Wrapped?) throws -> Result
  ) rethrows -> Result {
    guard let held else { return try body(nil) }
    return try Wrapped.lend(held) { try body($0) }
  }
}
