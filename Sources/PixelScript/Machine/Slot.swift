/// What slots refer to.
///
/// All slots with an object together own one reference to it, and count themselves here: a plain number, because the values of an
/// interpreter stay on its thread, where Swift's own counts are atomic and take several times as long.
public class Referent {
  /// The number of slots that refer to the object.
  @safe @exclusivity(unchecked) final var slotCount: Int

  init(slotCount: Int) { self.slotCount = slotCount }
}

/// One value inside the machine: 16 plain bytes, a tag and 64 bits.
///
/// Layout: `bits` holds a double (`number`), 0 or 1 (`bool`), or the address of an object whose reference the slot owns (all
/// tags from `string` on). Slots are copied like integers; who copies one calls `retain`, who drops one calls `Teardown.release`.
/// Everything that follows from this stands in the folder `Machine`; outside it there are only `Value`s.
public struct Slot: BitwiseCopyable {
  /// What the bits mean; the tags from `string` on are references, those from `object` on are `Container`s.
  enum Tag: UInt8 {
    /// A variable that has no value yet.
    case undefined
    case `nil`, bool, number
    case string, range
    /// `a:b:c` between brackets.
    case slice
    /// The state of a `for` loop, which is only ever in a register.
    case iterator
    case object, list, map, function
    /// A variable shared with a closure.
    case cell
  }

  var tag: Tag
  var bits: UInt64

  static var undefined: Slot { Slot(tag: .undefined, bits: 0) }
  static var `nil`: Slot { Slot(tag: .nil, bits: 0) }

  @inline(__always) init(tag: Tag, bits: UInt64) {
    self.tag = tag
    self.bits = bits
  }

  @inline(__always) init(_ number: Double) { self.init(tag: .number, bits: number.bitPattern) }

  @inline(__always) init(_ truth: Bool) { self.init(tag: .bool, bits: truth ? 1 : 0) }

  /// Refers to the object.
  @inline(__always) init(_ tag: Tag, owning object: Referent) {
    object.slotCount += 1
    let reference = unsafe object.slotCount == 1 ? Unmanaged.passRetained(object) : Unmanaged.passUnretained(object)
    self.init(tag: tag, bits: UInt64(UInt(bitPattern: unsafe reference.toOpaque())))
  }

  /// Refers to an object that somebody else holds, and owns nothing.
  @inline(__always) init(_ tag: Tag, borrowing object: Referent) {
    self.init(tag: tag, bits: UInt64(UInt(bitPattern: unsafe Unmanaged.passUnretained(object).toOpaque())))
  }

  @inline(__always) var isNumber: Bool { tag == .number }
  @usableFromInline var isNil: Bool { tag == .nil }
  /// True for an argument that is `nil` or not given.
  @inline(__always) var isAbsent: Bool { tag == .nil || tag == .undefined }
  @inline(__always) var isReference: Bool { tag.rawValue >= Tag.string.rawValue }
  @inline(__always) var isContainer: Bool { tag.rawValue >= Tag.object.rawValue }
  @inline(__always) var number: Double { Double(bitPattern: bits) }
  @inline(__always) var truth: Bool { bits != 0 }

  @inline(__always) private var referent: Unmanaged<Referent> {
    unsafe Unmanaged.fromOpaque(UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: bits)).unsafelyUnwrapped)
  }

  @inline(__always) func retain() {
    if isReference { unsafe referent._withUnsafeGuaranteedRef { $0.slotCount += 1 } }
  }

  /// Gives the slot's part of the reference back; true when it was the last, so that `end` must follow.
  @inline(__always) func drop() -> Bool {
    unsafe referent._withUnsafeGuaranteedRef { object in
      object.slotCount -= 1
      return object.slotCount == 0
    }
  }

  /// Releases the object after the last slot was dropped.
  func end() { unsafe referent.release() }

  /// True when the slot's is the only reference to its object.
  var isUnique: Bool { slotCount == 1 && isAlone }

  /// True when a change of the object would be seen by nothing else.
  var isCopy: Bool { isReference && isUnique && (tag != .object || object(ObjectBox.self).isCopy) }

  /// The number of slots with this object.
  var slotCount: Int { unsafe referent._withUnsafeGuaranteedRef { $0.slotCount } }

  /// True when nothing but slots refers to the object.
  var isAlone: Bool {
    var bits = self.bits
    return unsafe withUnsafeMutablePointer(to: &bits) { address in
      unsafe address.withMemoryRebound(to: AnyObject.self, capacity: 1) {
        unsafe isKnownUniquelyReferenced(&$0.pointee)
      }
    }
  }

  /// The references of hosts to the object, beside the one that all slots own together.
  var hostReferences: Int {
    if slotCount > 0, isAlone { return 0 }
    let all = unsafe referent._withUnsafeGuaranteedRef { Int(_getRetainCount($0)) }
    return slotCount > 0 ? all - 1 : all
  }

  /// The slot once more, with a reference of its own.
  @inline(__always) func copied() -> Slot {
    retain()
    return self
  }

  /// The object of a slot with the matching tag.
  @inline(__always) func object<T: Referent>(_ type: T.Type) -> T {
    unsafe Unmanaged<T>.fromOpaque(UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: bits)).unsafelyUnwrapped)
      .takeUnretainedValue()
  }

  /// What `body` makes of the object of a slot with the matching tag, without counting a reference to it.
  @inline(__always) func with<T: Referent, R>(_ type: T.Type, _ body: (T) throws -> R) rethrows -> R {
    let address = unsafe UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: bits)).unsafelyUnwrapped
    return try unsafe Unmanaged<T>.fromOpaque(address)._withUnsafeGuaranteedRef(body)
  }
}

extension Slot {
  /// The value of the host that it is; nil for any other.
  public var hostObject: (any ScriptObject)? { tag == .object ? with(ObjectBox.self) { $0.object } : nil }

  /// Makes a slot that owns a reference of its own from a value.
  init(_ value: Value, meter: MemoryMeter?) { self.init(value, heap: meter?.heap) }

  /// Makes a slot that owns a reference of its own from a value.
  init(_ value: Value, heap: Heap? = nil) {
    switch value {
    case .nil: self = .nil
    case .bool(let truth): self.init(truth)
    case .number(let number): self.init(number)
    case .string(let text): self.init(text: text, heap: heap)
    case .list(let list):
      self.init(.list, owning: list)
      if list.heap == nil, let heap { adopt(heap) }
    case .map(let map):
      self.init(.map, owning: map)
      if map.heap == nil, let heap { adopt(heap) }
    case .range(let range):
      self.init(.range, owning: range)
      if let heap { range.adopt(heap) }
    case .function(let function): self.init(.function, owning: function)
    case .object(let object): self.init(.object, owning: ObjectBox(object, heap: heap))
    }
  }

  /// The value of the slot; the slot keeps its own reference.
  public var value: Value {
    switch tag {
    case .undefined, .nil, .cell, .slice, .iterator: .nil
    case .bool: .bool(truth)
    case .number: .number(number)
    case .string: .string(object(StringBox.self).text)
    case .list: .list(object(ScriptList.self))
    case .map: .map(object(ScriptMap.self))
    case .range: .range(object(ScriptRange.self))
    case .function: .function(object(ScriptFunction.self))
    case .object: .object(object(ObjectBox.self).object)
    }
  }
}

extension Slot {
  /// The number that a value of the host counts as, or nil.
  var hostNumber: Double? { tag == .object ? object(ObjectBox.self).object.number : nil }

  /// The truth that a value of the host counts as, or nil.
  var hostTruth: Bool? { tag == .object ? object(ObjectBox.self).object.truth : nil }

  /// The truth or the number that a value of the host counts as; nil for any other value of the host, and any other value.
  var hostPlain: Slot? {
    guard tag == .object else { return nil }
    let object = object(ObjectBox.self).object
    return object.truth.map { Slot($0) } ?? object.number.map { Slot($0) }
  }

  /// The value as keys and elements are compared: a value of the host that counts as a truth or a number as that one, others as they
  /// are. It owns nothing.
  @inline(__always) var plain: Slot { tag == .object ? hostPlain ?? self : self }

  /// The number, or what a value of the host counts as, or nil.
  @inline(__always) var anyNumber: Double? { isNumber ? number : hostNumber }
}
