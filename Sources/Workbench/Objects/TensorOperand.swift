import PixelScript
import Safepoint
import Tensors

/// A tensor, or a number where a tensor is meant.
struct TensorOperand: ScriptConvertible {
  let object: TensorObject

  static let scriptName = "tensor"
  static let kinds: ValueKinds = [.number, .object]

  static func convert(_ value: Value) throws(Stopped) -> TensorOperand? {
    if case .number(let number) = value { return TensorOperand(object: TensorObject(literal: number)) }
    return try TensorObject.convert(value).map { TensorOperand(object: $0) }
  }

  static func convert(slot: Slot) throws(Stopped) -> TensorOperand? {
    guard let object = slot.hostObject else { return try convert(slot.value) }
    return try TensorObject.convert(object).map { TensorOperand(object: $0) }
  }

  var scriptValue: Value { .object(object) }
  var tensor: Tensor { object.tensor }
  var shape: Shape { object.shape }
}

extension TensorObject {
  /// The tensor, or a new one of a column of numbers or truth values.
  public static func convert(_ value: Value) throws(Stopped) -> TensorObject? {
    guard case .object(let object) = value else { return nil }
    return try convert(object)
  }

  /// The tensor, or a new one of a column of numbers or truth values.
  public static func convert(slot: Slot) throws(Stopped) -> TensorObject? {
    guard let object = slot.hostObject else { return nil }
    return try convert(object)
  }

  /// The same of a value of the host.
  @inline(__always) fileprivate static func convert(_ object: any ScriptObject) throws(Stopped) -> TensorObject? {
    if let tensor = object as? TensorObject { return tensor }
    return try (object as? ColumnObject)?.tensor()
  }

  /// What stands in an index for a mask or positions; nil for what is neither a tensor nor a column of numbers or truth values.
  static func picker(_ index: PixelScript.Index) throws(Stopped) -> TensorObject? {
    guard case .object(let object) = index else { return nil }
    if let tensor = object as? TensorObject { return tensor }
    return try (object as? ColumnObject)?.tensor(isExact: true)
  }
}

/// The sizes of a tensor's axes, `zeros(2, 3)` or `zeros([2, 3])`: all arguments left by position.
struct Dimensions: ScriptConvertible {
  let sizes: Shape

  static let scriptName = "whole number"
  static let gathering = Gathering.positional

  static func convert(_ value: Value) throws(Stopped) -> Dimensions? {
    guard case .list(let list) = value else { return nil }
    if list.count <= 8, let sizes = Self.few(list) { return Dimensions(sizes: sizes) }
    if list.count == 1, let sizes = try [Int].convert(list[0]) { return Dimensions(sizes: sizes) }
    guard let sizes = try [Int].convert(value) else { return nil }
    return Dimensions(sizes: sizes)
  }

  /// Whole numbers one by one.
  static func convert(few arguments: Operands) -> Dimensions? {
    let count = arguments.count
    guard (1...8).contains(count) else { return nil }
    if count == 1, case .list(let list) = arguments[0].value {
      return list.count <= 8 ? few(list).map { Dimensions(sizes: $0) } : nil
    }
    var sizes = Shape(repeating: 0, count: count)
    for place in 0..<count {
      guard let size = Int.convert(slot: arguments[place]) else { return nil }
      sizes[place] = size
    }
    return Dimensions(sizes: sizes)
  }

  /// The whole numbers of a short list; nil where there is anything else.
  private static func few(_ list: ScriptList) -> [Int]? {
    var sizes = Shape(repeating: 0, count: list.count)
    for place in sizes.indices {
      guard case .number(let number) = list[place], let size = Int(exactly: number) else { return nil }
      sizes[place] = size
    }
    return sizes
  }

  var scriptValue: Value { sizes.scriptValue }
}

extension ElementType: ScriptChoice {}
