import PixelScript
import Safepoint
import Tensors

/// Which rows an index means.
enum RowSelection {
  /// The places of the rows; nil for an index that is none of several rows. Throws when it does not fit.
  static func places(_ index: PixelScript.Index, in count: Int, of what: String) throws -> [Int]? {
    switch index {
    case .slice(let slice): return try slice.positions(in: count)
    case .all: return Array(0..<count)
    case .positions(let places):
      return try places.map { try PixelScript.Index.resolve($0, in: count, of: what) }
    case .object(let object as ColumnObject):
      if let mask = object.mask { return try self.places(mask, in: count, of: what) }
      return try positions(object.column, in: count, of: what)
    case .object(let object as TensorObject):
      guard object.shape.count == 1 else {
        throw ScriptError(.index, "the rows of a \(what) have one axis, found a tensor of shape \(object.shape)")
      }
      let values = object.tensor.numbers
      if object.tensor.elementType == .bool { return try places(values.map { $0 == 0 ? 0 : 1 }, in: count, of: what) }
      return try positions(.numbers(values), in: count, of: what)
    case .object(let object):
      throw ScriptError(
        .index, "the rows of a \(what) are chosen by a mask or positions, found \(describe(.object(object)))")
    case .position, .key, .keys, .rest, .newAxis: return nil
    }
  }

  /// Which rows an index means whose values are set: one, or several.
  static func replaced(_ index: PixelScript.Index, in count: Int, of what: String) throws -> [Int]? {
    guard case .position(let position) = index else { return try places(index, in: count, of: what) }
    return [try PixelScript.Index.resolve(position, in: count, of: what)]
  }

  private static func places(_ mask: [UInt8], in count: Int, of what: String) throws -> [Int] {
    guard mask.count == count else {
      throw ScriptError(.index, "a mask of length \(mask.count) does not fit a \(what) of length \(count)")
    }
    if try MaskFigures.areAllTrue(mask) { return Array(0..<count) }
    return try Pieces.places(count) { mask[$0] == 1 }
  }

  private static func positions(_ column: Column, in count: Int, of what: String) throws -> [Int] {
    guard case .numbers(let numbers) = column else {
      throw ScriptError(
        .index, "the rows of a \(what) are chosen by a mask or positions, found a column of \(column.contents)")
    }
    return try Pieces.map(numbers.count) { place in
      guard let position = Int(exactly: numbers[place]) else {
        throw ScriptError(.index, "a position is a whole number, found \(column[place].echo)")
      }
      return try PixelScript.Index.resolve(position, in: count, of: what)
    }
  }
}
