import PixelBytes
import Tensors
import Testing

/// The rules of reports on what a model draws and writes, over every shape and order of a row.
@Suite struct ReportRuleTests {
  private typealias Tokens = DrawnReportTests

  /// A picture of one color.
  private static func picture(_ width: Int, _ height: Int) -> [UInt8] {
    (1...height).flatMap { row in
      [UInt8](repeating: Tokens.x, count: width) + [row == height ? Tokens.n : Tokens.t]
    }
  }

  /// Of every size beside every other: only that of the row is right, and twice as much as the row has is read.
  @Test func theRightSizeIsThatOfTheRow() throws {
    let sizes = (1...3).flatMap { width in (1...3).map { (width, $0) } }
    for (row, size) in sizes.enumerated() {
      let prompts = sizes.indices.map { [Tokens.a, UInt8(32 + row), UInt8(32 + $0), Tokens.n] }
      let drawn = sizes.map { Self.picture($0.0, $0.1) }
      let model = ToldContinuations(Dictionary(uniqueKeysWithValues: zip(prompts, drawn).map { ($0, $1) }))
      let rows = TokenSequences.centers(prompts.map { $0 + Self.picture(size.0, size.1) })
      let report = try PictureReport(model, Tokenizer(), rows, rows: Array(sizes.indices), threads: 1)
      let room = 2 * (size.0 + 1) * size.1
      for (drawing, (other, tokens)) in zip(report.drawings, zip(sizes, drawn)) {
        #expect(drawing.hasOneWidth == (tokens.count <= room), "\(size), \(other)")
        #expect(drawing.hasRightSize == (size == other), "\(size), \(other)")
      }
    }
  }

  /// A model draws where a text other than the shape stands before the picture, or none behind it; the first row with a picture
  /// decides.
  @Test func whatStandsBeforeAPictureIsDrawnFrom() throws {
    let picture = Self.picture(2, 2)
    let text: [UInt8] = [Tokens.a, Tokens.b, Tokens.n]
    let shape = Tokenizer().encode(text: "(6, 3)").tokens
    let rows: [(tokens: [UInt8], draws: Bool?)] = [
      (picture, true), (text + picture, true), (picture + text, false), (text + picture + text, true),
      (shape + picture, true), (shape + picture + text, false), (shape + text + picture, true),
      (text + shape + picture + text, true), (text, nil), (shape, nil),
    ]
    for (tokens, draws) in rows {
      #expect(try TraitReport.draws(.centers([tokens])) == draws, "\(tokens)")
      for (others, drawsOthers) in rows {
        #expect(try TraitReport.draws(.centers([tokens, others])) == draws ?? drawsOthers, "\(tokens), \(others)")
      }
    }
  }

  /// Texts behind pictures, of which each trait that is written is met where it is known of the row; what is not known doesn't count, a
  /// text that states nothing misses all that the row's own states, and twice as much as the row has is read.
  @Test(arguments: [1, 2]) func traitsAreMetWhereTheSameIsStated(threads: Int) throws {
    let tokenizer = Tokenizer()
    let captions: [(stated: String, written: String, met: [Bool])] = [
      ("a red cat", "a red cat", [true, true]), ("a red cat", "a blue cat", [true, false]),
      ("a red cat", "a cat that looks red", [true, true]), ("a red cat", "a green bird", [false, false]),
      ("a cat", "what sits here is a cat", [false]), ("a cat", "a red cat", [true]), ("a red cat", "a cat", [true]),
      ("a blue slime", "nothing", [false, false]),
      ("some pixels", "a red cat", []),
      // The first and the last letters of both count.
      ("red cat", "red cat", [true, true]), ("cat, in red", "cat, in red", [true, true]),
    ]
    let prompts = captions.indices.map { Self.picture($0 + 1, 1) }
    let rows = TokenSequences.centers(zip(prompts, captions).map { $0 + tokenizer.encode(text: $1.stated).tokens })
    let model = ToldContinuations(
      Dictionary(uniqueKeysWithValues: zip(prompts, captions).map { ($0, tokenizer.encode(text: $1.written).tokens) }))
    let data = DataSet(captions.map { DataRow(caption: $0.stated) })
    let report = try TraitReport(
      writing: model, tokenizer, rows, of: data, rows: Array(captions.indices), threads: threads)
    let known = captions.enumerated().filter { !$0.element.met.isEmpty }
    #expect(report.rows.map(\.row) == known.map(\.offset))
    for (row, (_, caption)) in zip(report.rows, known) {
      #expect(row.traits.map(\.isMet) == caption.met, "\(caption)")
      #expect(row.traits.map(\.name) == ["kind", "color"].prefix(caption.met.count).map(\.self))
    }
    #expect(report.names == ["kind", "color"])
    let all = known.flatMap(\.element.met)
    #expect(report.agreement() == Double(all.filter(\.self).count) / Double(all.count))
    #expect(report.agreement("kind") == 7 / 10.0 && report.agreement("color") == 4 / 7.0)
    #expect(report.counts(of: report.rows[1]) == [1, 2] && report.counts(of: report.rows[1], "color") == [0, 1])
  }

  /// Labels are chosen by what they are, not by what was predicted, and keep what belongs to them.
  @Test func outcomesAreChosenByTheirLabels() {
    var outcomes = TokenOutcomes()
    let told: [(row: Int, label: Int32, prediction: Int32, loss: Float)] = [
      (0, 1, 2, 0.5), (0, 2, 2, 1), (1, 1, 1, 2), (2, 3, 1, 4), (2, 2, 1, 8),
    ]
    for token in told {
      outcomes.append(row: token.row, label: token.label, prediction: token.prediction, loss: token.loss)
    }
    for wanted: Set<UInt8> in [[], [1], [2], [3], [1, 3], [1, 2, 3], [9]] {
      let chosen = outcomes.choosing(wanted.contains)
      let expected = told.filter { wanted.contains(UInt8($0.label)) }
      #expect(chosen.rows == expected.map { Int32($0.row) } && chosen.labels == expected.map(\.label))
      #expect(chosen.predictions == expected.map(\.prediction) && chosen.losses == expected.map(\.loss))
      let mean = expected.reduce(0) { $0 + Double($1.loss) } / Double(expected.count)
      #expect(chosen.loss == mean || expected.isEmpty && chosen.loss.isNaN)
      let hits = Double(expected.filter { $0.label == $0.prediction }.count) / Double(expected.count)
      #expect(chosen.classification.accuracy == hits || expected.isEmpty && chosen.classification.accuracy.isNaN)
    }
  }

  /// The interval of sums of rows takes in labels and predictions of each token, apart from one another.
  @Test func sumsOfRowsGiveTheReport() throws {
    var outcomes = TokenOutcomes()
    let told: [(row: Int, label: Int32, prediction: Int32, loss: Float)] = [
      (4, 0, 1, 0.5), (4, 1, 1, 1), (7, 2, 0, 2), (4, 2, 1, 4), (7, 0, 0, 8),
    ]
    for token in told {
      outcomes.append(row: token.row, label: token.label, prediction: token.prediction, loss: token.loss)
    }
    let bootstrap = try RowBootstrap(outcomes, classes: 3)
    let seen = try bootstrap.intervals(0, seed: 1, of: [{ $0[1] }])[0]
    #expect(seen.low == seen.high)
    let sums = zip(bootstrap.sums[0], bootstrap.sums[1]).map(+)
    #expect(sums == [15.5, 5, 2, 2, 1, 1, 3, 1, 2, 0, 0])
    for metric in Metric.allCases {
      #expect(abs(RowBootstrap.value(of: metric, sums) - outcomes.value(of: metric)) < 1e-12, "\(metric)")
    }
  }

  /// A continuation of zeros alone has no cosine: it is left out of the mean and empty in the table.
  @Test func whatIsNoNumberIsLeftOut() throws {
    let zeros: [UInt8] = [0, 0, 0]
    let model = ToldContinuations([[32, 33]: zeros, [34, 35]: [36, 37, 38], [36, 37]: [40, 40, 40]])
    let rows = TokenSequences.centers([[32, 33, 34, 35, 36], [34, 35, 36, 37, 38], [36, 37, 41, 42, 43]])
    let cut = try ContinuationReport.windows(of: rows, prompt: 2, count: 3)
    let report = try ContinuationReport(model, Tokenizer(), cut, prompt: 2, threads: 1)
    let cosines = report.windows.map(\.tokens.cosine)
    #expect(cosines.count == 3 && cosines[0].isNaN && cosines[1] == 1)
    let (mean, deviation) = report.summary(of: .cosine, \.tokens)
    #expect(abs(mean - (1 + cosines[2]) / 2) < 1e-15)
    #expect(abs(deviation - abs(1 - cosines[2]) / 2.0.squareRoot()) < 1e-15)
    #expect(abs(report.summary(of: .hamming, \.tokens).mean - 2 / 3.0) < 1e-15)
  }
}
