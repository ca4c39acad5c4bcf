extension Builtins {
  /// What lists, maps and strings hold.
  static var containers: [Command] {
    [
      Command(
        "len", "Returns the number of elements; of a string, its code points.",
        Operand("value", "something with a length"),
        example: """
          print len([1, 2]), len("déjà"), len({a: 1})  # expect: 2 4 1
          """
      ) { context, value in try length(of: value, context) }.primitive(.length),
      Command(
        "keys", "Returns a list of a map's keys, in order.", Parameter<ScriptMap>("map", "the map"),
        example: """
          print keys({lr: 1e-3, epochs: 5})  # expect: ["lr", "epochs"]
          """
      ) { context, map in try context.column(of: map) { $0.key } },
      Command(
        "values", "Returns a list of a map's values, in order.", Parameter<ScriptMap>("map", "the map"),
        example: """
          print values({lr: 0.5, epochs: 5})  # expect: [0.5, 5]
          """
      ) { context, map in try context.column(of: map) { $0.value } },
      Command(
        "get", "Returns the value of a map's key, or a default when the map lacks it.",
        Parameter<ScriptMap>("map", "the map"), Operand("key", "the key"),
        Operand("default", "the value without the key", default: .nil),
        example: """
          counts = {a: 2}
          print counts.get("a", 0), counts.get("b", 0)  # expect: 2 0
          """
      ) { context, map, key, fallback in
        guard let (key, hash) = try context.machine.key(key) else { throw context.machine.notAKey(key) }
        return map.place(of: key, hash: hash).map { map.slot(at: $0).copied() } ?? fallback.copied()
      }.primitive(.get),
      Command(
        "contains", "Returns true when a value is an element of a list, a key of a map or a part of a string.",
        Operand("values", "something with elements"), Operand("value", "what to look for"),
        example: """
          print contains([1, 2], 2), contains("pixel", "ix")  # expect: true true
          """
      ) { context, values, value in try context.machine.contains(item: value, in: values) }
      .primitive(.contains),
    ]
  }

  /// Commands that add to a list in place.
  static var additions: [Command] {
    [
      Command(
        "push", "Adds values at the end of a list.", Parameter<ScriptList>("list", "the list, which is changed"),
        VariadicOperand("values", "what to add"),
        example: """
          losses = [0.5]
          push losses, 0.4, 0.3
          print losses  # expect: [0.5, 0.4, 0.3]
          """
      ) { context, list, values in
        for place in 0..<values.count { try context.add(values[place].copied(), to: list) }
        return Slot.nil
      }.primitive(.append),
      Command(
        "insert", "Puts a value into a list, before the element at a position.",
        Parameter<ScriptList>("list", "the list, which is changed"),
        Parameter<Int>("position", "counted from 0, or from the end when negative"),
        Operand("value", "what to put there"),
        example: """
          xs = [1, 3]
          insert xs, 1, 2
          print xs  # expect: [1, 2, 3]
          """
      ) { context, list, position, value in
        let place = position < 0 ? position + list.count : position
        guard (0...list.count).contains(place) else {
          throw ScriptError(
            .index, "position \(position) is outside a list of length \(list.count)", argument: "position")
        }
        try context.chargeMove(list.count - place)
        list.insert(owning: value.copied(), at: place)
        return Slot.nil
      },
    ]
  }

  /// Commands that take elements out of a list.
  static var removals: [Command] {
    [
      Command(
        "pop", "Takes an element out of a list, the last one unless told otherwise, and returns it.",
        Parameter<ScriptList>("list", "the list, which is changed"),
        Parameter<Int>("position", "counted from 0, or from the end when negative", default: -1),
        example: """
          xs = [1, 2, 3]
          print pop(xs), pop(xs, 0), xs  # expect: 3 1 [2]
          """
      ) { context, list, position in
        if list.count == 0 { throw ScriptError(.index, "`pop` found an empty list", argument: "list") }
        let place = try Index.resolve(position, in: list.count, of: "list")
        try context.chargeMove(list.count - place)
        return list.take(at: place)
      }.primitive(.pop),
      Command(
        "remove", "Takes the first element equal to a value out of a list.",
        Parameter<ScriptList>("list", "the list, which is changed"), Operand("value", "what to take out"),
        example: """
          xs = [5, 6, 5]
          remove xs, 5
          print xs  # expect: [6, 5]
          """
      ) { context, list, value in
        guard let place = try context.machine.position(of: value, in: list) else {
          throw ScriptError(
            .value, "`remove` found no \(value.value.brief) in the list", help: "`pop` takes out by position",
            argument: "value")
        }
        try context.chargeMove(list.count - place)
        Teardown.release(list.take(at: place))
        return Slot.nil
      },
    ]
  }

  /// Commands that change a map in place.
  static var mapChanges: [Command] {
    [
      Command(
        "remove", "Takes a key out of a map and returns its value.",
        Parameter<ScriptMap>("map", "the map, which is changed"), Operand("key", "the key"),
        example: """
          m = {a: 1, b: 2}
          print remove(m, "a"), m  # expect: 1 {b: 2}
          """
      ) { context, map, key in
        if map.isRow { throw ScriptMap.rowIsCopy }
        guard let (known, hash) = try context.machine.key(key), let place = map.place(of: known, hash: hash) else {
          let wanted = if case .string(let text) = key.value { text } else { "" }
          throw ScriptError(
            .key, "the map has no key \(key.value.brief)",
            help: Suggestion.best(for: wanted, in: map.names).map { "did you mean \"\($0)\"?" }, argument: "key")
        }
        return map.take(at: place)
      }
    ]
  }

  private static func length(of value: Slot, _ context: CallContext) throws -> Double {
    if let length = try context.machine.length(value) { return Double(length) }
    if case .object(let object) = value.value, let length = object.length { return Double(length) }
    throw ScriptError(.type, "\(describe(value.value)) has no length", argument: "value")
  }
}

extension CallContext {
  /// The number of code points.
  func count(of text: some StringProtocol) throws -> Int {
    var count = 0
    try forEachPiece(of: text) { count += $0.unicodeScalars.count }
    return count
  }

  /// A new list of the keys or the values of a map.
  func column(of map: ScriptMap, _ part: (ScriptMap.Entry) -> Slot) throws -> ScriptList {
    let list = newList(capacity: map.count)
    var work = work()
    for place in 0..<map.used {
      if let entry = map.entry(at: place) { list.append(owning: part(entry).copied()) }
      try work.add()
    }
    return list
  }

  /// Counts the steps of moving elements of a list by a place, before it is done whole.
  fileprivate func chargeMove(_ count: Int) throws {
    try machine.charge(bytes: count * MemoryLayout<Slot>.stride)
  }
}
