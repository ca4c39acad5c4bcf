import Formats
import PixelBytes
import Tensors
import Testing

struct VocabularyTests {
  @Test(arguments: [("vocab113", "pixelbytes", 113), ("vocab151", "action-pixelbytes", 151)])
  func namedVocabulariesAreThePublishedOnes(file: String, name: String, count: Int) throws {
    let published = try Vocabulary(contentsOf: Fixture.path("tok/\(file).json"))
    let ours = try #require(Vocabulary.named.first { $0.name == name }?.vocabulary)
    #expect(ours.count == count)
    #expect(ours == published)
  }

  @Test func survivesARoundTrip() throws {
    let small = try Vocabulary(
      bytes: [0, 9, 10, 0x2C, 0xFF], palette: Palette([Color(1, 2, 3), Color(250, 0, 9)]), values: [-1, 0.1, 1e-3])
    for vocabulary in [.pixelbytes, .actionPixelbytes, small] {
      let text = vocabulary.encoded()
      #expect(try Vocabulary(decoding: Array(text.utf8)) == vocabulary)
      #expect(vocabulary.encoded() == text)
    }
    try withTemporaryFolder { folder in
      try small.write(to: folder + "/v.json")
      #expect(try Vocabulary(contentsOf: folder + "/v.json") == small)
    }
  }

  /// Random bytes, colors and values, from the smallest vocabulary to the largest.
  @Test func anyVocabularySurvivesARoundTrip() throws {
    var random = Random(seed: 8, stream: "test")
    for round in 0..<300 {
      let others = (0...255).filter { ![0, 9, 10].contains($0) }.map { UInt8($0) }
      let text = try random.permutation(others.count).prefix(random.below(60)).map { others[Int($0)] }
      let colors = (0..<1 + random.below(round % 3 == 0 ? 190 : 20)).map { place in
        Color(UInt8(place), UInt8(random.below(256)), UInt8(random.below(256)))
      }
      let room = 256 - 3 - text.count - colors.count
      let values = (0..<random.below(max(1, room + 1))).map { _ in Double(random.normal()) * 1e-3 + random.unit() }
      let base: Vocabulary = round % 2 == 0 ? .pixelbytes : .actionPixelbytes
      guard room >= 0 else { continue }
      let vocabulary = try base.replacing(text: text, palette: Palette(colors), values: values)
      #expect(vocabulary.bytes == [0, 9, 10] + text && vocabulary.values == values)
      #expect(vocabulary.palette.colors == colors && vocabulary.count == 3 + text.count + colors.count + values.count)
      #expect(try Vocabulary(decoding: Array(vocabulary.encoded().utf8)) == vocabulary)
      for id in 0..<vocabulary.count {
        let id = UInt8(id)
        let kinds = [vocabulary.byte(of: id) != nil, vocabulary.color(of: id) != nil, vocabulary.value(of: id) != nil]
        #expect(kinds.filter { $0 }.count == 1)
      }
    }
  }

  @Test func replacesGroups() throws {
    let control = try Vocabulary.actionPixelbytes.replacing(
      text: Array(" .".utf8), palette: Palette((0..<5).map { Color(UInt8($0), 0, 0) }),
      values: Vocabulary.evenLevels(141))
    #expect(control.count == 151 && control.bytes.count == 5 && control.values.first == -1 && control.values.last == 1)
    #expect(Vocabulary.evenLevels(38) == Vocabulary.actionPixelbytes.values && Vocabulary.evenLevels(1) == [-1])
    #expect(throws: DataError(.value, "a vocabulary holds at most 256 tokens, not 257")) {
      try Vocabulary.pixelbytes.replacing(values: Vocabulary.evenLevels(144))
    }
    #expect(throws: DataError(.value, "the vocabulary holds a byte twice")) {
      try Vocabulary.pixelbytes.replacing(text: [0x20, 0x20])
    }
  }

  @Test func knowsRolesAndKinds() {
    let vocabulary = Vocabulary.pixelbytes
    #expect(vocabulary.id(ofByte: 9) == Vocabulary.tab && vocabulary.id(ofByte: 10) == Vocabulary.newline)
    #expect(vocabulary.id(ofByte: UInt8(ascii: "a")) == 32 && vocabulary.id(ofByte: UInt8(ascii: "?")) == 0)
    #expect(vocabulary.id(ofColor: 0) == 58 && vocabulary.color(of: 112) == 54)
    #expect(vocabulary.color(of: 57) == nil && vocabulary.color(of: 113) == nil)
    #expect(vocabulary.byte(of: 57) == UInt8(ascii: "z") && vocabulary.byte(of: 58) == nil)
    #expect(Vocabulary.actionPixelbytes.color(of: 113) == nil)
  }

  /// What every kind of token is called, and what it is about.
  @Test func namesTellTokensApart() throws {
    let vocabulary = try Vocabulary(
      bytes: [0, 9, 10, 0x20, 0x21, 0x61, 0x7E, 0x7F, 0x0D, 0xC3],
      palette: Palette([Color(1, 2, 255), Color(0, 0, 0), Color(16, 171, 0)]), values: [-1, 0.25])
    let names = [
      "padding", "tab", "newline", "space", "!", "a", "~", "byte 7f", "byte d", "byte c3", "#0102ff", "#000000",
      "#10ab00", "value -1.0", "value 0.25", "token 15", "token 16",
    ]
    let kinds: [TokenKind] =
      [.text, .separators, .separators] + .init(repeating: .text, count: 7) + [.pixels, .pixels, .pixels]
      + [.values, .values, .text, .text]
    for id in names.indices {
      #expect(vocabulary.name(of: UInt8(id)) == names[id] && vocabulary.kind(of: UInt8(id)) == kinds[id], "\(id)")
    }
    for known in [Vocabulary.pixelbytes, .actionPixelbytes] {
      #expect(Set((0..<known.count).map { known.name(of: UInt8($0)) }).count == known.count)
    }
  }

  @Test(arguments: [
    (#"[{"bytes":"00"},{"rgb":[1,2,3]}]"#, "a vocabulary starts with the bytes 00, 09 and 0a"),
    (#"[{"bytes":"00"},{"bytes":"0"}]"#, "token 1 is neither one byte nor three samples nor a value"),
    (#"[{"bytes":"+1"}]"#, "token 0 is neither one byte nor three samples nor a value"),
    (#"[{"bytes":"00","rgb":[1,2,3]}]"#, "token 0 is neither one byte nor three samples nor a value"),
    (#"[{"rgb":[1,2]}]"#, "token 0 is neither one byte nor three samples nor a value"),
    (#"[{"rgb":[1,2,3]},{"bytes":"00"}]"#, "token 1 is out of order: bytes, then colors, then values"),
    (#"[{"bytes":"00"},{"bytes":"09"},{"bytes":"0a"}]"#, "a palette holds 1 to 198 colors, not 0"),
    (
      #"[{"bytes":"00"},{"bytes":"09"},{"bytes":"0a"},{"bytes":"09"},{"rgb":[1,2,3]}]"#,
      "the vocabulary holds a byte twice"
    ),
  ])
  func saysWhichTokenIsWrong(text: String, message: String) {
    #expect(throws: FormatError(.malformed, in: "v.json", message)) {
      try Vocabulary(decoding: Array(text.utf8), file: "v.json")
    }
  }

  /// Bytes, colors and values in every order, of which one is the right one: the error names the first token that is out of it.
  @Test func groupsStandInOneOrder() throws {
    let start = #"{"bytes":"00"},{"bytes":"09"},{"bytes":"0a"}"#
    let groups = [#"{"bytes":"61"}"#, #"{"rgb":[1,2,3]}"#, #"{"value":"0.5","f64":0.5}"#]
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let text = "[" + ([start] + order.map { groups[$0] }).joined(separator: ",") + "]"
      if let wrong = order.indices.first(where: { place in order[..<place].contains { $0 > order[place] } }) {
        let message = "token \(3 + wrong) is out of order: bytes, then colors, then values"
        #expect(throws: FormatError(.malformed, in: "v.json", message), "\(order)") {
          try Vocabulary(decoding: Array(text.utf8), file: "v.json")
        }
      } else {
        #expect(try Vocabulary(decoding: Array(text.utf8), file: "v.json").count == 6)
      }
    }
  }

  @Test func damagedFilesThrowOrDecode() {
    let bytes = Array(Vocabulary.pixelbytes.encoded().utf8)
    for length in stride(from: 0, to: bytes.count - 2, by: 7) {
      #expect(throws: FormatError.self) { try Vocabulary(decoding: Array(bytes[..<length])) }
    }
    for place in stride(from: 0, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[place] ^= UInt8(1 << (place % 8))
      if let read = try? Vocabulary(decoding: damaged) { #expect(read.count <= 113) }
    }
  }
}
