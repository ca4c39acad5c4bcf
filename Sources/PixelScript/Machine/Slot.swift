/// One value inside the machine: 16 plain bytes, a tag and 64 bits.
///
/// Layout: `bits` holds a double (`number`), 0 or 1 (`bool`), or the address of an object whose reference the slot owns (all
/// tags from `string` on). Slots are copied like integers; who copies one calls `retain`, who drops one calls `release`.
/// Everything that follows from this stands in the folder `Machine`; outside it there are only `Value`s.
struct Slot: BitwiseCopyable {
  /// What the bits mean; the tags from `string` on are references.
  enum Tag: UInt8 {
    /// A variable that has no value yet.
    case undefined
    case `nil`, bool, number
    case string, list, map, range, function, object
    /// A variable shared with a closure.
    case cell
    /// `a:b:c` between brackets.
    case slice
    /// The state of a `for` loop.
    case iterator
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

  /// Takes over one reference to the object.
  @inline(__always) init(_ tag: Tag, owning object: AnyObject) {
    self.init(tag: tag, bits: UInt64(UInt(bitPattern: unsafe Unmanaged.passRetained(object).toOpaque())))
  }

  @inline(__always) var isNumber: Bool { tag == .number }
  @inline(__always) var isReference: Bool { tag.rawValue >= Tag.string.rawValue }
  @inline(__always) var number: Double { Double(bitPattern: bits) }
  @inline(__always) var truth: Bool { bits != 0 }

  @inline(__always) private var unmanaged: Unmanaged<AnyObject> {
    unsafe Unmanaged.fromOpaque(UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: bits)).unsafelyUnwrapped)
  }

  @inline(__always) func retain() {
    if isReference { _ = unsafe unmanaged.retain() }
  }

  @inline(__always) func release() {
    if isReference { unsafe unmanaged.release() }
  }

  /// True when the slot's is the only reference to its object.
  var isUnique: Bool {
    var bits = self.bits
    return unsafe withUnsafeMutablePointer(to: &bits) { address in
      unsafe address.withMemoryRebound(to: AnyObject.self, capacity: 1) {
        unsafe isKnownUniquelyReferenced(&$0.pointee)
      }
    }
  }

  /// The slot once more, with a reference of its own.
  @inline(__always) func copied() -> Slot {
    retain()
    return self
  }

  /// The object of a slot with the matching tag.
  @inline(__always) func object<T: AnyObject>(_ type: T.Type) -> T {
    unsafe Unmanaged<T>.fromOpaque(UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: bits)).unsafelyUnwrapped)
      .takeUnretainedValue()
  }

  /// The object of a slot with the matching tag, together with the slot's reference.
  @inline(__always) func takeObject<T: AnyObject>(_ type: T.Type) -> T {
    unsafe Unmanaged<T>.fromOpaque(UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: bits)).unsafelyUnwrapped)
      .takeRetainedValue()
  }
}

extension Slot {
  /// Makes a slot that owns a reference of its own from a value.
  init(_ value: Value, meter: MemoryMeter? = nil) {
    switch value {
    case .nil: self = .nil
    case .bool(let truth): self.init(truth)
    case .number(let number): self.init(number)
    case .string(let text): self.init(.string, owning: StringBox(text, meter: meter))
    case .list(let list):
      list.adopt(meter)
      self.init(.list, owning: list)
    case .map(let map):
      map.adopt(meter)
      self.init(.map, owning: map)
    case .range(let range): self.init(.range, owning: range)
    case .function(let function): self.init(.function, owning: function)
    case .object(let object): self.init(.object, owning: ObjectBox(object, meter: meter))
    }
  }

  /// The value of the slot; the slot keeps its own reference.
  var value: Value {
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
