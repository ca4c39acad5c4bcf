import Formats
import Testing

@Suite struct PackedTextsTests {
  static let texts: [String?] = ["a", nil, "", nil, "é\u{301}", nil, nil, "x\0y", "last"]

  private func packed(_ texts: [String?]) -> PackedTexts {
    var packed = PackedTexts()
    for text in texts { packed.append(text) }
    return packed
  }

  @Test func textsComeBackAsTheyWere() {
    let packed = packed(Self.texts)
    #expect(packed.count == Self.texts.count && (0..<packed.count).map { packed[$0] } == Self.texts)
    #expect((0..<packed.count).map { packed.isMissing(at: $0) } == Self.texts.map { $0 == nil })
  }

  @Test func theyArePickedAndJoined() {
    let places = [8, 1, -1, 4, 4]
    var picked = PackedTexts()
    picked.append(picking: places[...], of: packed(Self.texts))
    #expect(picked == packed(["last", nil, nil, "é\u{301}", "é\u{301}"]))
    var joined = packed(["z"])
    joined.append(contentsOf: packed(Self.texts))
    #expect(joined == packed(["z"] + Self.texts))
  }
}
