import Foundation
import PixelScript
import Safepoint
import Tensors

extension Command {
  /// Draws among what is there.
  static func drawing(_ environment: Environment) -> [Command] {
    [multinomial(environment)] + shuffles(environment)
  }

  private static func multinomial(_ environment: Environment) -> Command {
    Command(
      "multinomial", "Draws positions, each as often as its weight says, of a tensor or of each of its rows.",
      Parameter<TensorObject>("weights", "numbers of 0 and more, [classes] or [rows, classes]"),
      Parameter<Int>("count", "how many to draw", default: 1, aliases: ["num_samples"]),
      Parameter<Bool>("replacement", "whether one may be drawn again", default: false),
      RandomSource.Parameters(environment),
      example: """
        print multinomial(tensor([0, 1, 0]), 1)  # expect: tensor([1], shape [1], int32)
        print multinomial(softmax(randn(4, 9), axis: 1), 20, replacement: true).shape  # expect: [4, 20]
        """
    ) { context, weights, count, replacement, random in
      let shape = weights.shape
      guard shape.count == 1 || shape.count == 2, let classes = shape.last else {
        throw ShapeError("`multinomial` needs weights [classes] or [rows, classes], found \(shape)")
      }
      guard count >= 1 else {
        throw ScriptError(.value, "count must be 1 or more, found \(count)", argument: "count")
      }
      let rows = shape.count == 2 ? shape[0] : 1
      try context.allow([rows, count])
      try context.reserve(bytes: 32, times: classes)
      func drawn<Number>(_ numbers: [Number], _ random: inout Random) throws -> [Float]
      where Number: BinaryFloatingPoint {
        var drawn: [Float] = []
        drawn.reserveCapacity(rows * count)
        for row in 0..<rows {
          let weights = WeightedDraw(numbers[row * classes..<(row + 1) * classes])
          drawn += try weights.draw(count, replacement: replacement, using: &random)
        }
        return drawn
      }
      let tensor = weights.tensor
      let drawn = try random("tensors") { random in
        tensor.isRounded ? try drawn(tensor.numbers, &random) : try drawn(tensor.values, &random)
      }
      return .object(TensorObject(Tensor(drawn, Array(shape.dropLast()) + [count], elementType: .int32)))
    }
  }

  private static func shuffles(_ environment: Environment) -> [Command] {
    func order(_ count: Int, _ seed: Int?) throws -> [Int] {
      try Safepoint.reserve(24, times: count, for: "a random order")
      return try environment.withRandom("shuffle", seed: seed) { try $0.permutation(count) }.map { Int($0) }
    }
    let seed = Parameter<Int?>("seed", "what decides the order, in place of the session's seed")
    return [
      Command(
        "shuffle", "Puts the rows of a table into random order.", tableParameter, seed,
        example: "print sum(shuffle(table({a: [1, 2, 3]}), seed: 1).a)  # expect: 6"
      ) { _, t, seed in .object(TableObject(try t.table.picking(try order(t.table.count, seed)))) },
      Command(
        "shuffle", "Puts the values of a column into random order.", Parameter<ColumnObject>("column", "the column"),
        seed,
        example: "print sort(shuffle(table({a: [3, 1, 2]}).a, seed: 1))  # expect: [1, 2, 3]"
      ) { _, column, seed in
        .object(ColumnObject(try column.column.picking(try order(column.column.count, seed))))
      },
      Command(
        "shuffle", "Puts the first axis of a tensor into random order.", TensorParameter.input, seed,
        example: "print sum(shuffle(arange(4), seed: 1))  # expect: tensor(6, float32)"
      ) { _, x, seed in
        guard let size = x.shape.first else { throw ShapeError("`shuffle` needs a tensor with an axis, found []") }
        let places = try order(size, seed)
        return .object(TensorObject.rearranged(x) { $0.selected(axis: 0, places) })
      },
    ]
  }
}

/// Positions that are drawn as often as their weights say.
private struct WeightedDraw<Number: BinaryFloatingPoint> {
  private let weights: ArraySlice<Number>

  init(_ weights: ArraySlice<Number>) { self.weights = weights }

  /// Throws where nothing, or not as much, can be drawn.
  private func check(_ count: Int, replacement: Bool) throws(ScriptError) {
    if let strange = weights.first(where: { !($0 >= 0 && $0 < .infinity) }) {
      throw ScriptError(
        .value, "weights are finite numbers of 0 and more, found \(Display.text(of: Double(strange)))",
        argument: "weights")
    }
    let possible = weights.count { $0 > 0 }
    guard possible > 0 else { throw ScriptError(.value, "no weight is above 0", argument: "weights") }
    guard replacement || count <= possible else {
      throw ScriptError(
        .value,
        "only \(possible) position\(possible == 1 ? " has a weight" : "s have weights") above 0, which is fewer than \(count)",
        help: "`replacement: true` draws some of them again", argument: "count")
    }
  }

  func draw(_ count: Int, replacement: Bool, using random: inout Random) throws -> [Float] {
    if replacement || count == 1 { return try drawAgain(count, using: &random) }
    try check(count, replacement: false)
    // The smallest of times that pass, each at the rate of its weight, come in the order of draws without replacement.
    var times = weights.indices.filter { weights[$0] > 0 }.map { place in
      (time: -log(1 - random.unit()) / Double(weights[place]), place: place - weights.startIndex)
    }
    try times.sort {
      try Safepoint.check(after: 10)
      return ($0.time, $0.place) < ($1.time, $1.place)
    }
    return times.prefix(count).map { Float($0.place) }
  }

  private func drawAgain(_ count: Int, using random: inout Random) throws -> [Float] {
    var sums = [Double](repeating: 0, count: weights.count)
    var (total, isNegative) = (0.0, false)
    for start in stride(from: 0, to: sums.count, by: 1 << 18) {
      try Safepoint.check(after: 1 << 18)
      let end = min(start + 1 << 18, sums.count)
      // Four at a time, so that only one addition waits for the last.
      var k = start
      while k + 4 <= end {
        let place = weights.startIndex + k
        let (a, b, c, d) = (weights[place], weights[place + 1], weights[place + 2], weights[place + 3])
        isNegative = isNegative || min(a, b) < 0 || min(c, d) < 0
        let (second, third) = (Double(a) + Double(b), Double(a) + Double(b) + Double(c))
        (sums[k], sums[k + 1], sums[k + 2]) = (total + Double(a), total + second, total + third)
        total += second + (Double(c) + Double(d))
        sums[k + 3] = total
        k += 4
      }
      for k in k..<end {
        let weight = weights[weights.startIndex + k]
        isNegative = isNegative || weight < 0
        total += Double(weight)
        sums[k] = total
      }
    }
    // The sum of finite floats of 0 and more is one.
    if isNegative || !(total > 0 && total < .infinity) { try check(count, replacement: true) }
    let last = (weights.lastIndex { $0 > 0 } ?? weights.startIndex) - weights.startIndex
    return try (0..<count).map { _ in
      try Safepoint.check(after: 40)
      let share = random.unit() * total
      var (low, high) = (0, last)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > share { high = middle } else { low = middle + 1 }
      }
      return Float(low)
    }
  }
}
