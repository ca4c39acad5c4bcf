import Formats
import Testing

@Suite struct PackedTextsTests {
  @Test func rowsComeBackAsTheyWere() {
    let rows: [[String?]] = [["a", nil, ""], [], [nil], ["", "é\u{301}", nil, nil, "x\0y"], [nil, "last"]]
    var texts = PackedTexts()
    for row in rows { texts.append(row) }
    #expect(texts.count == rows.count && (0..<rows.count).map { texts[$0] } == rows)
  }
}
