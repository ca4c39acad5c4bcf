import Testing
import Workbench

@Suite struct PackedTextsTests {
  static let texts: [String?] = [
    "a", nil, "", nil, "é\u{301}", nil, nil, "x\0y", "last", "a", "", "a long text of more than thirty-two bytes",
  ]

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

  @Test func theyArePickedAndJoined() throws {
    let picked = try packed(Self.texts).picking([8, 1, -1, 4, 4])
    #expect(picked == packed(["last", nil, nil, "é\u{301}", "é\u{301}"]))
    var joined = packed(["z"])
    try joined.append(contentsOf: packed(Self.texts))
    #expect(joined == packed(["z"] + Self.texts))
    #expect(joined != packed(["y"] + Self.texts) && joined != packed(["z"]))
  }

  /// Where most differ each row has an entry of its own; nothing else is told from one with few texts.
  @Test func manyDifferentOnesAreNoOthers() throws {
    let texts = (0..<40_000).map { $0 % 3 == 2 ? nil : "text \($0 % 30_000)" }
    let many = packed(texts)
    #expect((0..<many.count).allSatisfy { many[$0] == texts[$0] })
    let places = stride(from: 39_999, to: 0, by: -7).map { $0 }
    let some = try many.picking(places)
    #expect(some == packed(places.map { texts[$0] }))
    #expect(try many.picking([3, -1]) == packed([texts[3], nil]))
  }
}
