import Safepoint

/// One index of `x[...]`; a host value gets the list of them, one an axis.
public enum Index {
  /// One position; negative ones count from the end.
  case position(Int)
  /// A key, as in `row["caption"]`.
  case key(String)
  /// Several keys, as in `table[["model", "loss"]]`.
  case keys([String])
  /// A part `start:stop:step`.
  case slice(Slice)
  /// A list of positions.
  case positions([Int])
  /// A host value as mask or as positions, such as a tensor.
  case object(any ScriptObject)
  /// A whole axis, written `:`.
  case all
  /// All axes that no other index names, written `...`.
  case rest
  /// A new axis of size 1, written `nil`.
  case newAxis
}

/// The part `start:stop:step` of a sequence; negative bounds count from the end, as in Python.
public struct Slice: Equatable, Sendable {
  /// The first position, or nil for the natural one.
  public var start: Int?
  /// The end, which is not part of the slice, or nil for the natural one.
  public var stop: Int?
  /// The distance of two positions, or nil for 1; never zero.
  public var step: Int?

  /// Creates a slice; throws a value error when the step is zero.
  public init(start: Int? = nil, stop: Int? = nil, step: Int? = nil) throws(ScriptError) {
    if step == 0 { throw ScriptError(.value, "a slice needs a step other than 0") }
    self.start = start
    self.stop = stop
    self.step = step
  }

  /// True for `:`.
  var isEverything: Bool { start == nil && stop == nil && step == nil }

  /// The first position, the number of positions and their distance in a sequence of `length` elements.
  public func resolved(in length: Int) -> (start: Int, count: Int, step: Int) {
    let step = self.step ?? 1
    func clamped(_ bound: Int, _ low: Int, _ high: Int) -> Int {
      min(max(bound < 0 ? max(bound, -length - 1) + length : bound, low), high)
    }
    if step > 0 {
      let first = clamped(start ?? 0, 0, length)
      let end = clamped(stop ?? length, 0, length)
      return (first, end > first ? (end - first - 1) / step + 1 : 0, step)
    }
    let first = start.map { clamped($0, -1, length - 1) } ?? length - 1
    let end = stop.map { clamped($0, -1, length - 1) } ?? -1
    return (first, first > end ? (first - end - 1) / (step == .min ? .max : -step) + 1 : 0, step)
  }

  /// The positions of the slice in a sequence of `length` elements; throws when they are too many.
  public func positions(in length: Int) throws(Stopped) -> [Int] {
    let (start, count, step) = resolved(in: length)
    try Safepoint.reserve(MemoryLayout<Int>.stride, times: count, for: "a list")
    return (0..<count).map { start + $0 * step }
  }
}

extension Index {
  /// The position from 0 to `length` - 1 that an index counted from either end means; throws an index error outside.
  public static func resolve(_ position: Int, in length: Int, of what: String) throws(ScriptError) -> Int {
    let place = position < 0 && position >= -length ? position + length : position
    guard place >= 0, place < length else {
      throw ScriptError(.index, "index \(position) is outside a \(what) of length \(length)")
    }
    return place
  }
}

extension Int {
  /// A whole number, or the nearest that 64 bits hold; nil for fractions, infinities and NaN.
  init?(whole number: Double) {
    guard number.isFinite, number == number.rounded() else { return nil }
    self = Int(exactly: number) ?? (number < 0 ? .min : .max)
  }
}

extension Double {
  /// What an error asks for where this number is no whole one that 64 bits hold.
  var wholeNumber: String { isFinite && self == rounded() ? "a whole number below 2 ** 63" : "a whole number" }
}
