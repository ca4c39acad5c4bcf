import Formats
import PixelBytes
import Tensors
import Testing

/// What makes another run of one is told with what it was there and what it is here, both ways.
@Suite struct RecordDifferenceTests {
  private static func model(_ seed: UInt64) throws -> SequenceModel {
    try SequenceModel(try ModelConfiguration(LSTMFamily(state: 4), width: 9, depth: 1), seed: seed)
  }

  private static func rows(_ texts: String...) -> TokenSequences {
    TokenSequences(texts.map { Tokenizer().encode(text: $0) })
  }

  private static func record(
    _ training: TokenSequences = rows("abcdefgh"), _ testing: TokenSequences? = nil, teachers: [UInt64] = [],
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> TrainingRecord {
    var options = TrainingOptions()
    (options.sequence, options.steps) = (4, 1)
    change(&options)
    let learner = try model(1)
    let trainer = try Trainer(
      learner, training: training, testing: testing, options, teachers: try teachers.map { try Self.model($0) })
    _ = try trainer.run { _ in }
    return try #require(learner.training.last)
  }

  /// The texts of two records with all that has a text of its own, each other way round as well.
  @Test func bothWays() throws {
    func digests(_ record: TrainingRecord) -> String {
      (record.teachers ?? []).map { String($0.prefix(8)) }.joined(separator: ", ")
    }
    let plain = try Self.record()
    let (taught, twice) = (try Self.record(teachers: [2]), try Self.record(teachers: [2, 3]))
    let (one, two) = ("models of the weights \(digests(taught))", "models of the weights \(digests(twice))")
    #expect(digests(taught).count == 8 && digests(twice).count == 18 && digests(twice).hasPrefix(digests(taught)))
    let cases: [(TrainingRecord, TrainingRecord, name: String, there: String, here: String)] = [
      (plain, taught, "teacher", "none", one), (taught, twice, "teacher", one, two),
      (plain, try Self.record(Self.rows("abcdefgh", "ij")), "data", "1 row of 9 tokens", "2 rows of 12 tokens"),
      (plain, try Self.record(Self.rows("abcdefgx")), "data", "1 row of 9 tokens", "others"),
      (plain, try Self.record(Self.rows("abcdefgh"), Self.rows("abc")), "validate", "no rows", "1 row of 4 tokens"),
      (plain, try Self.record { $0.batch = 3 }, "batch", "32", "3"),
      (plain, try Self.record { $0.clip = 2 }, "clip", "not set", "2"),
    ]
    for (there, here, name, was, now) in cases {
      #expect(there.difference(to: here) == "\(name) was \(was) there, and is \(now) here")
      let other = now == "others" ? (was, now) : (now, was)
      #expect(here.difference(to: there) == "\(name) was \(other.0) there, and is \(other.1) here")
      #expect(there.difference(to: there) == nil && here.difference(to: here) == nil)
    }
  }
}
