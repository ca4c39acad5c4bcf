import Foundation
import PixelBytes
import Ranks
import Tensors
import Testing

/// Several ranks train to the same bits as one process.
@Suite struct RankedTrainingTests {
  private static let rows = TokenSequences(
    ["abcdefgh", "a cat, a bat.", "0123456789", "a bee"].map { Tokenizer().encode(text: $0) })

  private static func options(_ ranks: (any Communicator)?, part: Int = 2) -> TrainingOptions {
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch, options.steps, options.every) = (6, 3, 9, 5, .steps(2))
    (options.rate, options.schedule, options.positions, options.clip) = (3e-2, .cosine, .all, 1)
    (options.part, options.ranks, options.threads) = (part, ranks, 2)
    return options
  }

  private static func model(seed: UInt64 = 3) throws -> SequenceModel {
    let family = TransformerFamily(heads: 1, dropout: 0.2, isCausal: true)
    return try SequenceModel(try ModelConfiguration(family, width: 9, depth: 1), seed: seed)
  }

  private struct Trained: Equatable, Sendable {
    let weights: [[UInt32]]
    let scores: [[Double]]

    init(_ model: SequenceModel, _ history: [HistoryRow]) {
      weights = model.parameters.map { $0.value.values.map(\.bitPattern) }
      scores = history.map { row in
        [row.train, row.test ?? row.train].flatMap { [$0.loss, $0.accuracy, $0.f1] }
      }
    }
  }

  private static func train(
    _ ranks: (any Communicator)?, part: Int, _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> Trained {
    let model = try Self.model()
    var options = options(ranks, part: part)
    change(&options)
    let trainer = try Trainer(model, training: rows, testing: rows, options)
    return Trained(model, try trainer.run { _ in })
  }

  @Test(arguments: [1, 2, 4], [2, 3, 4, 5, 8]) func trainToTheSameBits(part: Int, ranks: Int) throws {
    let alone = try Self.train(nil, part: part)
    let (results, isEmpty) = ThreadRanks.run(ranks) { try Self.train($0, part: part) }
    for result in results { #expect(try result.get() == alone) }
    #expect(isEmpty && results.count == ranks)
  }

  /// A tree over any number of parts, with places that have no neighbor at every level.
  @Test(arguments: 1...13, [2, 3, 5]) func anyNumberOfPartsIsJoined(parts: Int, ranks: Int) throws {
    let alone = try Self.train(nil, part: 1) { ($0.batch, $0.steps) = (parts, 1) }
    let (results, isEmpty) = ThreadRanks.run(ranks) {
      try Self.train($0, part: 1) { ($0.batch, $0.steps) = (parts, 1) }
    }
    for result in results { #expect(try result.get() == alone) }
    #expect(isEmpty)
  }

  /// A parameter on which nothing depends has no gradient on any rank, so that nothing decays it, as in one process.
  @Test(arguments: OptimizerKind.allCases) func whatHasNoGradientStays(optimizer: OptimizerKind) throws {
    @Sendable func train(_ ranks: (any Communicator)?) throws -> [[UInt32]] {
      let model = BigramModel()
      var options = Self.options(ranks)
      (options.optimizer, options.weightDecay) = (optimizer, 0.5)
      _ = try Trainer(model, training: .centers([[0, 1, 2, 3, 1, 0, 2]]), testing: nil, options).run { _ in }
      return model.parameters.map { $0.value.values.map(\.bitPattern) }
    }
    let alone = try train(nil)
    #expect(alone[1] == [Float(1), -1].map(\.bitPattern))
    for result in ThreadRanks.run(3, { try train($0) }).results { #expect(try result.get() == alone) }
  }

  @Test func goOnWithAnotherNumberOfRanks() throws {
    let whole = try Self.train(nil, part: 2)
    let stopped = try Self.model()
    let run = try Trainer(stopped, training: Self.rows, testing: Self.rows, Self.options(nil)).start()
    for _ in 0..<5 { _ = try run.next() }
    let state = run.state
    let weights = stopped.parameters.map(\.value.values)
    let (results, _) = ThreadRanks.run(3) { ranks in
      // What rank 0 found is what all have.
      let model = try Self.model(seed: ranks.isFirst ? 3 : 5)
      if ranks.isFirst {
        for (parameter, values) in zip(model.parameters, weights) {
          parameter.value = Tensor(values, parameter.value.shape)
        }
      }
      let trainer = try Trainer(model, training: Self.rows, testing: Self.rows, Self.options(ranks))
      let found = try trainer.shared(ranks.isFirst ? state : nil)
      return Trained(model, try trainer.run(from: found) { _ in })
    }
    for result in results { #expect(try result.get() == whole) }
  }

  @Test func whatDiffersIsTold() throws {
    let (results, _) = ThreadRanks.run(3) { ranks in
      let model = try Self.model(seed: ranks.rank == 2 ? 4 : 3)
      var options = Self.options(ranks)
      if ranks.rank == 1 { options.rate = 1e-2 }
      return Trained(
        model, try Trainer(model, training: Self.rows, testing: nil, options).run { _ in })
    }
    let texts = results.map { result in
      if case .failure(let error) = result { "\(error)" } else { "" }
    }
    #expect(texts.allSatisfy { $0.contains("lr: 0.01 and 0.03") || $0.contains("the weights") }, "\(texts)")
  }

  @Test func aFailureReachesAll() throws {
    struct Fault: Error {}
    let (results, _) = ThreadRanks.run(4) { ranks in
      let model = try Self.model()
      let trainer = try Trainer(model, training: Self.rows, testing: nil, Self.options(ranks))
      return try trainer.run { progress in
        if ranks.rank == 2, progress.step == 3 { try ranks.tellingFailure { throw Fault() } }
      }.count
    }
    for (rank, result) in results.enumerated() {
      guard case .failure(let error) = result else {
        Issue.record("rank \(rank) did not fail")
        continue
      }
      #expect(rank == 2 ? error is Fault : (error as? RankFailure)?.rank == 2)
    }
  }

  @Test(arguments: 1...9) func messagesReachAll(count: Int) throws {
    let (results, isEmpty) = ThreadRanks.run(count) { ranks in
      let known = try ranks.broadcast(ranks.isFirst ? [3, 1, 4] : nil, count: 3)
      let unknown = try ranks.broadcast(ranks.isFirst ? [Float.pi] : nil)
      return (known, unknown, try ranks.gather(Array(repeating: ranks.rank, count: ranks.rank % 3)))
    }
    for result in results {
      let (known, unknown, gathered) = try result.get()
      #expect(known == [3, 1, 4] && unknown == [.pi])
      #expect(gathered == (0..<count).flatMap { Array(repeating: $0, count: $0 % 3) })
    }
    #expect(isEmpty)
  }

  @Test func sharesAreEven() {
    for count in 0..<40 {
      for workers in 1..<12 {
        let shares = Shares(count, among: workers)
        #expect((0..<workers).flatMap { Array(shares[$0]) } == Array(0..<count))
        #expect((0..<workers).allSatisfy { shares[$0].count <= (count + workers - 1) / workers })
        #expect((0..<count).allSatisfy { shares[shares.owner(of: $0)].contains($0) })
      }
    }
    #expect((0..<4).map { Shares(8, among: 4)[$0].count } == [2, 2, 2, 2])
  }

  @Test func theEnvironmentTellsOfALaunch() throws {
    #expect(Launch([:]) == nil && Launch(["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "1"]) == nil)
    let launch = try #require(
      Launch(["OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "8", "OMPI_COMM_WORLD_LOCAL_SIZE": "2"]))
    #expect((launch.rank, launch.count, launch.local) == (3, 8, 2))
    #expect(Launch(["PMI_RANK": "1", "PMI_SIZE": "2"])?.count == 2)
    #expect(Launch(["PMIX_RANK": "1", "SLURM_STEP_NUM_TASKS": "2"])?.rank == 1)
  }
}
