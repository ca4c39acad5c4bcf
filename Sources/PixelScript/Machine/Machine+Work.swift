/// How native work is charged: whatever goes through elements or bytes counts steps for them, as many as a loop of the script
/// would in about the same time, and works in pieces so short that the looks between them come in time.
extension Machine {
  /// The elements of a list, characters that are looked at one by one, and the like, that cost a step.
  static let elementsAStep = 16
  /// The bytes copied, compared or searched that cost a step.
  static let bytesAStep = 1024
  /// The elements and the bytes that are worked through without a look.
  static let elementsAPiece = 1 << 12
  static let bytesAPiece = 1 << 18

  /// Counts the steps for elements that were worked through.
  @inline(__always) func charge(elements count: Int) throws(ScriptError) {
    if count >= Machine.elementsAStep { try poll(steps: count / Machine.elementsAStep) }
  }

  /// Counts the steps for bytes that were worked through.
  @inline(__always) func charge(bytes count: Int) throws(ScriptError) {
    if count >= Machine.bytesAStep { try poll(steps: count / Machine.bytesAStep) }
  }

  /// Counts the steps for a text that came from a host or goes to one. Of a long one only a part may have come when the run must stop,
  /// which nobody may see: so this looks in any case.
  @inline(__always) func chargeText(_ bytes: Int) throws(ScriptError) {
    if bytes > Machine.bytesAPiece {
      try pollFully(steps: bytes / Machine.bytesAStep)
    } else {
      try charge(bytes: bytes)
    }
  }

  /// As `chargeText` for a text that was made of something else, letter by letter.
  @inline(__always) func chargeMade(_ bytes: Int) throws(ScriptError) {
    if bytes > Machine.bytesAPiece {
      try pollFully(steps: bytes / Machine.elementsAStep)
    } else {
      try charge(elements: bytes)
    }
  }

  /// Does something with elements, piece by piece, and charges them.
  @inline(__always) func inPieces(elements count: Int, _ body: (Range<Int>) throws -> Void) throws {
    try Machine.inPieces(count, of: Machine.elementsAPiece) { piece in
      try body(piece)
      try charge(elements: piece.count)
    }
  }

  /// Does something with bytes, piece by piece, and charges them.
  @inline(__always) func inPieces(bytes count: Int, _ body: (Range<Int>) throws -> Void) throws {
    try Machine.inPieces(count, of: Machine.bytesAPiece) { piece in
      try body(piece)
      try charge(bytes: piece.count)
    }
  }

  /// Calls `body` with one range after the other, each at most `length` long, until all of `count` are through.
  @inline(__always)
  static func inPieces(_ count: Int, of length: Int, _ body: (Range<Int>) throws -> Void) rethrows {
    var start = 0
    while start < count {
      let end = min(count, start + length)
      try body(start..<end)
      start = end
    }
  }
}

/// The work of a loop over single elements, charged in portions so that each of them costs an addition.
struct Work {
  private let machine: Machine
  private var elements = 0

  init(_ machine: Machine) { self.machine = machine }

  /// Counts an element, or several.
  @inline(__always) mutating func add(_ count: Int = 1) throws(ScriptError) {
    elements += count
    if elements >= 1024 { try charge() }
  }

  private mutating func charge() throws(ScriptError) {
    let count = elements
    elements = 0
    try machine.charge(elements: count)
  }
}
