import Formats
import Foundation
import Ranks
import Tensors

/// The sum of the losses and gradients of some parts of a batch.
struct GradientSum: Sendable {
  /// The losses.
  var loss: Float
  /// The gradients of each parameter; nil where it has none.
  var gradients: [[Float]?]

  mutating func add(_ other: GradientSum) {
    loss += other.loss
    for index in gradients.indices { Self.add(other.gradients[index], to: &gradients[index]) }
  }

  private static func add(_ part: [Float]?, to sum: inout [Float]?) {
    guard let part else { return }
    guard var values = sum.take() else { return sum = part }
    Kernel.accumulate(part, into: &values)
    sum = values
  }

  /// The loss, whether each parameter has a gradient, and the gradients: as many floats for every sum of a model.
  fileprivate func floats(_ sizes: [Int]) -> [Float] {
    var floats = [loss] + gradients.map { $0 == nil ? 0 : 1 }
    floats.reserveCapacity(Self.count(sizes))
    for (gradient, size) in zip(gradients, sizes) {
      if let gradient { floats += gradient } else { floats += repeatElement(0, count: size) }
    }
    return floats
  }

  fileprivate init(_ floats: [Float], _ sizes: [Int]) {
    loss = floats[0]
    var start = 1 + sizes.count
    gradients = sizes.enumerated().map { index, size in
      defer { start += size }
      return floats[1 + index] == 0 ? nil : Array(floats[start..<start + size])
    }
  }

  init(loss: Float, gradients: [[Float]?]) { (self.loss, self.gradients) = (loss, gradients) }

  fileprivate static func count(_ sizes: [Int]) -> Int { 1 + sizes.count + sizes.reduce(0, +) }
}

extension Communicator {
  /// Joins what the ranks have of the tree over the `count` parts of a batch, and gives each the sum; `sizes` are those of the
  /// parameters.
  ///
  /// A place of the tree is joined by the rank that has the first of its parts, so that what comes out does not depend on how many
  /// ranks there are.
  func sum(
    _ places: [Place: GradientSum], of count: Int, _ shares: Shares, _ sizes: [Int]
  ) throws -> GradientSum {
    var places = places
    let size = GradientSum.count(sizes)
    for level in 0..<Place.levels(count) {
      for place in places.keys.filter({ $0.level == level }).sorted(by: { $0.index < $1.index }) {
        guard var sum = places.removeValue(forKey: place) else { continue }
        if let neighbor = place.neighbor(among: count) {
          let owner = shares.owner(of: neighbor.first)
          guard place.index < neighbor.index else {
            try send(sum.floats(sizes), to: owner)
            continue
          }
          sum.add(
            try places.removeValue(forKey: neighbor)
              ?? GradientSum(try receive(size, of: Float.self, from: owner), sizes))
        }
        places[place.parent] = sum
      }
    }
    return GradientSum(try broadcast(places.first?.value.floats(sizes), count: size), sizes)
  }
}

extension Communicator {
  /// Gives the model of every rank the weights that the one of rank 0 has.
  public func share(_ model: any TokenModel) throws {
    for parameter in model.parameters {
      let values = try broadcast(isFirst ? parameter.value.values : nil, count: parameter.value.count)
      if !isFirst { parameter.value = Tensor(values, parameter.value.shape) }
    }
  }
}

extension Trainer {
  /// Throws where this rank would train something else than rank 0: other data, options or weights, or with other arithmetic.
  func checkRanks() throws {
    guard let ranks = options.ranks else { return }
    let own = record()
    var facts: [(name: String, value: String)] = [
      ("the rows to learn from", own.data.sha256), ("the rows to validate on", own.test?.sha256 ?? "none"),
    ]
    facts += own.options.sorted { $0.key < $1.key }.map { ($0.key, $0.value.shown) }
    facts += [
      ("the model", try model.structure), ("the weights", SHA256.digest(of: try weights())),
      ("the processor's instructions", Kernel.instructionSet), ("the kernels of OpenBLAS", try BLAS.coreName()),
    ]
    try ranks.tellingFailure {
      try ranks.meet(at: "the start of a training")
      let lines = facts.map { "\($0.name)\u{0}\($0.value)" }.joined(separator: "\u{1}")
      let first = String(decoding: try ranks.broadcast(ranks.isFirst ? Array(lines.utf8) : nil), as: UTF8.self)
      let others = first.split(separator: "\u{1}").map {
        $0.split(separator: "\u{0}", omittingEmptySubsequences: false)
      }
      for (fact, other) in zip(facts, others) where other.count == 2 && other[1] != fact.value {
        let isShort = fact.value.utf8.count < 40 && other[1].utf8.count < 40
        throw TrainingError(
          description: "rank \(ranks.rank) and rank 0 differ in \(fact.name)"
            + (isShort ? ": \(fact.value) and \(other[1])" : "; all must run the same script on the same data"))
      }
    }
  }

  private func weights() throws -> [UInt8] {
    var file = Safetensors(file: Checkpoint.tensorFile)
    for (name, parameter) in zip(model.parameterNames, model.parameters) {
      try file.append(name, shape: parameter.value.shape, floats: parameter.value.values)
    }
    return try file.encoded()
  }

  /// Gives every rank the state that rank 0 found to go on from, and its model the weights of that moment; nil where it found none.
  public func shared(_ state: TrainingState?) throws -> TrainingState? {
    guard let ranks = options.ranks else { return state }
    return try ranks.tellingFailure {
      var bare = state
      bare?.moments = [:]
      let text = try bare.map { Array(try JSONEncoder().encode($0)) } ?? []
      let bytes = try ranks.broadcast(ranks.isFirst ? text : nil)
      guard !bytes.isEmpty else { return nil }
      var shared = try JSONDecoder().decode(TrainingState.self, from: Data(bytes))
      for name in model.parameterNames {
        let own = state?.moments[name]
        let first = try ranks.broadcast(ranks.isFirst ? own?.first ?? [] : nil)
        let second = try ranks.broadcast(ranks.isFirst ? own?.second ?? [] : nil)
        shared.moments[name] = TrainingState.Moments(first: first, second: second)
      }
      try ranks.share(model)
      return shared
    }
  }
}
