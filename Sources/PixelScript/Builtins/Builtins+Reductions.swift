extension Builtins {
  /// One value from many.
  static var reductions: [Command] {
    [
      Command(
        "sum", "Returns the sum of numbers, 0 when there are none.", Parameter<Value>("values", "the numbers"),
        example: """
          print sum([1, 2, 3.5]), sum(range(101))  # expect: 6.5 5050
          """
      ) { context, values in
        .number(try context.total(of: values) { $0 }.sum)
      },
      Command(
        "mean", "Returns the mean of numbers.", Parameter<Value>("values", "the numbers"),
        example: """
          print mean([1, 2, 6]), mean(range(4))  # expect: 3 1.5
          """
      ) { context, values in .number(try context.mean(of: values)) },
      Command(
        "var", "Returns the variance of numbers.", Parameter<Value>("values", "the numbers"), correction,
        example: """
          print var([1, 3]), var([1, 3], correction: 0)  # expect: 2 1
          """
      ) { context, values, correction in
        .number(try context.variance(of: values, correction))
      },
      Command(
        "std", "Returns the standard deviation of numbers.", Parameter<Value>("values", "the numbers"), correction,
        example: """
          print std([2, 4, 4, 4, 5, 5, 7, 9], correction: 0)  # expect: 2
          """
      ) { context, values, correction in
        .number(try context.variance(of: values, correction).squareRoot())
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
        Parameter<Value>("values", "bools, or anything with a function"),
        Parameter<Value?>("function", "takes one element, returns a bool"),
        example: """
          print any([false, true]), any([1, 2], fn(x) = x > 5)  # expect: true false
          """
      ) { context, values, function in
        let next = try context.elements(of: values, argument: "values")
        while let element = try next() {
          try context.step()
          if try context.isTrue(function, for: element) { return .bool(true) }
        }
        return .bool(false)
      },
      Command(
        "all", "Returns true when every element is true, or the function says so of it.",
        Parameter<Value>("values", "bools, or anything with a function"),
        Parameter<Value?>("function", "takes one element, returns a bool"),
        example: """
          print all([]), all([1, 2], fn(x) = x > 1)  # expect: true false
          """
      ) { context, values, function in
        let next = try context.elements(of: values, argument: "values")
        while let element = try next() {
          try context.step()
          if try !context.isTrue(function, for: element) { return .bool(false) }
        }
        return .bool(true)
      },
    ]
  }

  /// What needs to know which of two values comes first.
  static var orderings: [Command] {
    [
      Command(
        "min", "Returns the smallest of several numbers or strings.",
        Parameter<Variadic<Value>>("values", "the values, or one value that has them as elements"),
        Parameter<Value?>("by", "a function whose result is compared instead", byName: true),
        example: """
          print min(3, 1, 2), min(["b", "a"])  # expect: 1 a
          """
      ) { context, values, key in try context.extreme(of: values.elements, by: key, isMaximum: false) },
      Command(
        "max", "Returns the largest of several numbers or strings.",
        Parameter<Variadic<Value>>("values", "the values, or one value that has them as elements"),
        Parameter<Value?>("by", "a function whose result is compared instead", byName: true),
        example: """
          print max(3, 1, 2), max(["lstm", "mamba", "ssm"], by: len)  # expect: 3 mamba
          """
      ) { context, values, key in try context.extreme(of: values.elements, by: key, isMaximum: true) },
    ]
  }

  /// Elements in order.
  static var sorting: [Command] {
    [
      Command(
        "sorted", "Returns a new list of the elements in ascending order; equal ones keep theirs.",
        Parameter<Value>("values", "numbers or strings, or anything with a function"),
        Parameter<Value?>("by", "a function whose result is compared instead"),
        Parameter<Bool>("descending", "the largest first", default: false, byName: true),
        example: """
          print sorted([3, 1, 2]), sorted(["bb", "a"], by: len, descending: true)  # expect: [1, 2, 3] ["bb", "a"]
          """
      ) { context, values, key, descending in
        let list = try context.copiedList(values, argument: "values")
        let keys = try context.sortKeys(of: list, by: key)
        try context.reserve(bytes: 2 * list.count * MemoryLayout<(Int64, Int)>.stride)
        return .list(try context.picking(keys.order(descending: descending, context), from: list))
      }
    ]
  }
}

extension CallContext {
  /// The count of numbers and the sum of what a function makes of each.
  fileprivate func total(of values: Value, _ part: (Double) -> Double) throws -> (count: Double, sum: Double) {
    let next = try elements(of: values, argument: "values")
    var (count, sum) = (0.0, 0.0)
    while let element = try next() {
      try step()
      guard case .number(let number) = element else {
        throw wrongElement(element, expected: "numbers", argument: "values")
      }
      count += 1
      sum += part(number)
    }
    return (count, sum)
  }

  fileprivate func mean(of values: Value) throws -> Double {
    let (count, sum) = try total(of: values) { $0 }
    guard count > 0 else { throw ScriptError(.value, "`\(command)` found no elements", argument: "values") }
    return sum / count
  }

  fileprivate func variance(of values: Value, _ correction: Double) throws -> Double {
    let mean = try mean(of: values)
    let (count, squares) = try total(of: values) { ($0 - mean) * ($0 - mean) }
    return squares / (count - correction)
  }

  /// What the elements are ordered by: themselves or what a function makes of them.
  func sortKeys(of list: ScriptList, by function: Value?) throws -> SortKeys {
    if function == nil, let numbers = try numbers(of: list) { return SortKeys(numbers) }
    var keys = SortKeys()
    var first = Value.nil
    for position in 0..<list.count {
      try step()
      let value = try function.map { try call($0, list[position]) } ?? list[position]
      if position == 0 { first = value }
      if keys.append(value) { continue }
      switch value {
      case .number, .string:
        throw ScriptError(
          .type, "`\(command)` can't compare \(describe(first)) with \(describe(value))",
          argument: function == nil ? "values" : "by")
      default:
        throw ScriptError(
          .type, "`\(command)` compares numbers or strings, found \(describe(value))",
          help: function == nil ? "say what to compare with a function: `by: fn(x) = ...`" : nil,
          argument: function == nil ? "values" : "by")
      }
    }
    return keys
  }

  /// The first element before which no other comes.
  func extreme(of values: [Value], by function: Value?, isMaximum: Bool) throws -> Value {
    let list = values.count == 1 ? try copiedList(values[0], argument: "values") : ScriptList(values)
    guard list.count > 0 else {
      throw ScriptError(.value, "`\(command)` found no elements", argument: "values")
    }
    let keys = try sortKeys(of: list, by: function)
    var best = 0
    for place in 1..<list.count {
      let (first, second) = isMaximum ? (best, place) : (place, best)
      if try keys.precedes(first, second, self) { best = place }
      try step()
    }
    return list[best]
  }
}
