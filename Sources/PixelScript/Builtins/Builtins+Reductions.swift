import Safepoint

extension Builtins {
  /// One value from many.
  static var reductions: [Command] {
    [
      Command(
        "sum", "Returns the sum of numbers, 0 when there are none.", Operand("values", "the numbers"),
        example: """
          print sum([1, 2, 3.5]), sum(range(101))  # expect: 6.5 5050
          """
      ) { context, values in
        if values.tag == .list, let sum = try context.sumOfFew(values) { return sum }
        return try CompensatedSum.figure { scale in try context.total(of: values) { $0 * scale }.value }
      },
      Command(
        "mean", "Returns the mean of numbers.", Operand("values", "the numbers"),
        example: """
          print mean([1, 2, 6]), mean(range(4))  # expect: 3 1.5
          """
      ) { context, values in try context.mean(of: values) },
      Command(
        "var", "Returns the variance of numbers.", Operand("values", "the numbers"), correction,
        example: """
          print var([1, 3]), var([1, 3], correction: 0)  # expect: 2 1
          """
      ) { context, values, correction in
        try context.variance(of: values, correction)
      },
      Command(
        "std", "Returns the standard deviation of numbers.", Operand("values", "the numbers"), correction,
        example: """
          print std([2, 4, 4, 4, 5, 5, 7, 9], correction: 0)  # expect: 2
          """
      ) { context, values, correction in
        try CompensatedSum.figure { try context.variance(of: values, correction, times: $0).squareRoot() }
      },
    ]
  }

  private static var correction: Parameter<Double> {
    Parameter<Double>(
      "correction", "taken off the count that the sum of squares is divided by", default: 1, byName: true)
  }

  /// One answer from many.
  static var quantifiers: [Command] {
    [
      Command(
        "any", "Returns true when at least one element is true, or the function says so of it.",
        Operand("values", "bools, or anything with a function"),
        Operand(optional: "function", "takes one element, returns a bool"),
        example: """
          print any([false, true]), any([1, 2], fn(x) = x > 5)  # expect: true false
          """
      ) { context, values, function in
        try context.first(of: values, with: function, that: true)
      },
      Command(
        "all", "Returns true when every element is true, or the function says so of it.",
        Operand("values", "bools, or anything with a function"),
        Operand(optional: "function", "takes one element, returns a bool"),
        example: """
          print all([]), all([1, 2], fn(x) = x > 1)  # expect: true false
          """
      ) { context, values, function in
        try !context.first(of: values, with: function, that: false)
      },
    ]
  }

  /// What needs to know which of two values comes first.
  static var orderings: [Command] {
    [
      Command(
        "min", "Returns the smallest of several numbers or strings; NaN only where there is no number.",
        VariadicOperand("values", "the values, or one value that has them as elements"),
        Operand(optional: "by", "a function whose result is compared instead", byName: true),
        example: """
          print min(3, 1, 2), min(["b", "a"])  # expect: 1 a
          """
      ) { context, values, key in try context.extreme(of: values, by: key, isMaximum: false) },
      Command(
        "max", "Returns the largest of several numbers or strings; NaN only where there is no number.",
        VariadicOperand("values", "the values, or one value that has them as elements"),
        Operand(optional: "by", "a function whose result is compared instead", byName: true),
        example: """
          print max(3, 1, 2), max(["lstm", "mamba", "ssm"], by: len)  # expect: 3 mamba
          """
      ) { context, values, key in try context.extreme(of: values, by: key, isMaximum: true) },
    ]
  }

  /// Elements in order.
  static var sorting: [Command] {
    [
      Command(
        "sorted", "Returns a new list of the elements in ascending order; equal ones keep theirs.",
        Operand("values", "numbers or strings, or anything with a function"),
        Operand(optional: "by", "a function whose result is compared instead, or the name of a field"),
        Parameter<Bool>("descending", "the largest first", default: false, byName: true),
        example: """
          print sorted([3, 1, 2]), sorted(["bb", "a"], by: len, descending: true)  # expect: [1, 2, 3] ["bb", "a"]
          print sorted([{n: 2}, {n: 1}], by: "n")  # expect: [{n: 1}, {n: 2}]
          """
      ) { context, values, key, descending in
        let list = try context.copiedList(values, argument: "values")
        if key.isAbsent, try list.sortShort(descending: descending, context.machine) { return list }
        let keys = try context.sortKeys(of: list, by: key)
        try context.reserve(bytes: 2 * list.count * MemoryLayout<(Int64, Int)>.stride)
        return try context.picking(keys.order(descending: descending, context), from: list)
      }
    ]
  }
}

extension CallContext {
  /// The sum of few numbers that are whole and not large, of which no addition is rounded; nil for others.
  fileprivate func sumOfFew(_ values: Slot) throws -> Double? {
    let count = values.with(ScriptList.self) { $0.count }
    guard count <= 256 else { return nil }
    var (sum, areWhole) = (0.0, true)
    values.with(ScriptList.self) { list in
      for place in 0..<count {
        let element = list.slot(at: place)
        sum += element.number
        areWhole =
          areWhole && element.isNumber && Machine.whole(element.number) != nil && element.number.magnitude < 0x1p40
      }
    }
    guard areWhole else { return nil }
    try machine.poll(steps: count)
    return sum
  }

  /// The sum of what a function makes of each number.
  @inline(__always)
  fileprivate func total(of values: Slot, _ part: (Double) -> Double) throws -> CompensatedSum {
    let machine = self.machine
    var elements = try ElementReader(values, self, argument: "values")
    var sum = CompensatedSum()
    while let element = try elements.next(machine) {
      var number = element.number
      if !element.isNumber {
        defer { Teardown.release(element) }
        guard let counted = element.hostNumber else {
          throw wrongElement(element.value, at: sum.count, expected: "numbers", argument: "values")
        }
        number = counted
      }
      try step()
      sum.add(part(number))
    }
    return sum
  }

  /// Whether one of the elements, or what a function returns for it, is a certain truth.
  fileprivate func first(of values: Slot, with function: Slot, that truth: Bool) throws -> Bool {
    let machine = self.machine
    var elements = try ElementReader(values, self, argument: "values")
    let test = function.isAbsent ? nil : Callback(function, self, count: 1)
    while let element = try elements.next(machine) {
      let isFound = try isTrue(test, for: element) == truth
      Teardown.release(element)
      if isFound { return true }
      try step()
    }
    return false
  }

  fileprivate func mean(of values: Slot) throws -> Double {
    try CompensatedSum.figure { scale in
      let sum = try total(of: values) { $0 * scale }
      guard sum.count > 0 else { throw ScriptError(.value, "`\(command)` found no elements", argument: "values") }
      return sum.mean
    }
  }

  /// The variance of numbers times a factor.
  fileprivate func variance(of values: Slot, _ correction: Double, times scale: Double = 1) throws -> Double {
    let mean = try mean(of: values)
    // The distances add up to 0 but for the rounding of the mean (Chan, Golub and LeVeque 1983).
    var rest = CompensatedSum()
    let squares = try total(of: values) { number in
      let distance = number * scale - mean * scale
      rest.add(distance)
      return distance * distance
    }
    // Beyond the largest number the distances may be none.
    if squares.value == .infinity { return .infinity }
    return max(squares.value - rest.value * rest.mean, 0) / (Double(squares.count) - correction)
  }

  /// What the elements are ordered by: themselves or what a function makes of them.
  func sortKeys(of list: ScriptList, by function: Slot) throws -> SortKeys {
    let field = function.tag == .string
    let key = function.isAbsent || field ? nil : Callback(function, self, count: 1)
    var keys = SortKeys(list.count, self)
    try machine.inPieces(elements: list.count) { piece in
      for position in piece {
        if !function.isAbsent { try step() }
        var value = list.copy(at: position)
        if let key { value = try key.call(value) } else if field { value = try self.field(function, of: value) }
        guard !keys.append(value) else { continue }
        defer { Teardown.release(value) }
        throw notComparable(value.value, at: position, with: keys.first, by: function)
      }
    }
    return keys
  }

  /// The field of an element that it is ordered by.
  private func field(_ name: Slot, of element: Slot) throws -> Slot {
    defer { Teardown.release(element) }
    guard let value = try machine.fieldIfAny(element, name) else {
      throw machine.noField(element, name.object(StringBox.self).text, isCall: false)
    }
    return value
  }

  private func notComparable(_ value: Value, at place: Int, with first: Value?, by function: Slot) -> ScriptError {
    let found = "\(function.isAbsent ? "" : "what `by` makes, ")\(describe(value)) at position \(place)"
    return switch (value, first) {
    case (.number, let first?), (.bool, let first?), (.string, let first?), (.list, let first?):
      ScriptError(
        .type, "`\(command)` can't compare \(describe(first)) with \(found)",
        argument: function.isAbsent ? "values" : "by")
    default:
      ScriptError(
        .type, "`\(command)` compares numbers, bools, strings or lists, found \(found)",
        help: function.isAbsent ? "say what to compare with a function: `by: fn(x) = ...`" : nil,
        argument: function.isAbsent ? "values" : "by")
    }
  }

  /// What a list gives element by element in which a host value counts as no number, as a tensor of several elements; nil for others.
  private func elementwiseExtreme(of list: ScriptList, isMaximum: Bool) throws -> Slot? {
    func host(_ place: Int) -> (any ScriptObject)? {
      let slot = list.slot(at: place)
      return slot.tag == .object ? slot.object(ObjectBox.self).object : nil
    }
    guard list.count > 1, let first = (0..<list.count).first(where: { host($0).map { $0.number == nil } ?? false })
    else { return nil }
    var best = list.slot(at: first).value
    for place in 0..<list.count where place != first {
      try step()
      guard case .object(let object) = best,
        let better = try object.extreme(with: list.slot(at: place).value, isMaximum: isMaximum)
      else { return nil }
      best = better
    }
    return best.owned(self)
  }

  /// The first element before which no other comes.
  fileprivate func extreme(of values: Operands, by function: Slot, isMaximum: Bool) throws -> Slot {
    if function.isAbsent, values.count > 1, let place = try values.extreme(isMaximum: isMaximum, machine) {
      return values[place].copied()
    }
    if function.isAbsent, values.count == 1, values[0].tag == .list {
      let list = values[0].object(ScriptList.self)
      if let place = try list.operands.extreme(isMaximum: isMaximum, machine) { return list.copy(at: place) }
    }
    if function.isAbsent, values.count == 1, values[0].tag == .range {
      let range = values[0].object(ScriptRange.self)
      // The first or the last.
      if range.count > 0 { return Slot(range[(range.step > 0) == isMaximum ? range.count - 1 : 0]) }
    }
    let list = try values.count == 1 ? copiedList(values[0], argument: "values") : values.list(heap)
    guard list.count > 0 else {
      throw ScriptError(.value, "`\(command)` found no elements", argument: "values")
    }
    if function.isAbsent, let values = try elementwiseExtreme(of: list, isMaximum: isMaximum) { return values }
    let keys = try sortKeys(of: list, by: function)
    var best = 0
    for place in 1..<list.count {
      let (first, second) = isMaximum ? (best, place) : (place, best)
      // A largest is never NaN, as a smallest is not, which comes behind all numbers.
      if isMaximum && (keys.isNaN(best) || keys.isNaN(place)) {
        if keys.isNaN(best), !keys.isNaN(place) { best = place }
      } else if try keys.precedes(first, second, self) {
        best = place
      }
      try step()
    }
    return list.copy(at: best)
  }
}
