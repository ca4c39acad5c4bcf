import Formats
import PixelBytes
import Testing

struct TokenizerTests {
  private struct Description: Decodable {
    struct Row: Decodable {
      var image: String
      var caption: String
      var key: String?
    }
    var captions: [String]
    var captions_simplified: [String]
    var rows: [Row]
    var shape_text: [String: String]
  }

  private func description() throws -> Description { try Fixture.json("tok/tok2d", as: Description.self) }

  @Test func captionsAreNormalizedAndEncodedAsPublished() throws {
    let file = try Fixture.tensors("tok/tok2d.safetensors")
    let description = try description()
    #expect(description.captions.count == 6)
    for (place, caption) in description.captions.enumerated() {
      let simple = Tokenizer().normalized(caption)
      #expect(simple == description.captions_simplified[place])
      #expect(Tokenizer().encode(text: simple).ids == (try file.entry("cap.\(place).simplified").uint8s()))
      if let raw = file["cap.\(place).raw"] { #expect(Tokenizer().encode(text: caption).ids == (try raw.uint8s())) }
    }
  }

  @Test(arguments: ["gradient", "noise", "onecolour", "palette25x22", "photo", "sprite_alpha_blanked"])
  func picturesAndShapesAreEncodedAsPublished(name: String) throws {
    let file = try Fixture.tensors("tok/tok2d.safetensors")
    let image = try Fixture.picture(name, in: file).quantized()
    let shape = Tokenizer().shapeText(of: image)
    #expect(shape == (try description().shape_text[name]))
    #expect(Tokenizer().encode(text: shape).ids == (try file.entry("img.\(name).shape_seq").uint8s()))
    if let expected = file["img.\(name).image_seq"] {
      #expect(Tokenizer().encode(image).ids == (try expected.uint8s()))
    }
  }

  @Test func rowsAreEncodedAsPublished() throws {
    let file = try Fixture.tensors("tok/tok2d.safetensors")
    let rows = try description().rows.filter { $0.key != nil }
    #expect(rows.count == 6)
    for row in rows {
      let image = try Fixture.picture(row.image, in: file).quantized()
      let patches = Tokenizer().encode(image, caption: row.caption)
      let expected = try file.entry(try #require(row.key))
      #expect(expected.shape == [patches.count, 3, 3])
      #expect(patches.ids == (try expected.uint8s()))
    }
  }

  @Test(arguments: [
    ("Pokémon ÉLÉGANT", "pokemon elegant"), ("ﬁne Ａ™ K½", "fine atm k12"), ("東京 sprite!", " sprite!"), ("日本語", ""),
    ("Ünïcödé\tTAB", "unicode\ttab"),
  ])
  func normalizesOtherScripts(caption: String, simple: String) {
    #expect(Tokenizer().normalized(caption) == simple)
  }

  @Test func unknownBytesBecomePadding() {
    #expect(Tokenizer().encode(text: "a?B").tokens == [32, 0, 0, 2])
    #expect(Tokenizer().encode(text: "").tokens == [2])
  }

  @Test func theSmallestPictureIsTwoPatches() {
    let image = IndexedImage(width: 1, height: 1, indices: [7])
    #expect(Tokenizer().shapeText(of: image) == "(2, 3)")
    #expect(Tokenizer().encode(image).ids == [0, 0, 0, 0, 65, 0, 0, 0, 0, 0, 0, 0, 65, 2, 0, 0, 0, 0])
  }

  @Test func usesTheVocabularysPalette() throws {
    let palette = try Palette([Color(255, 255, 255), Color(200, 0, 0)])
    let tokenizer = Tokenizer(try Vocabulary(bytes: Vocabulary.publishedBytes, palette: palette))
    let image = RasterImage(width: 2, height: 1, rgba: [250, 20, 20, 255, 0, 0, 0, 0]).quantized(to: palette)
    #expect(tokenizer.encode(image).tokens == [59, 58, 2])
  }
}
