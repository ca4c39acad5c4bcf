import Foundation
import Testing

/// Words of CSV files that stand for nothing.
@Suite struct MissingWordTests {
  /// The words that pandas takes for missing, but for those that are numbers here, and others.
  private static let words = [
    "NA", "N/A", "n/a", "<NA>", "#NA", "#N/A", "#N/A N/A", "NULL", "null", "nil", "None", "none", "\\N", "1.#IND",
    "-1.#IND", "1.#QNAN", "-1.#QNAN",
  ]
  private static let numbers = ["nan", "NaN", "-nan", "-NaN"]

  private func read(_ values: [String], _ options: String = "") -> (text: String, notices: [String]) {
    let session = TestSession()
    let name = "words-\(UUID().uuidString).csv"
    let lines = (["n,v"] + values.enumerated().map { "\($0),\($1)" }).joined(separator: "\n") + "\n"
    let quoted = lines.map { ["\"", "\\"].contains($0) ? "\\\($0)" : $0 == "\n" ? "\\n" : String($0) }.joined()
    let text = session.run("write_text \"\(name)\", \"\(quoted)\"\nprint read_table(\"\(name)\"\(options)).v")
    return (text, session.notices.map { $0.replacingOccurrences(of: name, with: "words.csv") })
  }

  @Test(arguments: words) func isMissingAmong(word: String) {
    for form in [word, " \(word)", "\(word) "] {
      #expect(read(["1", form, "2.5"]).text == "[1, nil, 2.5]\n", "\(form)")
      #expect(read(["true", form, "False"]).text == "[true, nil, false]\n", "\(form)")
      #expect(
        read(["2024-01-05", form, "2024-01-06T10:00"]).text == "[\"2024-01-05\", nil, \"2024-01-06T10:00\"]\n",
        "\(form)")
      #expect(read(["1", form, "2.5"]).notices == [])
    }
    // In quotes it is a text, and so it is among texts.
    let (quoted, notices) = read(["1", "\"\(word)\"", "2.5"])
    #expect(quoted.contains("\"1\"") && notices.count == 1, "\(quoted) \(notices)")
    #expect(!read(["2024-01-05", "\"\(word)\""]).text.replacingOccurrences(of: "\"nil\"", with: "").contains("nil"))
    let among = read(["x", word])
    #expect(
      !among.text.replacingOccurrences(of: "\"nil\"", with: "").contains("nil") && among.notices.count == 1
        && among.notices[0].contains("on line 3 is one"))
    for alone in [read([word, word]), read([word, ""])] {
      #expect(alone.text == "[nil, nil]\n" && alone.notices == [])
    }
    let literal = word.replacingOccurrences(of: "\\", with: "\\\\")
    let told = read(["x", word, "\"\(word)\""], ", missing: [\"\(literal)\"]")
    #expect(told.text == "[\"x\", nil, nil]\n" && told.notices == [], "\(told)")
  }

  @Test(arguments: numbers) func isANumberAmongNumbers(word: String) {
    #expect(read(["1", word]).text == "[1, nan]\n")
    #expect(read(["true", word]).text == "[true, nil]\n")
    #expect(read(["2024-01-05", word]).text == "[\"2024-01-05\", nil]\n")
  }

  /// A value that makes a column of numbers one of texts is told with its line, and `missing:` takes it out.
  @Test func tellsWhatKeepsAColumnFromBeingOfNumbers() {
    let (text, notices) = read(["1", "2", "n.d.", "", "3", "?"])
    #expect(text == "[\"1\", \"2\", \"n.d.\", nil, \"3\", \"?\"]\n")
    #expect(
      notices == [
        "\"v\" of words.csv is a column of texts: \"n.d.\" on line 4 is no number, as 1 more is not; "
          + "`read_table(\"words.csv\", missing: [\"n.d.\", \"?\"])` takes them for missing"
      ])
    // The call keeps what was said of the file, and nothing is advised where many texts or long ones are in the way.
    let kept = read(["1", "2", "n.d.", "3", "?"], ", separator: \",\", missing: [\"?\"]").notices
    let call = "`read_table(\"words.csv\", separator: \",\", missing: [\"?\", \"n.d.\"])` takes it for missing"
    #expect(kept.count == 1 && kept[0].hasSuffix("is no number; " + call), "\(kept)")
    let numbers = (0..<9).map { "\($0)" }
    for others in [["a", "b", "c", "d", "e"], [String(repeating: "a text ", count: 9)]] {
      let told = read(numbers + others).notices
      #expect(told.count == 1 && !told[0].contains("missing"), "\(told)")
    }
    let told = read(["1", "2", "n.d.", "", "3", "-999"], ", missing: [\"n.d.\", \"-999\"]")
    #expect(told.text == "[1, 2, nil, nil, 3, nil]\n" && told.notices == [])
    #expect(
      read(["1", "2", "12345678901234567890"]).notices.first?.contains("a longer number than 64 bits hold") == true)
    #expect(read(["a", "b", "1"]).notices == [] && read(["1,5", "2,5"].map { "\"\($0)\"" }).notices.count == 1)
    // Words that say nothing among numbers are not what keeps a column from them.
    let behind = read(["1", "2", "3", "4", "NA", "-", "5"]).notices
    #expect(behind.count == 1 && behind[0].contains("\"-\" on line 7 is no number; "), "\(behind)")
    #expect(read(["x", "NA"], ", texts: [\"v\"]").notices == [])
  }

  /// The line is right in long files, which are read in parts, and below lines that are left out.
  @Test(arguments: [10, 400_000]) func tellsTheLine(count: Int) {
    let session = TestSession()
    let output = session.run(
      """
      rows = ["1234567"] * \(count)
      rows[\(count - 4)] = "odd"
      write_text "long.csv", "# first\\nv\\n\\n" + join(rows, "\\n") + "\\n"
      t = read_table("long.csv", comment: "#")
      print len(t)
      """)
    #expect(output == "\(count)\n")
    #expect(session.notices.contains { $0.contains("\"odd\" on line \(count)") }, "\(session.notices)")
  }
}
