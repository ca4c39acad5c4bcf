import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Random elements of lists and the like; they draw from the session's streams, or from one of their own when given a seed.
  static func sampling(_ environment: Environment) -> [Command] {
    let seed = Parameter<Int?>("seed", "what decides the draw, in place of the session's seed", byName: true)
    return [
      Command(
        "choice", "Gives one of the elements of a value, each as likely as the others.",
        Parameter<Value>("values", "something with elements"), seed,
        example: """
          print choice(["a", "b", "c"], seed: 1) in "abc", choice(range(5, 6))  # expect: true 5
          """
      ) { context, values, seed in
        let elements = try SampledElements(values, context)
        guard elements.count > 0 else {
          throw ScriptError(.value, "`choice` found no elements", argument: "values")
        }
        return try elements[environment.withRandom("choice", seed: seed) { $0.below(elements.count) }]
      },
      Command(
        "sample", "Gives some of the elements of a value in random order, none twice; rows as a table.",
        Parameter<Value>("values", "something with elements"), Parameter<Int>("count", "how many"),
        Parameter<Bool>("again", "whether an element may come again", default: false, byName: true), seed,
        example: """
          print len(sample(range(1e9), 3)), sorted(sample("abc", 3)), len(sample([1, 2], 5, again: true))
          # expect: 3 ["a", "b", "c"] 5
          """
      ) { context, values, count, again, seed in
        let elements = try SampledElements(values, context)
        guard count >= 0, again ? count == 0 || elements.count > 0 : count <= elements.count else {
          throw ScriptError(
            .value, "`sample` can't take \(count) of \(elements.count) elements",
            help: count > elements.count && !again ? "elements may come again with `again: true`" : nil,
            argument: "count")
        }
        try context.reserve(bytes: again ? 24 : 88, times: count, for: "a sample")
        let places = try environment.withRandom("sample", seed: seed) { random in
          try again
            ? (0..<count).map { _ in
              try Safepoint.check(after: 16)
              return random.below(elements.count)
            } : drawn(count, of: elements.count, &random)
        }
        switch values {
        case .object(let object as TableObject): return .object(TableObject(try object.table.picking(places)))
        case .object(let object as ColumnObject): return .object(ColumnObject(try object.column.picking(places)))
        default: return try Value.list(count: count) { try elements[places[$0]] }
        }
      },
      Command(
        "shuffle", "Gives a list of the elements of a value in random order.",
        Parameter<Value>("values", "something with elements"),
        Parameter<Int?>("seed", "what decides the order, in place of the session's seed"),
        example: """
          xs = [1, 2, 3, 4]
          print sorted(shuffle(xs)), shuffle(xs, seed: 1) == shuffle(xs, seed: 1), xs  # expect: [1, 2, 3, 4] true [1, 2, 3, 4]
          """
      ) { context, values, seed in
        let elements = try SampledElements(values, context)
        try context.reserve(bytes: 24, times: elements.count, for: "a list")
        guard elements.count <= Int(UInt32.max) else {
          throw ScriptError(.limit, "`shuffle` takes \(UInt32.max) elements at most", argument: "values")
        }
        let order = try environment.withRandom("shuffle", seed: seed) { try $0.permutation(elements.count) }
        return try Value.list(count: order.count) { try elements[Int(order[$0])] }
      },
    ]
  }

  /// Some of the numbers below `bound`, none twice: the first of a random order of all, of which only they are worked out.
  private static func drawn(_ count: Int, of bound: Int, _ random: inout Random) throws -> [Int] {
    var moved: [Int: Int] = [:]
    return try (0..<count).map { place in
      try Safepoint.check(after: 32)
      let other = place + random.below(bound - place)
      let chosen = moved[other] ?? other
      moved[other] = moved[place] ?? place
      return chosen
    }
  }
}

/// Elements that are asked for by their places; those of a long range are never all made.
private struct SampledElements {
  let count: Int
  private let element: (Int) throws -> Value?

  init(_ values: Value, _ context: CallContext) throws {
    switch values {
    case .list(let list): (count, element) = (list.count, { list[$0] })
    case .range(let range): (count, element) = (range.count, { .number(range[$0]) })
    case .object(let object) where object.length != nil && !(object is ScriptSet):
      (count, element) = (object.length ?? 0, { try object.element(at: [.position($0)]) })
    default:
      let next = try context.elements(of: values, argument: "values")
      var elements: [Value] = []
      while let value = try next() {
        try Safepoint.check(after: 16)
        if elements.count.isMultiple(of: 4096) {
          try context.reserve(bytes: 32, times: elements.count + 4096, for: "the elements")
        }
        elements.append(value)
      }
      (count, element) = (elements.count, { [elements] in elements[$0] })
    }
  }

  subscript(place: Int) -> Value { get throws { try element(place) ?? .nil } }
}
