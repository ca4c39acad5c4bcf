import Formats
import PixelBytes
import Tensors
import Testing

struct DecodingTests {
  private struct Case: Decodable {
    struct Image: Decodable {
      var shape: [Int]
      var start_index: Int
      var end_index: Int
    }
    struct Text: Decodable {
      var text_hex: String
      var start_index: Int
      var end_index: Int
    }
    var name: String
    var images: [Image]
    var texts: [Text]
  }

  private func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
  }

  @Test func publishedDecodingIsThePublishedOne() throws {
    let file = try Fixture.tensors("displays/displays.safetensors")
    let cases = try Fixture.json("displays/displays", as: [Case].self)
    #expect(cases.map(\.name) == ["row0", "adversarial"])
    for expected in cases {
      let ids = try file.entry("\(expected.name).ids").int32s().map { UInt8($0) }
      let decoding = PublishedDecoding(ids)
      #expect(decoding.images.map(\.range) == expected.images.map { $0.start_index...$0.end_index })
      #expect(decoding.texts.map(\.range) == expected.texts.map { $0.start_index...$0.end_index })
      #expect(decoding.texts.map(\.bytes) == expected.texts.map { bytes(hex: $0.text_hex) })
      for (place, found) in decoding.images.enumerated() {
        let pixels = try file.entry("\(expected.name).image.\(place)")
        #expect(pixels.shape == [found.image.height, found.image.width, 3])
        let colors = found.image.indices.map { Palette.nes.colors[Int($0)] }
        #expect(colors.flatMap { [$0.red, $0.green, $0.blue] } == (try pixels.uint8s()))
      }
    }
  }

  /// The published display at its bounds: pixels 50 apart, texts of ten bytes, bytes ten apart, rows of three pixels.
  @Test func thePublishedDisplayPoolsUpToItsBounds() {
    let (pixel, letter): (UInt8, UInt8) = (60, 40)
    func found(_ runs: (UInt8, Int)...) -> (images: [ClosedRange<Int>], texts: [ClosedRange<Int>]) {
      let decoding = PublishedDecoding(runs.flatMap { [UInt8](repeating: $0, count: $1) })
      return (decoding.images.map(\.range), decoding.texts.map(\.range))
    }
    #expect(found((pixel, 3), (letter, 49), (pixel, 3)).images == [0...54])
    #expect(found((pixel, 3), (letter, 50), (pixel, 3)).images == [0...2, 53...55])
    #expect(found((letter, 9)).texts.isEmpty && found((letter, 10)).texts == [0...9])
    #expect(found((letter, 5), (pixel, 9), (letter, 5)).texts == [0...18])
    #expect(found((letter, 5), (pixel, 10), (letter, 5)).texts.isEmpty)
    #expect(found((letter, 10), (pixel, 10), (letter, 10)).texts == [0...9, 20...29])
    #expect(found((pixel, 2)).images.isEmpty && found((letter, 1), (pixel, 3)).images == [1...3])
    #expect(found().images.isEmpty && found().texts.isEmpty)
  }

  @Test func rowsComeBackAsTheyWere() throws {
    var random = Random(seed: 1, stream: "test")
    for _ in 0..<200 {
      let (width, height) = (1 + random.below(30), 1 + random.below(30))
      let image = IndexedImage(
        width: width, height: height, indices: (0..<width * height).map { _ in UInt8(random.below(55)) })
      let ids = Tokenizer().encode(image, caption: "a cat, (5, 3) of them").tokens
      let decoding = Tokenizer().decode(ids + ids)
      #expect(decoding.images == [image, image])
      #expect(decoding.text == "a cat, (5, 3) of them\na cat, (5, 3) of them")
      #expect(decoding.parts.first?.part == .shape("(\(height * (width + 1)), 3)"))
      #expect(decoding.parts.map(\.range.lowerBound) == [0] + decoding.parts.dropLast().map(\.range.upperBound))
      #expect(decoding.parts.last?.range.upperBound == 2 * ids.count)
    }
  }

  /// Any picture, caption and palette, in every arrangement.
  @Test func anyRowComesBackInAnyArrangement() throws {
    var random = Random(seed: 6, stream: "test")
    let arrangements: [[RowPart]] = [
      [.shape, .image, .caption], [.image, .caption], [.caption, .image], [.caption, .shape, .image], [.image],
    ]
    for round in 0..<400 {
      let colors = (0..<2 + random.below(190)).map { Color(UInt8($0), UInt8(random.below(256)), 7) }
      let vocabulary = try Vocabulary.pixelbytes.replacing(palette: round % 2 == 0 ? nil : Palette(colors))
      let tokenizer = Tokenizer(vocabulary)
      let (width, height) = (1 + random.below(12), 1 + random.below(12))
      let image = IndexedImage(
        width: width, height: height,
        indices: (0..<width * height).map { _ in UInt8(random.below(vocabulary.palette.colors.count)) },
        palette: vocabulary.palette)
      let letters = Array("abc xyz 019 .,:;()[]-+*/%!'\"")
      let caption = String((0..<1 + random.below(40)).map { _ in letters[random.below(letters.count)] })
      let arrangement = arrangements[round % arrangements.count]
      let decoding = tokenizer.decode(tokenizer.encode(image, caption: caption, arrangement: arrangement).tokens)
      #expect(decoding.images == [image])
      #expect(decoding.text == (arrangement.contains(.caption) ? caption : ""))
    }
  }

  @Test func valuesAreKeptApart() throws {
    let tokenizer = Tokenizer(.actionPixelbytes)
    var sequence = tokenizer.contexts(text: "beep")
    sequence.append(try tokenizer.contexts(audio: [[0, 1], [1, 0]]))
    sequence.append(tokenizer.contexts(frames: [IndexedImage(width: 2, height: 1, indices: [1, 2])]))
    sequence.append(tokenizer.contexts(text: "end"))
    let parts = tokenizer.decode(sequence.labels).parts
    #expect(
      parts.map(\.part) == [
        .text("beep"), .values([-1, 1, 1, -1]), .image(IndexedImage(width: 2, height: 1, indices: [1, 2])),
        .text("end"),
      ])
    #expect(parts.map(\.range) == [0..<5, 5..<11, 11..<14, 14..<18])
  }

  @Test func raggedRowsKeepTheirPlaces() {
    let rows: [[UInt8]] = [[1, 1, 1], [2, 1, 1], [3], [1, 1, 4, 5], [6, 1, 1]]
    let ids = Array(rows.map { $0.map { $0 + 58 } }.joined(separator: [Vocabulary.tab])) + [Vocabulary.newline]
    let decoding = Tokenizer().decode(ids)
    #expect(decoding.images.map(\.indices) == [[1, 1, 1, 2, 1, 1, 3, 1, 1, 1, 1, 4, 6, 1, 1]])
    #expect(decoding.images.first?.height == 5)
  }

  @Test func textsAndPicturesWithoutSeparatorsAreKept() {
    let ids: [UInt8] = [32, 33, 60, 61, 1, 62, 34, 1, 35, 2, 2, 63]
    let parts = Tokenizer().decode(ids).parts
    #expect(
      parts.map(\.part) == [
        .text("ab"), .image(IndexedImage(width: 2, height: 2, indices: [2, 3, 4, 2])), .text("c\td"), .text(""),
        .image(IndexedImage(width: 1, height: 1, indices: [5])),
      ])
    #expect(parts.map(\.range) == [0..<2, 2..<6, 6..<10, 10..<11, 11..<12])
  }

  @Test func anyTokensDecode() {
    var random = Random(seed: 2, stream: "test")
    for _ in 0..<2000 {
      let ids = (0..<random.below(60)).map { _ in UInt8(random.below(3) == 0 ? random.below(256) : random.below(70)) }
      let pixels = ids.filter { Vocabulary.pixelbytes.color(of: $0) != nil }.count
      #expect(Tokenizer().decode(ids).images.isEmpty == (pixels == 0))
      #expect(PublishedDecoding(ids).images.allSatisfy { $0.image.width >= 3 })
    }
  }
}
