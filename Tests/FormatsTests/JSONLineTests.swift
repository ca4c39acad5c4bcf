import Formats
import Testing

struct JSONLineTests {
  private func lines(_ text: String) throws -> [JSONLine] { try JSONLine.decode(Array(text.utf8), file: "m.jsonl") }

  @Test func readsObjectsInOrder() throws {
    let lines = try lines("{\"b\": \"x\\n\\u00e9\", \"a\": 7}\r\n\n{\"c\": -1.5, \"d\": false, \"e\": null}")
    #expect(lines.map(\.number) == [1, 3])
    #expect(lines[0].fields == [.init("b", .string("x\né")), .init("a", .integer(7))])
    #expect(lines[1].fields == [.init("c", .number(-1.5)), .init("d", .bool(false)), .init("e", .null)])
    let nested = try self.lines(#"{"tags": ["red", {"n": 1}], "x": -Infinity}"#)
    #expect(
      nested[0].fields == [
        .init("tags", .array([.string("red"), .object([.init("n", .integer(1))])])), .init("x", .number(-.infinity)),
      ])
    #expect(try self.lines("\u{FEFF}{\"a\": 1}")[0].fields == [.init("a", .integer(1))])
  }

  @Test(arguments: [
    ("{}\n[1]", "line 2, column 1: expected an object in braces, found a list"),
    ("{\"a\": 1,}", "line 1, column 9, key \"a\": a comma stands before }"),
    ("{\"a\": [1,]}", "line 1, column 10, key \"a\": a comma stands before ]"),
    ("{\"a\":1", "line 1, column 7, key \"a\": expected , or } in an object"),
    ("{\"a\": {\"b\": nul}}", "line 1, column 13, key \"a.b\": expected null"),
    ("{\"a\":1,\"a\":2}", "line 1, column 12, key \"a\": the name \"a\" is given twice"),
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
