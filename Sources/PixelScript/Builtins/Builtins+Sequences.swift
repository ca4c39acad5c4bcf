extension Builtins {
  /// Sequences made of others.
  static var sequences: [Command] {
    [
      Command(
        "range", "Returns the numbers from a start up to, but not including, an end.",
        Parameter<Double>("start", "the first number; the end when it is the only argument"),
        Parameter<Double?>("stop", "the end"), Parameter<Double>("step", "the distance of two numbers", default: 1),
        example: """
          print list(range(3)), list(range(2, 10, 4))  # expect: [0, 1, 2] [2, 6]
          """
      ) { _, start, stop, step in
        .range(try ScriptRange(start: stop == nil ? 0 : start, stop: stop ?? start, step: step))
      },
      Command(
        "enumerate", "Returns a list of pairs: the position and the element.",
        Parameter<Value>("values", "something with elements"),
        Parameter<Double>("start", "the number of the first element", default: 0),
        example: """
          for i, name in enumerate(["lstm", "mamba"]) { print i, name }
          # expect: 0 lstm
          # expect: 1 mamba
          """
      ) { context, values, start in
        let next = try context.elements(of: values, argument: "values")
        let pairs = context.newList()
        while let value = try next() {
          let pair = context.newList(capacity: 2)
          pair.append(.number(start + Double(pairs.count)))
          pair.append(value)
          try context.add(.list(pair), to: pairs)
        }
        return .list(pairs)
      },
    ]
  }

  /// Several sequences side by side, and one backwards.
  static var pairings: [Command] {
    [
      Command(
        "zip", "Returns a list of lists: the first elements of all values, the second ones, and so on to the shortest.",
        Parameter<Variadic<Value>>("values", "several values with elements"),
        example: """
          print zip([1, 2, 3], "ab")  # expect: [[1, "a"], [2, "b"]]
          """
      ) { context, values in
        let columns = try values.elements.map { try context.elements(of: $0, argument: "values") }
        let rows = context.newList()
        while !columns.isEmpty {
          let row = context.newList(capacity: columns.count)
          for next in columns {
            guard let element = try next() else { return .list(rows) }
            try context.add(element, to: row)
          }
          try context.add(.list(row), to: rows)
        }
        return .list(rows)
      },
      Command(
        "reversed", "Returns the elements in the opposite order: a string of a string, otherwise a list.",
        Parameter<Value>("values", "something with elements"),
        example: """
          print reversed([1, 2, 3]), reversed("abc")  # expect: [3, 2, 1] cba
          """
      ) { context, values in
        if case .string(let text) = values {
          var (result, work) = ("", context.work())
          for scalar in text.unicodeScalars.reversed() {
            result.unicodeScalars.append(scalar)
            try work.add()
          }
          return .string(result)
        }
        let list = try context.copiedList(values, argument: "values")
        return .list(try list.part(start: list.count - 1, count: list.count, step: -1, context.interpreter.machine))
      },
    ]
  }

  /// Commands that call a function for each element.
  static var functional: [Command] {
    [
      Command(
        "map", "Returns a list of what a function makes of each element.",
        Parameter<Value>("values", "something with elements"), Parameter<Value>("function", "takes one element"),
        example: """
          print map([1, 2, 3], fn(x) = x * x)  # expect: [1, 4, 9]
          """
      ) { context, values, function in
        let next = try context.elements(of: values, argument: "values")
        let result = context.newList()
        while let element = try next() { try context.add(try context.call(function, element), to: result) }
        return .list(result)
      },
      Command(
        "filter", "Returns a list of the elements for which a function returns true.",
        Parameter<Value>("values", "something with elements"),
        Parameter<Value>("function", "takes one element, returns a bool"),
        example: """
          print filter(range(6), fn(x) = x % 2 == 0)  # expect: [0, 2, 4]
          """
      ) { context, values, function in
        let next = try context.elements(of: values, argument: "values")
        let result = context.newList()
        while let element = try next() {
          try context.step()
          if try context.isTrue(function, for: element) { try context.add(element, to: result) }
        }
        return .list(result)
      },
    ]
  }

  /// Commands that call a function to join elements.
  static var folding: [Command] {
    [
      Command(
        "reduce", "Returns what is left when a function joins the elements to one, from the first to the last.",
        Parameter<Value>("values", "something with elements"),
        Parameter<Value>("function", "takes the result so far and an element"),
        Parameter<Value?>("start", "the result before the first element"),
        example: """
          print reduce([1, 2, 3], fn(a, b) = a * 10 + b)  # expect: 123
          """
      ) { context, values, function, start in
        let next = try context.elements(of: values, argument: "values")
        guard var result = try start ?? next() else {
          throw ScriptError(
            .value, "`reduce` found no elements", help: "give it a result to start with: `start:`", argument: "values")
        }
        while let element = try next() {
          try context.step()
          result = try context.call(function, result, element)
        }
        return result
      }
    ]
  }
}

extension CallContext {
  /// What a function that must return a bool returns for an element; without a function, the element itself.
  func isTrue(_ function: Value?, for element: Value) throws -> Bool {
    let result = try function.map { try call($0, element) } ?? element
    if case .bool(let truth) = result { return truth }
    let message = function == nil ? "expects bools" : "expects the function to return a bool"
    throw ScriptError(
      .type, "`\(command)` \(message), found \(describe(result))", argument: function == nil ? "values" : "function")
  }
}
