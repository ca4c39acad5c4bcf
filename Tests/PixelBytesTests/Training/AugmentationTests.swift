import PixelBytes
import Tensors
import Testing

/// Pictures that are mirrored half of the time, with their captions, and windows that grow while a model learns.
@Suite struct AugmentationTests {
  /// A model that learns nothing of what it reads, and keeps the contexts that it was trained on, sequence by sequence.
  private final class Reader: TokenModel {
    let parameters = [Parameter("bias", Tensor(repeating: 0, [113]))]
    let isConcurrent = false
    let tokenCount = 113
    private(set) var read: [[UInt8]] = []
    private(set) var records: [TrainingRecord] = []

    func check(_ positions: Positions) {}
    func remember(_ run: TrainingRecord) { records.append(run) }

    func logits(_ contexts: ContextBatch, _ positions: Positions, in pass: Pass) -> Tensor {
      for k in 0..<(pass.isTraining ? contexts.count : 0) {
        let sequence = contexts.sequences(k..<k + 1)
        read.append(sequence.positions(0..<sequence.lengths[0]).ids)
      }
      let rows = contexts.count * (positions == .all ? contexts.length : 1)
      return pass[parameters[0]].broadcast(to: [rows, tokenCount])
    }
  }

  private let data: TokenSequences
  /// Each row as it is and mirrored, made of its picture and its caption.
  private let variants: [(plain: PatchSequence, mirrored: PatchSequence)]

  init() throws {
    var options = BuildOptions()
    options.arrangement = [.caption, .image]
    let sided = try DataSet.sprites(count: 300, size: 12, seed: 4).filtered {
      $0.caption.contains(" left") || $0.caption.contains(" right")
    }
    let built = try sided.taking(24).built(options)
    data = try built.encoded(options)
    let exchanges = ["left": "right", "right": "left"]
    variants = try built.rows().map { row in
      let image = try #require(row.indexed)
      let indices = (0..<image.height).flatMap { y in (0..<image.width).map { image[image.width - 1 - $0, y] } }
      let mirrored = IndexedImage(
        width: image.width, height: image.height, indices: indices, palette: image.palette)
      let words = row.caption.split(separator: " ", omittingEmptySubsequences: false).map { word in
        let letters = word.prefix { $0.isLetter }
        return exchanges[String(letters)].map { $0 + word.dropFirst(letters.count) } ?? String(word)
      }
      let tokenizer = Tokenizer()
      return (
        tokenizer.encode(image, caption: row.caption, arrangement: options.arrangement),
        tokenizer.encode(mirrored, caption: words.joined(separator: " "), arrangement: options.arrangement)
      )
    }
  }

  private func run(_ model: Reader = Reader(), _ change: (inout TrainingOptions) -> Void) throws -> Reader {
    var options = TrainingOptions()
    (options.positions, options.batch, options.epochs, options.augment) = (.all, 5, 20, [.flip])
    change(&options)
    _ = try Trainer(model, training: data, testing: nil, options).run { _ in }
    return model
  }

  @Test func halfOfTheWindowsAreMirrored() throws {
    #expect(variants.count == 24 && variants.allSatisfy { $0.plain.count != $0.mirrored.count })
    let model = try run { _ in }
    var found = [(plain: Int, mirrored: Int)](repeating: (0, 0), count: variants.count)
    for ids in model.read {
      // The longest windows of a batch lack the last context.
      func isRead(_ patches: PatchSequence) -> Bool {
        patches.ids.starts(with: ids) && ids.count >= patches.ids.count - 9
      }
      if let row = variants.firstIndex(where: { isRead($0.plain) }) {
        found[row].plain += 1
      } else {
        found[try #require(variants.firstIndex { isRead($0.mirrored) })].mirrored += 1
      }
    }
    let mirrored = found.reduce(0) { $0 + $1.mirrored }
    #expect(found.allSatisfy { $0.plain + $0.mirrored == 20 && $0.mirrored > 0 && $0.plain > 0 })
    #expect((200...280).contains(mirrored), "\(mirrored) of 480 windows are mirrored")
    let longest = variants.map { max($0.plain.count, $0.mirrored.count) }.max()
    let record = try #require(model.records.first)
    #expect(record.options["sequence"] == longest.map { .count($0) })
    #expect(record.options["augment"] == .list([.text("flip")]))
    #expect(try run { $0.threads = 2 }.read == model.read)
    #expect(try run { $0.seed = 1 }.read != model.read && run { $0.augment = [] }.read != model.read)
  }

  @Test func circularWindowsAreThoseOfMirroredRows() throws {
    let model = try run {
      ($0.windows, $0.sequence, $0.stride, $0.epochs, $0.positions) = (.circular, 16, 24, 2, .last)
    }
    func windows(_ rows: [PatchSequence]) -> Set<[UInt8]> {
      Set(
        zip(rows, variants).flatMap { row, variant in
          stride(from: 0, to: variant.plain.count, by: 24).map { start in
            (0..<16).flatMap { row[(start + $0) % row.count..<(start + $0) % row.count + 1].ids }
          }
        })
    }
    let (plain, mirrored) = (windows(variants.map(\.plain)), windows(variants.map(\.mirrored)))
    #expect(model.read.allSatisfy { plain.contains($0) || mirrored.contains($0) })
    #expect(model.read.contains { !plain.contains($0) } && model.read.contains { !mirrored.contains($0) })
  }

  /// A run that stops within an epoch and goes on draws the same windows.
  @Test func aRunThatGoesOnMirrorsTheSameWindows() throws {
    var options = TrainingOptions()
    (options.positions, options.batch, options.steps, options.augment) = (.all, 5, 12, [.flip])
    let whole = Reader(), first = Reader(), second = Reader()
    _ = try Trainer(whole, training: data, testing: nil, options).run { _ in }
    let run = try Trainer(first, training: data, testing: nil, options).start()
    while run.progress.step < 7 { _ = try run.next() }
    second.parameters[0].value = first.parameters[0].value
    _ = try Trainer(second, training: data, testing: nil, options).run(from: run.state) { _ in }
    #expect(first.read + second.read == whole.read)
    #expect(second.parameters[0].value.values == whole.parameters[0].value.values)
  }

  /// What an evaluation measures is never mirrored.
  @Test func evaluationsSeeTheRowsAsTheyAre() throws {
    func losses(_ augment: [Augmentation]) throws -> [HistoryRow.Score] {
      let family = LSTMFamily(state: 4, bidirectional: false)
      let model = try SequenceModel(try ModelConfiguration(family, width: 9, depth: 1), seed: 3)
      var options = TrainingOptions()
      (options.positions, options.steps, options.rate, options.augment) = (.all, 1, 1e-30, augment)
      // The windows are as long as the longest mirrored row, which no evaluation reads.
      options.sequence = 400
      return try Trainer(model, training: data, testing: nil, options).run { _ in }.map(\.train)
    }
    #expect(try losses([.flip]) == losses([]))
  }

  @Test func onlyTheWordsLeftAndRightAreExchanged() throws {
    func mirrored(_ text: String, _ vocabulary: Vocabulary = .pixelbytes) throws -> String {
      let words = text.utf8.map { vocabulary.id(ofByte: $0) }
      let picture: [UInt8] = [1, 2, 3].map { vocabulary.id(ofColor: $0) } + [Vocabulary.newline]
      let row = EncodedRow(
        tokens: words + picture, runs: [.init(count: words.count, rowLength: 0), .init(count: 4, rowLength: 4)])
      let result = try #require(row.mirrored(in: vocabulary))
      #expect(Array(result.tokens.suffix(4)) == [3, 2, 1].map { vocabulary.id(ofColor: $0) } + [Vocabulary.newline])
      #expect(result.mirrored(in: vocabulary) == row)
      return String(decoding: result.tokens.dropLast(4).compactMap { vocabulary.byte(of: $0) }, as: UTF8.self)
    }
    #expect(try mirrored("looking left") == "looking right")
    #expect(try mirrored("right, left; (right)-left.") == "left, right; (left)-right.")
    #expect(try mirrored("a bright leftmost aleft righty") == "a bright leftmost aleft righty")
    #expect(try mirrored("left") == "right")
    // Capital letters, and letters of other scripts, which are part of a word, too.
    let letters: [UInt8] = [0, 9, 10] + Array(32...126) + [0xC3, 0xA9, 0xBC]
    let wide = try Vocabulary(bytes: letters, palette: .nes)
    #expect(try mirrored("Left LEFT Right RIGHT lEFT", wide) == "Right RIGHT Left LEFT lEFT")
    #expect(try mirrored("éleft leftü left-é \u{e9} right", wide) == "éleft leftü right-é é left")
    #expect(try mirrored("") == "")
    let text = EncodedRow(tokens: [1, 2], runs: [.init(count: 2, rowLength: 0)])
    #expect(text.mirrored(in: .pixelbytes) == nil)
  }

  @Test func rowsWithoutPicturesAreRefused() {
    var options = TrainingOptions()
    options.augment = [.flip]
    let texts = TokenSequences(["looking left"].map { Tokenizer().encode(text: $0) })
    #expect(throws: ConfigurationError("augment \"flip\" needs rows with pictures, and there are none")) {
      try Trainer(Reader(), training: texts, testing: nil, options)
    }
  }

  /// Three lengths share seven steps as three, two and two; evaluations have the largest.
  @Test func aListOfLengthsSharesTheSteps() throws {
    let rows = TokenSequences.centers([[0, 1, 2, 3, 1, 0, 2], [3, 3, 1, 2, 0]])
    func run(_ change: (inout TrainingOptions) -> Void) throws -> BigramModel {
      let model = BigramModel()
      var options = TrainingOptions()
      (options.stride, options.batch, options.steps, options.every) = (1, 12, 7, .steps(100))
      change(&options)
      _ = try Trainer(model, training: rows, testing: nil, options).run { _ in }
      return model
    }
    let model = try run { $0.curriculum = [2, 4, 3] }
    func lengths(training: Bool) -> [Int] {
      model.calls.filter { $0.isTraining == training }.flatMap { Set($0.tokens.map(\.count)) }
    }
    let steps = lengths(training: true).enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    #expect(steps == [2, 2, 2, 4, 4, 3, 3] && Set(lengths(training: false)) == [4])
    #expect(model.records.first?.options["sequence"] == .list([.count(2), .count(4), .count(3)]))
    // A list of one length is that length.
    let (one, plain) = (try run { $0.curriculum = [3] }, try run { $0.sequence = 3 })
    #expect(one.table.value.values == plain.table.value.values)
    // Of whole rows a shorter length has the first tokens.
    let cut = try run { ($0.curriculum, $0.windows, $0.positions) = ([2, 7], .rows, .all) }
    let first = try #require(cut.calls.first { $0.isTraining })
    #expect(first.tokens.allSatisfy { [[0, 1], [3, 3]].contains($0) })
    for (wrong, text) in [
      ([3, 0], "from 1 to 2147483647, found 0"), ([1 << 31], "from 1 to 2147483647, found 2147483648"),
    ] {
      #expect(throws: ConfigurationError("sequence must be \(text)")) { try run { $0.curriculum = wrong } }
    }
  }
}
