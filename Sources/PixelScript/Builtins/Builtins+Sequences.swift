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
      ) { context, start, stop, step in
        let range = try ScriptRange(start: stop == nil ? 0 : start, stop: stop ?? start, step: step)
        return Slot(.range(range), heap: context.heap)
      }.primitive(.range),
      Command(
        "enumerate", "Returns a list of pairs: the position and the element.",
        Operand("values", "something with elements"),
        Parameter<Double>("start", "the number of the first element", default: 0),
        example: """
          for i, name in enumerate(["lstm", "mamba"]) { print i, name }
          # expect: 0 lstm
          # expect: 1 mamba
          """
      ) { context, values, start in
        let machine = context.machine
        var elements = try ElementReader(values, context, argument: "values")
        try elements.reserve(bytes: 4 * MemoryLayout<Slot>.stride, context)
        let pairs = context.newList(capacity: elements.expectedCount)
        while let value = try elements.next(machine) {
          let pair = machine.newList(capacity: 2)
          pair.with(ScriptList.self) {
            $0.append(owning: Slot(start + Double(pairs.count)))
            $0.append(owning: value)
          }
          try context.add(pair, to: pairs)
        }
        return pairs
      }.primitive(.enumerate),
    ]
  }

  /// Several sequences side by side, and one backwards.
  static var pairings: [Command] {
    [
      Command(
        "zip", "Returns a list of lists: the first elements of all values, the second ones, and so on to the shortest.",
        VariadicOperand("values", "several values with elements"),
        example: """
          print zip([1, 2, 3], "ab")  # expect: [[1, "a"], [2, "b"]]
          """
      ) { context, values in
        let machine = context.machine
        var columns = try (0..<values.count).map { try ElementReader(values[$0], context, argument: "values") }
        let rows = context.newList(capacity: columns.map(\.expectedCount).min() ?? 0)
        if columns.count == 2 {
          // The usual number, without an array of them.
          var (first, second) = (columns[0], columns[1])
          while let left = try first.next(machine) {
            let row = machine.newList(capacity: 2)
            row.with(ScriptList.self) { $0.append(owning: left) }
            try context.add(row, to: rows)
            guard let right = try second.next(machine) else {
              Teardown.release(rows.take(at: rows.count - 1))
              break
            }
            row.with(ScriptList.self) { $0.append(owning: right) }
          }
          return rows
        }
        while !columns.isEmpty {
          let row = context.newList(capacity: columns.count)
          for place in columns.indices {
            guard let element = try columns[place].next(machine) else { return rows }
            try context.add(element, to: row)
          }
          try context.add(Slot(.list, owning: row), to: rows)
        }
        return rows
      }.primitive(.zip),
      Command(
        "reversed", "Returns the elements in the opposite order: a string of a string, otherwise a list.",
        Operand("values", "something with elements"),
        example: """
          print reversed([1, 2, 3]), reversed("abc")  # expect: [3, 2, 1] cba
          """
      ) { context, values in
        let machine = context.machine
        if values.tag == .string {
          let text = values.object(StringBox.self)
          let count = try text.count(machine)
          return try text.part(start: count - 1, count: count, step: -1, machine).owned(context)
        }
        let isList = values.tag == .list
        let list = isList ? values.object(ScriptList.self) : try context.copiedList(values, argument: "values")
        if isList { try context.reserve(bytes: list.count * MemoryLayout<Slot>.stride) }
        return try list.part(start: list.count - 1, count: list.count, step: -1, machine).owned(context)
      },
    ]
  }

  /// Commands that call a function for each element.
  static var functional: [Command] {
    [
      Command(
        "map", "Returns a list of what a function makes of each element.",
        Operand("values", "something with elements"), Operand("function", "takes one element"),
        example: """
          print map([1, 2, 3], fn(x) = x * x)  # expect: [1, 4, 9]
          """
      ) { context, values, function in
        let machine = context.machine
        var elements = try ElementReader(values, context, argument: "values")
        let result = context.newList(capacity: elements.expectedCount)
        let call = Callback(function, context, count: 1)
        while let element = try elements.next(machine) { try context.add(try call.call(element), to: result) }
        return result
      },
      Command(
        "filter", "Returns a list of the elements for which a function returns true.",
        Operand("values", "something with elements"),
        Operand("function", "takes one element, returns a bool"),
        example: """
          print filter(range(6), fn(x) = x % 2 == 0)  # expect: [0, 2, 4]
          """
      ) { context, values, function in
        let machine = context.machine
        var elements = try ElementReader(values, context, argument: "values")
        let result = context.newList(capacity: min(elements.expectedCount, ScriptList.shortCapacity))
        let test = Callback(function, context, count: 1)
        while let element = try elements.next(machine) {
          if try context.isTrue(test, for: element) {
            try context.add(element, to: result)
          } else {
            Teardown.release(element)
            try context.step()
          }
        }
        return result
      },
    ]
  }

  /// Commands that call a function to join elements.
  static var folding: [Command] {
    [
      Command(
        "reduce", "Returns what is left when a function joins the elements to one, from the first to the last.",
        Operand("values", "something with elements"),
        Operand("function", "takes the result so far and an element"),
        Operand(optional: "start", "the result before the first element"),
        example: """
          print reduce([1, 2, 3], fn(a, b) = a * 10 + b)  # expect: 123
          """
      ) { context, values, function, start in
        let machine = context.machine
        var elements = try ElementReader(values, context, argument: "values")
        let call = Callback(function, context, count: 2)
        guard var result = try start.isAbsent ? elements.next(machine) : start.copied() else {
          throw ScriptError(
            .value, "`reduce` found no elements", help: "give it a result to start with: `start:`", argument: "values")
        }
        do {
          while let element = try elements.next(machine) {
            let joined = result
            result = .nil
            result = try call.call(joined, element)
            try context.step()
          }
        } catch {
          Teardown.release(result)
          throw error
        }
        return result
      }
    ]
  }
}

extension CallContext {
  /// What a function that must return a bool returns for an element, which the caller goes on owning unless this throws; without a
  /// function, the element itself.
  @inline(__always) func isTrue(_ function: Callback?, for element: Slot) throws -> Bool {
    do {
      let result = if let function { try function.call(element.copied()) } else { element.copied() }
      return try result.tag == .bool ? result.truth : truth(of: result, isOfFunction: function != nil)
    } catch {
      Teardown.release(element)
      throw error
    }
  }

  /// The truth of what is no bool, which this takes over.
  private func truth(of result: Slot, isOfFunction: Bool) throws -> Bool {
    defer { Teardown.release(result) }
    if let truth = result.hostTruth { return truth }
    let message = isOfFunction ? "expects the function to return a bool" : "expects bools"
    throw ScriptError(
      .type, "`\(command)` \(message), found \(describe(result.value))",
      argument: isOfFunction ? "function" : "values")
  }
}
