import Formats
import PixelBytes
import Testing

struct SpritesTests {
  @Test(arguments: [8, 11, 12, 16, 23, 24, 32])
  func theMainColorDominatesAndIsNamed(size: Int) throws {
    let data = try DataSet.sprites(count: size == 16 ? 1500 : 400, size: size, seed: 3).rows()
    for row in data {
      let image = try #require(row.indexed)
      let color = row.trait("color")
      #expect(ColorFamily.dominant(of: image)?.rawValue == color, "\(row.traits.map(\.text))")
      let words = row.caption.split { !$0.isLetter }.map(String.init)
      #expect(words.filter { ColorFamily(rawValue: $0) != nil } == [color, color])
      #expect(ColorFamily.named(in: row.caption)?.rawValue == color)
    }
  }

  @Test func captionsAreOfTheVocabularyAndOfTheirLength() throws {
    let tokenizer = Tokenizer()
    let data = try DataSet.sprites(count: 1000, seed: 1).rows()
    for row in data {
      #expect((50...140).contains(row.caption.utf8.count), "\(row.caption)")
      #expect(tokenizer.normalized(row.caption) == row.caption)
      #expect(!tokenizer.encode(text: row.caption).tokens.contains(0))
    }
    #expect(Set(data.map(\.caption)).count > 950)
  }

  /// The phrases of all traits, each with the name and values of the trait that make it true.
  private func statements() -> [(words: [String], trait: String, value: String)] {
    func rows<T: SpriteWords & CaseIterable & RawRepresentable>(
      _ type: T.Type, _ trait: String
    ) -> [(words: [String], trait: String, value: String)] where T.RawValue == String {
      type.allCases.map { ($0.words, trait, $0.rawValue) }
    }
    return rows(SpriteKind.self, "kind") + rows(SpriteEyes.self, "eyes") + rows(SpritePattern.self, "pattern")
      + rows(SpriteSize.self, "size") + rows(SpriteHat.self, "hat") + rows(SpriteItem.self, "item")
      + rows(SpriteMouth.self, "mouth") + rows(SpriteGround.self, "background")
      + rows(SpritePose.self, "pose") + rows(SpriteShading.self, "shading") + rows(SpriteWings.self, "wings")
  }

  @Test(arguments: Sprites.Captions.allCases) func captionsStateNothingFalse(captions: Sprites.Captions) throws {
    let statements = statements()
    var stated: Set<String> = []
    let sprites = try Sprites(seed: 2, captions: captions)
    for number in 0..<1000 {
      let row = sprites.row(number)
      let text = " " + row.caption.map { $0.isLetter || $0 == "'" || $0 == "-" ? String($0) : " " }.joined() + " "
      for statement in statements where statement.words.contains(where: { text.contains(" \($0) ") }) {
        #expect(row.trait(statement.trait) == statement.value, "\(row.caption)")
        stated.insert(statement.trait + statement.value)
      }
      if text.contains(" one shade ") { #expect(row.trait("shading") == "flat") }
      let kind = statements.first { $0.trait == "kind" && $0.value == row.trait("kind") }
      #expect(kind?.words.contains { text.contains(" \($0) ") } == true)
      // What a reader of captions finds is true as well, and kind and color are always found.
      let found = Sprites.traits(statedIn: row.caption)
      #expect(
        found.allSatisfy(row.traits.contains) && found.prefix(2).map(\.name) == ["kind", "color"], "\(row.caption)")
      #expect(Sprites.agreement(of: row.traits, with: row.caption) == 1)
    }
    #expect(stated.count >= 54)
  }

  @Test func richCaptionsHaveSeveralSentencesOfTheVocabulary() throws {
    let sprites = try Sprites(seed: 3, captions: .rich)
    let tokenizer = Tokenizer()
    var sentences: [Int: Int] = [:]
    var texts: Set<String> = []
    for number in 0..<1000 {
      let caption = sprites.row(number).caption
      sentences[caption.filter { ".!".contains($0) }.count, default: 0] += 1
      texts.insert(caption)
      #expect(tokenizer.normalized(caption) == caption && !tokenizer.encode(text: caption).tokens.contains(0))
      #expect((40...320).contains(caption.utf8.count), "\(caption)")
    }
    #expect(sentences.keys.sorted() == [2, 3, 4, 5] && texts.count > 990)
  }

  /// The first sentence of a rich caption names size, color and kind in this order, in each of its forms.
  @Test func richCaptionsOpenWithTheirSubject() throws {
    let sprites = try Sprites(seed: 3, captions: .rich)
    let statements = statements()
    var forms: Set<Int> = []
    for number in 0..<300 {
      let row = sprites.row(number)
      func words(_ trait: String) -> [String] {
        statements.first { $0.trait == trait && $0.value == row.trait(trait) }?.words ?? []
      }
      let subjects = words("kind").flatMap { kind in
        (words("size").isEmpty ? [""] : words("size").map { $0 + " " }).map {
          "\($0)\(row.trait("color") ?? "") \(kind)"
        }
      }
      let openings = subjects.flatMap { subject -> [(form: Int, text: String)] in
        let one = ("aeiou".contains(subject.prefix(1)) ? "an " : "a ") + subject
        return [
          "here is \(one).", "look at the \(subject)!", "\(one), drawn in pixels.", "once there was \(one).",
          "you have met \(one).", "a portrait of \(one).",
        ].enumerated().map { ($0, $1) }
      }
      let opening = openings.first { row.caption.hasPrefix($0.text + " ") }
      #expect(opening != nil, "\(row.caption)")
      forms.insert(opening?.form ?? -1)
    }
    #expect(forms == [0, 1, 2, 3, 4, 5])
  }

  /// Which kind has which color decides the part that a sprite is in; both parts have all kinds and all colors.
  @Test func heldOutCombinationsAreApart() throws {
    func pairs(_ combinations: Sprites.Combinations) throws -> Set<String> {
      let sprites = try Sprites(size: 12, seed: 1, combinations: combinations)
      return Set((0..<4000).map { sprites.row($0) }.map { "\($0.trait("kind") ?? "") \($0.trait("color") ?? "")" })
    }
    let (all, seen, unseen) = (try pairs(.all), try pairs(.seen), try pairs(.unseen))
    #expect(all.count == 180 && seen.count == 162 && unseen.count == 18)
    #expect(seen.isDisjoint(with: unseen) && seen.union(unseen) == all)
    for part in [seen, unseen] {
      #expect(Set(part.map { $0.split(separator: " ")[0] }).count == 18)
      #expect(Set(part.map { $0.split(separator: " ")[1] }).count == 10)
    }
  }

  @Test func posesShow() throws {
    let sprites = try Sprites(size: 20, seed: 6)
    var counts: [String: Int] = [:]
    for number in 0..<1500 {
      let row = sprites.row(number)
      guard let image = row.indexed, let pose = row.trait("pose") else { continue }
      counts[pose, default: 0] += 1
      let background = image[0, 19]
      let lines = (0..<20).map { y in (0..<20).filter { image[$0, y] != background } }
      let isJumping = lines.indices.contains { y in y > 0 && lines[y].isEmpty && lines[y...].contains { !$0.isEmpty } }
      #expect(isJumping == (pose == "jumping"), "\(row.caption)")
    }
    #expect(counts.count == 5 && counts.values.allSatisfy { $0 > 60 })
  }

  @Test func everyTraitOccursAndIsVisible() throws {
    let data = try DataSet.sprites(count: 4000, seed: 4).rows()
    let values = Set(data.flatMap { row in row.traits.map { "\($0.name) \($0.text)" } })
    #expect(values.count >= 60)
    #expect(Set(data.compactMap(\.indexed?.indices)).count > 950)
    // Sprites that differ in one trait alone differ in their pictures.
    var byOthers: [String: [String: [UInt8]]] = [:]
    for row in data {
      for trait in row.traits {
        let others = row.traits.filter { $0 != trait }.map(\.text).joined(separator: " ") + trait.name
        if let seen = byOthers[others] {
          for (text, picture) in seen where text != trait.text {
            let isSame = row.indexed?.indices == picture
            #expect(!isSame, "\(others): \(text) and \(trait.text)")
          }
        }
        byOthers[others, default: [:]][trait.text] = row.indexed?.indices
      }
    }
  }

  @Test func aRowDependsOnSeedIndexAndSizeAlone() throws {
    let many = try DataSet.sprites(count: 20, seed: 9)
    #expect(try DataSet.sprites(count: 5, seed: 9).isEqual(to: many.taking(5)))
    #expect(try !DataSet.sprites(count: 5, seed: 10).isEqual(to: many.taking(5)))
    #expect(try DataSet.sprites(count: 5, size: 17, seed: 9).map(\.traits) != many.taking(5).map(\.traits))
    #expect(try many.map { $0.image?.quantized() } == many.map(\.indexed))
  }

  @Test func theBytesAreTheSameOnAnyMachine() throws {
    // FNV-1a over captions and pictures: a change of this number changes what every seed means.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for size in [8, 16, 32] {
      for row in try DataSet.sprites(count: 200, size: size, seed: 1).rows() {
        for byte in Array(row.caption.utf8) + (row.indexed?.indices ?? []) {
          hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
      }
    }
    #expect(hash == 8_240_472_840_933_213_994)
  }

  @Test func impossibleSpritesAreRefused() {
    #expect(throws: DataError(.value, "a sprite has 8 to 32 pixels a side, not 7")) { try DataSet.sprites(size: 7) }
    #expect(throws: DataError(.value, "the number of sprites is 0 or more, not -1")) { try DataSet.sprites(count: -1) }
    #expect(throws: DataError(.limit, "a data set has at most 2147483648 sprites, not 9000000000")) {
      try DataSet.sprites(count: 9_000_000_000, size: 32)
    }
  }
}

struct ColorFamilyTests {
  @Test func readsTheFirstColorWord() {
    #expect(ColorFamily.named(in: "A Grey-Blue thing, hundred reddish") == .gray)
    #expect(ColorFamily.named(in: "it is orange.") == .orange)
    #expect(ColorFamily.named(in: "hundreds of greens") == nil)
  }

  @Test func leavesOutBackgroundAndOutline() {
    func dominant(_ rows: [[UInt8]]) -> ColorFamily? {
      ColorFamily.dominant(of: IndexedImage(width: rows[0].count, height: rows.count, indices: Array(rows.joined())))
    }
    #expect(dominant([[1, 1, 1, 1], [1, 0, 0, 0], [1, 0, 27, 0], [1, 1, 1, 1]]) == .red)
    #expect(dominant([[1, 1, 1], [1, 0, 1], [1, 1, 1]]) == .black)
    #expect(dominant([[39, 39], [39, 39]]) == nil)
    // One pixel each: the tie goes to the family that is listed first.
    #expect(dominant([[1, 1, 1, 1], [1, 7, 39, 1], [1, 1, 1, 1]]) == .green)
  }

  @Test func everyPaletteColorHasItsFamily() {
    #expect(Palette.nes.colors.map { ColorFamily($0) }.count == 55)
    #expect(ColorFamily(Color(hex: 0xff0000)) == .red && ColorFamily(Color(hex: 0x503000)) == .brown)
  }
}
