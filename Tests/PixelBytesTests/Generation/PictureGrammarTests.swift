import PixelBytes
import Tensors
import Testing

struct PictureGrammarTests {
  private let tokenizer = Tokenizer()
  private let vocabulary = Vocabulary.pixelbytes

  /// Every row that the tokenizer makes of pictures and captions is allowed, in every arrangement.
  @Test(arguments: [
    [RowPart.shape, .image, .caption], [.image, .caption], [.caption, .image], [.caption, .shape, .image],
  ])
  func allowsWhatTheTokenizerMakes(arrangement: [RowPart]) throws {
    for size in [8, 13] {
      for row in try DataSet.sprites(count: 20, size: size, seed: 2).rows() {
        var grammar = PictureGrammar(vocabulary)
        for id in tokenizer.encode(row.indexed, caption: row.caption, arrangement: arrangement).tokens {
          #expect(grammar.allows(id), "\(row.caption)")
          grammar.take(id)
        }
      }
    }
  }

  /// Draws allowed tokens at random; every picture that ends is whole, and has the patches that were stated.
  @Test func whatItAllowsIsWhole() throws {
    var random = Random(seed: 4, stream: "test")
    var stated = 0
    for trial in 0..<200 {
      var grammar = PictureGrammar(vocabulary)
      var ids = trial % 2 == 0 ? tokenizer.encode(text: "(\(12 + 6 * random.below(9)), 3)").tokens : []
      for id in ids { grammar.take(id) }
      for _ in 0..<150 {
        var logits = (0..<vocabulary.count).map { id in
          // Separators and colors often enough for pictures to end.
          Float(random.unit()) + (id == 1 || id == 2 ? 0.05 : id >= 58 ? 0.2 : 0)
        }
        grammar.mask(&logits)
        let best = try #require(logits.indices.max { logits[$0] < logits[$1] })
        #expect(logits[best].isFinite)
        ids.append(UInt8(best))
        grammar.take(UInt8(best))
      }
      let decoding = tokenizer.decode(ids)
      for (index, (part, range)) in decoding.parts.enumerated() where range.upperBound < ids.count {
        guard case .image(let image) = part else { continue }
        let tokens = ids[range]
        #expect(tokens.last == Vocabulary.newline && tokens.count == image.height * (image.width + 1))
        let rows = tokens.dropLast().split(separator: Vocabulary.tab, omittingEmptySubsequences: false)
        #expect(rows.allSatisfy { $0.count == image.width })
        if index == 1, case .shape(let text) = decoding.parts[0].part {
          #expect(text == tokenizer.shapeText(of: image))
          stated += 1
        }
      }
    }
    #expect(stated > 20)
  }

  @Test func goesOnBehindWhatItWouldNotAllow() {
    var grammar = PictureGrammar(vocabulary)
    for id: UInt8 in [60, 61, 1, 62, 63, 64] { grammar.take(id) }
    #expect(grammar.allows(1) && grammar.allows(2) && !grammar.allows(60))
    grammar.take(40)
    #expect(grammar.allows(41) && grammar.allows(2) && !grammar.allows(1) && !grammar.allows(60) && !grammar.allows(0))
  }

  /// What may follow, of a letter, a color, a tab and a newline, behind texts and pictures, whose pixels are written as #.
  @Test(arguments: [
    ("", "letter color"), ("a", "letter newline"), ("a#", "color tab newline"), ("a\n", "letter color"),
    ("\n", "letter color"), ("#", "color tab newline"), ("##", "color tab newline"), ("##\t", "color"),
    ("##\t#", "color"), ("##\t##", "tab newline"), ("##\t##\t", "color"), ("##\t##\t##", "tab newline"),
    ("##\t##\n", "letter color"), ("##\n#", "color tab newline"), ("##\n###\t###", "tab newline"),
    // Six patches are 5 pixels in one row, 2 in each of two or 1 in each of three.
    ("(6, 3)\n", "color"), ("(6, 3)\n#", "color tab"), ("(6, 3)\n##", "color tab"), ("(6, 3)\n###", "color"),
    ("(6, 3)\n####", "color"), ("(6, 3)\n#####", "newline"), ("(6, 3)\n##\t", "color"), ("(6, 3)\n##\t#", "color"),
    ("(6, 3)\n##\t##", "newline"), ("(6, 3)\n#\t#", "tab"), ("(6, 3)\n#\t#\t#", "newline"),
    // Behind a row that is too short or too long the width is still that of the first.
    ("##\t#\t", "color"), ("##\t#\t#", "color"), ("##\t#\t##", "tab newline"), ("##\t###\t##", "tab newline"),
    // The statement holds for one picture, right behind it; a picture has two patches or more.
    ("(6, 3)\n##\t##\n", "letter color"), ("(6, 3)\n##\t##\n###", "color tab newline"),
    ("(6, 3)\na\n", "letter color"), ("(2, 3)\n", "color"), ("(2, 3)\n#", "newline"), ("(1, 3)\n", "letter color"),
    ("(0, 3)\n", "letter color"), ("(-6, 3)\n", "letter color"),
    // Other texts state nothing.
    ("x(6, 3)\n", "letter color"), ("(6, 4)\n", "letter color"), ("6, 3)\n", "letter color"),
    ("(6, 3\n", "letter color"), ("(six, 3)\n", "letter color"),
  ])
  func allows(_ text: String, _ expected: String) {
    var grammar = PictureGrammar(vocabulary)
    for byte in text.utf8 { grammar.take(byte == UInt8(ascii: "#") ? 70 : vocabulary.id(ofByte: byte)) }
    var kinds: [String: Set<Bool>] = [:]
    for id in UInt8(1)..<113 {
      let kind =
        switch id {
        case Vocabulary.tab: "tab"
        case Vocabulary.newline: "newline"
        default: vocabulary.color(of: id) == nil ? "letter" : "color"
        }
      kinds[kind, default: []].insert(grammar.allows(id))
    }
    let allowed = ["letter", "color", "tab", "newline"].filter { kinds[$0] == [true] }
    #expect(allowed.joined(separator: " ") == expected)
    #expect(kinds.values.allSatisfy { $0.count == 1 } && !grammar.allows(Vocabulary.padding))
    // A mask is what is allowed, and changes no other logit.
    var logits = (0..<113).map { Float($0) }
    grammar.mask(&logits)
    for id in 0..<113 { #expect(logits[id] == (grammar.allows(UInt8(id)) ? Float(id) : -.infinity)) }
  }
}
