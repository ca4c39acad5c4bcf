import FuzzInputs
import PixelScript
import Testing

/// Thousands of random changes to a graph of lists, maps and closures, beside a plain model of it: what can be reached is whole,
/// and the rest is gone to the last byte.
@Suite struct CycleModelTests {
  /// A node of the model; `parts` are the numbers of the nodes that it holds.
  private struct Node {
    var kind: Int
    var parts: [Int?] = [nil, nil]
  }

  private static let kinds = 4
  private static let variables = 6
  private static let script = """
    fn fresh(kind, id) {
      if kind == 0 { return [id, nil, nil] }
      if kind == 1 { return {id: id, a: nil, b: nil} }
      held = [id, nil, nil]
      if kind == 2 { return fn() = held }
      inner = fn() = held
      return {f: inner, id: id}
    }
    fn body(n) {
      if type(n) == "function" { return n() }
      if type(n) == "map" and contains(n, "f") { return n.f() }
      return n
    }
    fn id(n) = body(n).id if type(body(n)) == "map" else body(n)[0]
    fn link(n, place, other) {
      b = body(n)
      if type(b) == "list" { b[place + 1] = other } else { if place == 0 { b.a = other } else { b["b"] = other } }
      return nil
    }
    fn part(n, place) {
      b = body(n)
      if type(b) == "list" { return b[place + 1] }
      return b.a if place == 0 else b.b
    }
    roots = [nil] * \(variables)
    """

  private struct World {
    let interpreter = Interpreter(registry: TestCommands.registry()) { _ in }
    var nodes: [Node] = []
    var roots = [Int?](repeating: nil, count: CycleModelTests.variables)
    /// What the host holds.
    var held: [(node: Int, value: Value)] = []
    var costs: [Int] = []
    var base = 0

    init() throws {
      try interpreter.run(CycleModelTests.script)
      base = interpreter.memoryUsed
      for kind in 0..<CycleModelTests.kinds {
        try interpreter.run("roots[0] = fresh(\(kind), 0)")
        costs.append(interpreter.memoryUsed - base)
        try interpreter.run("roots[0] = nil")
      }
    }

    /// The numbers of the nodes that can be reached.
    var reached: Set<Int> {
      var reached: Set<Int> = []
      var pending = roots.compactMap(\.self) + held.map(\.node)
      while let node = pending.popLast() {
        if reached.insert(node).inserted { pending += nodes[node].parts.compactMap(\.self) }
      }
      return reached
    }

    mutating func change(_ numbers: inout some RandomNumberGenerator) throws {
      let (to, from) = (
        Int.random(in: 0..<roots.count, using: &numbers), Int.random(in: 0..<roots.count, using: &numbers)
      )
      let place = Int.random(in: 0..<2, using: &numbers)
      switch Int.random(in: 0..<10, using: &numbers) {
      case 0...2:
        let kind = Int.random(in: 0..<CycleModelTests.kinds, using: &numbers)
        try interpreter.run("roots[\(to)] = fresh(\(kind), \(nodes.count))")
        roots[to] = nodes.count
        nodes.append(Node(kind: kind))
      case 3...6:
        guard let node = roots[to] else { return }
        try interpreter.run("link(roots[\(to)], \(place), roots[\(from)])")
        nodes[node].parts[place] = roots[from]
      case 7:
        guard let node = roots[from] else { return }
        try interpreter.run("roots[\(to)] = part(roots[\(from)], \(place))")
        roots[to] = nodes[node].parts[place]
      case 8:
        try interpreter.run("roots[\(to)] = nil")
        roots[to] = nil
      default:
        if held.count > 3 { held.remove(at: 0) }
        guard let node = roots[to], let value = try interpreter.run("roots[\(to)]") else { return }
        held.append((node, value))
      }
    }

    /// Compares what is held with the model.
    func check() throws {
      let expected = reached.reduce(base) { $0 + costs[nodes[$1].kind] }
      try interpreter.run("nil")
      #expect(interpreter.memoryUsed == expected)
      guard
        let texts = try interpreter.run(
          "map(roots, fn(n) = nil if n == nil else [id(n), map([0, 1], fn(p) = nil if part(n, p) == nil else id(part(n, p)))])"
        )
      else { return }
      let wanted = roots.map { root -> Value in
        guard let root else { return .nil }
        return .list([.number(root), .list(nodes[root].parts.map { $0.map { .number($0) } ?? .nil })])
      }
      #expect(texts == .list(wanted))
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func aGraphIsAsItsModel(seed: UInt64) throws {
    var numbers = FuzzRandom(seed)
    var world = try World()
    for step in 0..<1_500 {
      try world.change(&numbers)
      if step.isMultiple(of: 10) { try world.check() }
    }
    world.held = []
    world.roots = world.roots.map { _ in nil }
    try world.interpreter.run("roots = [nil] * \(Self.variables)")
    try world.check()
  }
}
