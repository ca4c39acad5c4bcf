import PixelScript
import Safepoint

/// A list of tensors, taken without the detours of lists of anything.
struct TensorRow: ScriptConvertible {
  let tensors: [TensorObject]

  static let scriptName = [TensorObject].scriptName
  static let kinds = [TensorObject].kinds

  static func accepts(_ slot: Slot) throws(Stopped) -> Bool {
    guard case .list(let list) = slot.value, list.count <= 1 << 10 else { return try convert(slot: slot) != nil }
    for place in 0..<list.count where try TensorObject.convert(list[place]) == nil { return false }
    return true
  }

  static func convert(_ value: Value) throws(Stopped) -> TensorRow? {
    guard case .list(let list) = value, list.count <= 1 << 10 else {
      return try [TensorObject].convert(value).map { TensorRow(tensors: $0) }
    }
    var tensors: [TensorObject] = []
    tensors.reserveCapacity(list.count)
    for place in 0..<list.count {
      guard let tensor = try TensorObject.convert(list[place]) else { return nil }
      tensors.append(tensor)
    }
    return TensorRow(tensors: tensors)
  }

  var scriptValue: Value { tensors.scriptValue }
}
