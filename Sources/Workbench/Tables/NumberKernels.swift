import Safepoint
import Tensors

/// Functions of all numbers of columns, by the kernels; the work throws when it must stop.
enum NumberKernels {
  /// f(x) of every number; missing ones stay so.
  static func map(_ f: NumberFunction, _ x: [Double]) throws -> [Double] {
    try done(x.count) { Kernel.map(f, x) }
  }

  /// f(a, b) of `count` numbers, one of an array of one serves for all; missing where one of them is.
  static func combine(_ f: NumberPairFunction, _ a: [Double], _ b: [Double], count: Int) throws -> [Double] {
    try done(count) { Kernel.combine(f, a, b, count: count, missing: MissingNumber.value) }
  }

  /// 1 where a comparison of two numbers holds, else 0; a missing one is equal to another.
  static func compare(_ f: NumberComparison, _ a: [Double], _ b: [Double], count: Int) throws -> [UInt8] {
    try done(count) { Kernel.compare(f, a, b, count: count, missing: MissingNumber.value) }
  }

  /// 0 where a mask is 1, else 1.
  static func opposite(of mask: [UInt8]) throws -> [UInt8] { try done(mask.count) { Kernel.opposite(of: mask) } }

  /// 1 where a question about every number is answered with yes, else 0.
  static func test(_ f: NumberComparison, _ x: [Double]) throws -> [UInt8] {
    try compare(f, x, [0], count: x.count)
  }

  /// Numbers of the first array where a mask is 1, of the second where it is 0, else missing ones.
  static func select(_ mask: [UInt8], _ a: [Double], _ b: [Double]) throws -> [Double] {
    try done(mask.count) { Kernel.select(mask, a, b, missing: MissingNumber.value) }
  }

  private static func done<Element>(_ count: Int, _ body: () -> [Element]) throws -> [Element] {
    try Safepoint.reserve(MemoryLayout<Element>.stride, times: count, for: "a column")
    let made = body()
    // What is not written when the work stops is handed to nobody.
    try Safepoint.check()
    return made
  }
}

/// Questions about all of a mask.
enum MaskFigures {
  /// Whether all truth values are true.
  static func areAllTrue(_ mask: [UInt8]) throws -> Bool {
    var different: UInt8 = 0
    try Pieces.forEach(mask.count) { piece in
      guard different == 0 else { return }
      for truth in mask[piece] { different |= truth ^ 1 }
    }
    return different == 0
  }

  /// How many truth values are true, and how many are there.
  static func counts(_ bools: [UInt8]) throws -> (truths: Int, present: Int) {
    try Pieces.parts(bools.count) { part -> (Int, Int) in
      var (truths, present) = (0, 0)
      try Pieces.forEach(part) { piece in
        let span = bools.span.extracting(piece)
        // A piece is short enough for these.
        var (ones, absent): (UInt16, UInt16) = (0, 0)
        for place in span.indices {
          ones &+= UInt16(span[place] & 1)
          absent &+= UInt16(span[place] >> 1)
        }
        (truths, present) = (truths + Int(ones), present + span.count - Int(absent))
      }
      return (truths, present)
    }.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
  }
}
