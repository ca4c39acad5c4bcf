import Formats
import Testing

struct JSONLineTests {
  private func lines(_ text: String) throws -> [JSONLine] { try JSONLine.decode(Array(text.utf8), file: "m.jsonl") }

  @Test func readsObjectsInOrder() throws {
    let lines = try lines("{\"b\": \"x\\n\\u00e9\", \"a\": 7}\r\n\n{\"c\": -1.5, \"d\": false, \"e\": null}")
    #expect(lines.map(\.number) == [1, 3])
    #expect(lines[0].fields.map(\.name) == ["b", "a"] && lines[0].fields.map(\.text) == ["x\né", "7"])
    #expect(lines[1].fields.map(\.name) == ["c", "d", "e"] && lines[1].fields.map(\.text) == ["-1.5", "false", nil])
  }

  @Test(arguments: [
    ("{}\n[1]", "line 2: is not a JSON object of texts and numbers"),
    ("{\"a\":[1]}", "line 1: is not a JSON object of texts and numbers"),
    ("{\"a\":1", "line 1: is not a JSON object of texts and numbers"),
    ("{\"a\":1,\"a\":2}", "line 1: the name \"a\" is given twice"),
  ])
  func namesTheWrongLine(text: String, message: String) {
    #expect(throws: FormatError(.malformed, in: "m.jsonl", message)) { try lines(text) }
  }

  @Test func truncatedOrDamagedLinesThrowOrDecode() {
    let bytes = Array("{\"a\": \"b\\\"c\", \"d\": 1}\n{\"é\": true}\n".utf8)
    var generator = SeededGenerator(state: 5)
    for place in bytes.indices {
      for _ in 0..<8 {
        var damaged = bytes
        damaged[place] ^= UInt8.random(in: 1...255, using: &generator)
        for text in [damaged, Array(damaged[..<place])] {
          if let lines = try? JSONLine.decode(text) { #expect(lines.count <= 3) }
        }
      }
    }
  }
}
