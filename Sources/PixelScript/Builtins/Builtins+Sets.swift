extension Builtins {
  /// Sets, which hold each value once.
  static var sets: [Command] {
    [
      Command(
        "set", "Returns a set of the elements of a value, each once, in the order in which they come first.",
        Operand("values", "something with elements that are strings, numbers or bools", default: .list([])),
        example: """
          seen = set([3, 1, 3])
          print seen, 3 in seen, seen | set([2]), seen - set([1])  # expect: set([3, 1]) true set([3, 1, 2]) set([3])
          """
      ) { context, values in
        let room = values.tag == .list ? min(values.with(ScriptList.self) { $0.count }, 32) : 4
        let result = ScriptSet(heap: context.heap, capacity: room)
        guard values.tag != .undefined else { return Slot(.object, owning: ObjectBox(result, context.heap)) }
        let machine = context.machine
        if values.tag == .list {
          try values.with(ScriptList.self) { try context.insert($0, into: result) }
          return Slot(.object, owning: ObjectBox(result, context.heap))
        }
        if values.tag == .range { try context.reserve(bytes: 40 * values.object(ScriptRange.self).count) }
        var elements = try ElementReader(values, context, argument: "values")
        while let element = try elements.next(machine) {
          defer { Teardown.release(element) }
          try context.insert(element, into: result, argument: "values")
        }
        return Slot(.object, owning: ObjectBox(result, context.heap))
      },
      Command(
        "push", "Adds values to a set that are not in it.",
        Parameter<ScriptSet>("set", "the set, which is changed"), VariadicOperand("values", "what to add"),
        example: """
          seen = set()
          push seen, "a", "b", "a"
          print len(seen)  # expect: 2
          """
      ) { context, set, values in
        for place in 0..<values.count { try context.insert(values[place], into: set, argument: "values") }
        return Slot.nil
      },
      Command(
        "remove", "Takes a value out of a set.",
        Parameter<ScriptSet>("set", "the set, which is changed"), Operand("value", "what to take out"),
        example: """
          seen = set("abc")
          remove seen, "b"
          print seen  # expect: set(["a", "c"])
          """
      ) { context, set, value in
        guard let (key, hash) = try context.machine.key(value), let place = set.map.place(of: key, hash: hash) else {
          throw ScriptError(
            .key, "the set has no \(value.value.brief)", help: "`if x in xs { remove xs, x }` asks first",
            argument: "value")
        }
        Teardown.release(set.map.take(at: place))
        return Slot.nil
      },
    ]
  }

  /// Maps made of pairs, and maps that know what a missing key has.
  static var mapsOfPairs: [Command] {
    [
      Command(
        "map",
        "Returns a map of pairs or of another map's entries, perhaps with a default for keys that are not there.",
        Pairs(),
        Operand(
          optional: "default",
          "what a key that is not there has; a function without parameters is called, and the map keeps what it gives",
          byName: true),
        example: """
          print map(zip(["a", "b"], [1, 2]))  # expect: {a: 1, b: 2}
          counts = map(default: 0)
          for letter in "abca" { counts[letter] += 1 }
          print counts, counts["z"]  # expect: {a: 2, b: 1, c: 1} 0
          groups = map(default: fn() = [])
          for word in ["ox", "ant", "owl"] { groups[word[0]].push(word) }
          print groups  # expect: {o: ["ox", "owl"], a: ["ant"]}
          """
      ) { context, pairs, fallback in
        let result = Slot(.map, owning: ScriptMap(capacity: 4, heap: context.heap))
        do {
          let map = result.object(ScriptMap.self)
          if !pairs.isAbsent { try context.fill(map, with: pairs) }
          if fallback.tag != .undefined { map.setFallback(owning: try context.allowedDefault(fallback).copied()) }
        } catch {
          Teardown.release(result)
          throw error
        }
        return result
      }
    ]
  }

  /// Values that can be changed without those that they were made of.
  static var copies: [Command] {
    [
      Command(
        "copy", "Returns a value that shares nothing which can be changed with the one given, whatever lies inside.",
        Operand("value", "any value"),
        example: """
          xs = [[1], [2]]
          ys = copy(xs)
          push ys[0], 9
          print xs, ys  # expect: [[1], [2]] [[1, 9], [2]]
          """
      ) { context, value in
        var copier = Copier(context)
        return try copier.copy(of: value)
      }
    ]
  }
}

/// The pairs of a new map: a list of them, or another map.
private struct Pairs: CommandParameter {
  private let parameter = Parameter<ScriptList?>("pairs", "a list of keys with their values, or a map")

  var signatures: [Signature] { parameter.signatures }

  func accepts(_ argument: Slot) throws -> Bool { argument.tag == .list || argument.tag == .map }

  func take(from arguments: inout ArgumentReader) throws -> Slot {
    let value = try arguments.take(Operand(optional: "pairs", ""))
    guard try value.isAbsent || accepts(value) else {
      throw ScriptError(
        .type, "`map` expects `pairs` to be a list or a map, found \(describe(value.value))", argument: "pairs")
    }
    return value
  }
}

extension CallContext {
  /// Adds an element to a set.
  fileprivate func insert(_ element: Slot, into set: ScriptSet, argument: String) throws {
    guard let (key, hash) = try machine.key(element) else {
      throw ScriptError(
        .key, "the elements of a set are strings, numbers or bools, found \(describe(element.value))",
        argument: argument)
    }
    try set.insert(key, hash: hash) { try machine.makeRoom(in: $0) }
    try step()
  }

  /// Adds the elements of a list to a set.
  fileprivate func insert(_ list: ScriptList, into set: ScriptSet) throws {
    try Machine.inPieces(list.count, of: 64) { piece in
      // A value of the host may change the list when it is asked for what it counts as.
      for place in piece.lowerBound..<min(piece.upperBound, list.count) {
        let element = list.slot(at: place)
        guard let (key, hash) = try machine.key(element) else {
          throw ScriptError(
            .key, "the elements of a set are strings, numbers or bools, found \(describe(element.value))",
            argument: "values")
        }
        try set.insert(key, hash: hash) { try machine.makeRoom(in: $0) }
      }
      try machine.poll(steps: piece.count)
    }
  }

  /// A default of a map: a function, or what nobody can change.
  fileprivate func allowedDefault(_ value: Slot) throws(ScriptError) -> Slot {
    switch value.tag {
    case .nil, .bool, .number, .string, .range, .function: return value
    default:
      throw ScriptError(
        .type, "\(describe(value.value)) as default would be the same value for all keys",
        help: "a function makes a new one for each key: `map(default: fn() = [])`", argument: "default")
    }
  }

  /// Sets the entries that pairs or another map give.
  fileprivate func fill(_ map: ScriptMap, with pairs: Slot) throws {
    if pairs.tag == .map {
      let source = pairs.object(ScriptMap.self)
      for place in 0..<source.used {
        guard let entry = source.entry(at: place) else { continue }
        try set(entry.key, entry.value, in: map)
      }
      return
    }
    let list = pairs.object(ScriptList.self)
    for place in 0..<list.count {
      let pair = list.slot(at: place)
      guard pair.tag == .list, pair.object(ScriptList.self).count == 2 else {
        throw ScriptError(
          .type, "`map` expects a function, or pairs of a key and a value, found \(describe(pair.value))",
          help: "`map(values, f)` calls a function for each value, `map(zip(keys, values))` makes a map",
          argument: "pairs")
      }
      let parts = pair.object(ScriptList.self)
      try set(parts.slot(at: 0), parts.slot(at: 1), in: map)
    }
  }

  private func set(_ key: Slot, _ value: Slot, in map: ScriptMap) throws {
    guard let (key, hash) = try machine.key(key) else { throw machine.notAKey(key) }
    try machine.makeRoom(in: map)
    map.set(key, hash: hash, owning: value.copied())
    try step()
  }
}
