import Foundation
import Safepoint

extension Builtins {
  /// Products and middle values of plain numbers.
  static var statistics: [Command] {
    [
      Command(
        "prod", "Returns the product of numbers, 1 when there are none.", Operand("values", "the numbers"),
        example: """
          print prod([2, 3, 4]), prod([])  # expect: 24 1
          """
      ) { context, values in try context.product(of: values) },
      Command(
        "median", "Returns the median of numbers: the middle one, or the mean of the two in the middle.",
        Operand("values", "the numbers"),
        example: """
          print median([3, 1, 2]), median([1, 2, 3, 4])  # expect: 2 2.5
          """
      ) { context, values in try context.quantiles(of: values, [0.5])[0] },
      Command(
        "quantile", "Returns the number below which a share of the numbers lies, between two of them in proportion.",
        Operand("values", "the numbers"), Parameter<Shares>("share", "from 0 to 1, or a list of shares"),
        example: """
          print quantile([1, 2, 3, 4, 5], 0.25), quantile([1, 2], [0, 0.5])  # expect: 2 [1, 1.5]
          """
      ) { context, values, shares in
        try shares.check()
        let found = try context.quantiles(of: values, shares.numbers)
        guard shares.isList else { return Slot(found[0]) }
        let list = context.newList(capacity: found.count)
        for number in found { try context.add(Slot(number), to: list) }
        return list.owned(context)
      },
      Command(
        "unique", "Returns the different elements, in the order in which they first stand: a list.",
        Operand("values", "something with elements"),
        example: """
          print unique([2, 1, 2]), unique("anna")  # expect: [2, 1] ["a", "n"]
          """
      ) { context, values in try context.unique(values) },
    ]
  }

  /// What kind of number one is.
  static var numberKinds: [Command] {
    [
      Command(
        "isnan", "Returns true for NaN.", Parameter<Double>("x", "the number"),
        example: """
          print isnan(nan), isnan(1)  # expect: true false
          """
      ) { _, x in x.isNaN },
      Command(
        "isinf", "Returns true for an infinite number.", Parameter<Double>("x", "the number"),
        example: """
          print isinf(-inf), isinf(nan)  # expect: true false
          """
      ) { _, x in x.isInfinite },
    ]
  }
}

extension CallContext {
  /// Hands over the elements as numbers.
  private func forEachNumber(of values: Slot, bytes: Int = 0, _ body: (Double) throws -> Void) throws {
    let machine = self.machine
    var elements = try ElementReader(values, self, argument: "values")
    try elements.reserve(bytes: bytes, self)
    var place = 0
    while let element = try elements.next(machine) {
      guard let number = element.anyNumber else {
        defer { Teardown.release(element) }
        throw wrongElement(element.value, at: place, expected: "numbers", argument: "values")
      }
      if !element.isNumber { Teardown.release(element) }
      place += 1
      try step()
      try body(number)
    }
  }

  fileprivate func product(of values: Slot) throws -> Double {
    var product = 1.0
    try forEachNumber(of: values) { product *= $0 }
    return product
  }

  /// The elements as numbers.
  private func numbers(of values: Slot) throws -> [Double] {
    var numbers: [Double] = []
    let stride = MemoryLayout<Double>.stride
    try forEachNumber(of: values, bytes: stride) { number in
      if numbers.count == numbers.capacity { try reserve(bytes: 3 * numbers.count * stride) }
      numbers.append(number)
    }
    return numbers
  }

  /// The elements without those that are equal to one before. NaN is equal to none.
  fileprivate func unique(_ values: Slot) throws -> ScriptList {
    let machine = self.machine
    var elements = try ElementReader(values, self, argument: "values")
    try elements.reserve(bytes: MemoryLayout<Slot>.stride, self)
    let (known, others, result) = (ScriptMap(capacity: 4, meter: machine.meter), newList(), newList())
    while let element = try elements.next(machine) {
      guard let (key, hash) = try machine.key(element) else {
        defer { Teardown.release(element) }
        if try machine.position(of: element, in: others) != nil { continue }
        others.append(owning: element.copied())
        try add(element.copied(), to: result)
        continue
      }
      defer { Teardown.release(element) }
      try step()
      if known.place(of: key, hash: hash) != nil { continue }
      try machine.makeRoom(in: known)
      known.set(key, hash: hash, owning: Slot(true))
      try add(element.copied(), to: result)
    }
    return result
  }

  /// The numbers below which shares lie.
  fileprivate func quantiles(of values: Slot, _ shares: [Double]) throws -> [Double] {
    var numbers = try numbers(of: values)
    guard !numbers.isEmpty else { throw ScriptError(.value, "`\(command)` found no elements", argument: "values") }
    try reserve(bytes: 3 * numbers.count * MemoryLayout<(Int64, Int)>.stride)
    try StableSort.sort(&numbers, machine) { SortKeys.rank(of: $0) < SortKeys.rank(of: $1) }
    // NaN comes last in order.
    if numbers[numbers.count - 1].isNaN { return shares.map { _ in .nan } }
    return shares.map { Quantile.of(numbers, $0) }
  }
}
