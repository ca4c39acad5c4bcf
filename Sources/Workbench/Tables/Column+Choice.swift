import PixelScript
import Safepoint

extension Column {
  /// The values of the first column where a mask is true, of the second where it is false, missing where the mask is; a column of another
  /// length has one value for all rows.
  static func chosen(_ mask: [UInt8], _ first: Column, _ second: Column) throws -> Column {
    let (isOne, isOther) = (first.count != mask.count, second.count != mask.count)
    if case .numbers(let yes) = first, case .numbers(let no) = second {
      return .numbers(try NumberKernels.select(mask, isOne ? [yes[0]] : yes, isOther ? [no[0]] : no))
    }
    let places = try Pieces.filled(mask.count) { place in
      switch mask[place] {
      case 1: isOne ? 0 : place
      case 0: first.count + (isOther ? 0 : place)
      default: -1
      }
    }
    return try joined([first, second]).picking(places)
  }
}
