import PixelScript
import Safepoint

extension Column {
  /// Which values are among others, as truth values; a missing one is among those that have one.
  func isAmong(_ others: Column) throws -> [UInt8] {
    try Safepoint.reserve(40, times: others.count, for: "a column")
    switch (self, others) {
    case (.numbers(let numbers), .numbers(let wanted)):
      let known = Set(wanted)
      let few = wanted.count <= 8 ? wanted : []
      let hasMissing = wanted.contains(where: MissingNumber.isMissing)
      return try Pieces.filled(numbers.count) { place in
        let number = numbers[place]
        let isKnown = few.isEmpty ? known.contains(number) : few.contains(number)
        return isKnown || hasMissing && MissingNumber.isMissing(number) ? 1 : 0
      }
    case (.texts(let texts), .texts(let wanted)):
      let known = Set((0..<wanted.count).map { wanted[$0].map(ExactText.init) })
      let bytes = texts.bytes
      return try texts.mapped(missing: known.contains(nil) ? 1 : 0) {
        known.contains(ExactText(String(decoding: bytes[$0], as: UTF8.self))) ? 1 : 0
      }
    default:
      return try Pieces.map(count) { place in
        try Safepoint.check(after: 8 * others.count)
        return (0..<others.count).contains { self[place] == others[$0] } ? 1 : 0
      }
    }
  }
}
