import Safepoint

/// A set of strings, numbers and booleans in insertion order, shared by reference.
@safe public final class ScriptSet: ScriptObject, ListLike {
  /// The elements are its keys.
  @safe @exclusivity(unchecked) private(set) var map: ScriptMap {
    didSet { unsafe elementMap = .passUnretained(map) }
  }
  /// The same, without a reference that is counted.
  @exclusivity(unchecked) private var elementMap: Unmanaged<ScriptMap>

  init(heap: Heap?, capacity: Int = 4) {
    if capacity <= ScriptMap.shortCapacity, let slot = heap?.takeMap(capacity) {
      slot.with(ScriptMap.self) { $0.begin() }
      map = slot.taken(ScriptMap.self)
    } else {
      map = ScriptMap(capacity: capacity, heap: heap)
    }
    unsafe elementMap = .passUnretained(map)
  }

  /// Creates an empty set.
  public init() {
    map = ScriptMap()
    unsafe elementMap = .passUnretained(map)
  }

  deinit {
    // A short map of nobody else is kept to be used again, with a reference of its own.
    if isKnownUniquelyReferenced(&map), map.isKept() { _ = unsafe Unmanaged.passRetained(map) }
  }

  /// The elements in insertion order.
  public var values: [Value] { map.keys }

  /// Adds an element; returns false when it is no string, number or boolean.
  public func insert(_ value: Value) -> Bool { map.set(.nil, for: value) }

  // MARK: What every value can

  /// "set".
  public static var scriptName: String { "set" }
  /// `set([1, 2])`, a long one with its start only.
  public var displayText: String {
    var writer = DisplayWriter(limit: 10_000_000)
    writer.write(self)
    return writer.output
  }
  /// The number of elements.
  public var length: Int? { map.count }
  /// What the set itself takes, and the elements of a set that a host made; others count themselves.
  public var memoryCost: Int { 64 + map.uncounted }
  /// The box; the map of the elements is met as such.
  public var residentBytes: Int { 64 }
  /// The number of elements.
  public var listCount: Int { map.count }

  /// The element at a place in the order of insertion.
  public func listElement(at place: Int) -> Value {
    map.compact()
    return map.key(at: place).value
  }

  /// The elements, also those that come to it meanwhile.
  public func elements() throws -> (() throws -> Value?)? {
    var place = 0
    return { [map] in
      while place < map.used {
        defer { place += 1 }
        if let entry = map.entry(at: place) { return entry.key.value }
      }
      return nil
    }
  }

  /// True for a set of the same elements in any order.
  public func isEqual(to other: any ScriptObject) -> Bool {
    guard let other = other as? ScriptSet else { return false }
    return self === other || map.count == other.map.count && isPart(of: other)
  }

  /// A set with the same elements.
  public func duplicate() throws -> (any ScriptObject)? { try joined(.union, with: self) }

  /// `| & - ^` with another set, and comparisons, which ask for subsets.
  public func binary(_ operation: Operation, _ other: Value, reflected: Bool) throws -> Value? {
    if operation == .contains { return .bool(map.contains(other)) }
    guard !reflected, case .object(let object as ScriptSet) = other else { return nil }
    switch operation {
    case .union, .intersection, .subtract, .symmetricDifference: return .object(try joined(operation, with: object))
    case .less: return .bool(map.count < object.map.count && isPart(of: object))
    case .lessOrEqual: return .bool(isPart(of: object))
    case .greater: return .bool(object.map.count < map.count && object.isPart(of: self))
    case .greaterOrEqual: return .bool(object.isPart(of: self))
    default: return nil
    }
  }

  /// `|= &= -= ^=` change the set itself.
  public func update(_ operation: Operation, _ other: Value) throws -> Bool {
    guard case .object(let object as ScriptSet) = other else { return false }
    switch operation {
    case .union: try add(object) { _, _ in true }
    case .intersection, .subtract, .symmetricDifference: map = try joined(operation, with: object).map
    default: return false
    }
    return true
  }

  // MARK: Parts

  /// True when all elements are elements of the other.
  private func isPart(of other: ScriptSet) -> Bool {
    map.count <= other.map.count
      && (0..<map.used).allSatisfy { map.entry(at: $0).map { other.has($0.key, hash: $0.hash) } ?? true }
  }

  /// Whether it has an element.
  @inline(__always) func has(_ key: Slot, hash: Int) -> Bool {
    unsafe elementMap._withUnsafeGuaranteedRef { $0.place(of: key, hash: hash) != nil }
  }

  /// Adds an element; where the map must grow for it `makeRoom` asks for what that takes and does it.
  @inline(__always) func insert(_ key: Slot, hash: Int, _ makeRoom: (ScriptMap) throws -> Void) rethrows {
    try unsafe elementMap._withUnsafeGuaranteedRef { map in
      if map.growsLong { try makeRoom(map) }
      map.set(key, hash: hash, owning: .nil)
    }
  }

  /// What `| & - ^` with another set give.
  func joined(_ operation: Operation, with other: ScriptSet) throws -> ScriptSet {
    let result = ScriptSet(heap: map.heap, capacity: min(operation == .union ? map.count : 4, 1 << 12))
    switch operation {
    case .union:
      try result.add(self) { _, _ in true }
      try result.add(other) { _, _ in true }
    case .intersection: try result.add(self) { other.has($0, hash: $1) }
    case .subtract: try result.add(self) { !other.has($0, hash: $1) }
    default:
      try result.add(self) { !other.has($0, hash: $1) }
      try result.add(other) { !has($0, hash: $1) }
    }
    return result
  }

  private func add(_ other: ScriptSet, where isWanted: (Slot, Int) -> Bool) throws {
    let source = other.map
    for place in 0..<source.used {
      if place & 63 == 63 { try Safepoint.check(after: 64 * 64) }
      guard let entry = source.entry(at: place), isWanted(entry.key, entry.hash) else { continue }
      try insert(entry.key, hash: entry.hash) { try $0.makeRoom() }
    }
  }
}

extension ScriptMap {
  /// Whether there is such a key.
  fileprivate func contains(_ key: Value) -> Bool { value(for: key) != nil }
}
