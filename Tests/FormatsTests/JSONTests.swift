import Formats
import Foundation
import Safepoint
import Testing

@Suite struct JSONTests {
  private func read(_ text: String) throws(JSONFault) -> JSON { try JSON(Array(text.utf8)) }

  private func fault(_ text: String) -> JSONFault? {
    do throws(JSONFault) {
      _ = try read(text)
      return nil
    } catch { return error }
  }

  @Test func fieldsKeepTheirOrder() throws {
    let value = try read(#" { "b" : [ 1 , -2.5 , { } ] , "a" : null, "" : true } "#)
    #expect(value.fields?.map(\.name) == ["b", "a", ""])
    #expect(value["b"] == .array([.integer(1), .number(-2.5), .object([])]))
    #expect(value.text() == #"{"b":[1,-2.5,{}],"a":null,"":true}"#)
    #expect(value.text(.spaced) == #"{"b": [1, -2.5, {}], "a": null, "": true}"#)
    #expect(try read(value.text(.indented)) == value)
  }

  @Test func aValueALine() {
    let value = JSON.object([
      .init("a", .array([.integer(1), .object([.init("b", .bool(false))])])), .init("c", .array([])),
    ])
    #expect(
      value.text(.indented) == """
        {
          "a" : [
            1,
            {
              "b" : false
            }
          ],
          "c" : []
        }
        """)
  }

  @Test(arguments: [
    ("9007199254740993", JSON.integer(9_007_199_254_740_993)), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .literal("9223372036854775808")),
    ("-9223372036854775809", .literal("-9223372036854775809")), ("0", .integer(0)), ("-0", .number(-0.0)),
    ("1.0", .number(1)), ("1e2", .number(100)), ("184467440737095516160", .literal("184467440737095516160")),
    ("1e-400", .number(0)), ("0.1", .number(0.1)), ("-1.5e999", .literal("-1.5e999")),
  ])
  func wholeNumbersAreExact(text: String, value: JSON) throws { #expect(try read(text) == value) }

  @Test(arguments: [
    (JSON.integer(.min), "-9223372036854775808"), (.number(1e15), "1000000000000000"), (.number(1e16), "1e+16"),
    (.number(-0x1p53), "-9007199254740992"), (.number(0x1p53 + 2), "9.007199254740994e+15"),
    (.literal("1e999"), "1e999"),
    (.number(0.1), "0.1"), (.number(.nan), "null"), (.number(-.infinity), "null"),
    (.number(.leastNonzeroMagnitude), "5e-324"),
  ])
  func numbersAreWrittenExactly(value: JSON, text: String) { #expect(value.text() == text) }

  @Test func textsAreWrittenForEveryReader() throws {
    let text = String(String.UnicodeScalarView((0...0x2100).compactMap { Unicode.Scalar($0) })) + "😀"
    let written = JSON.array([.string(text)]).text()
    #expect(try read(written) == .array([.string(text)]))
    let foreign = try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String]
    #expect(foreign == [text])
    #expect(written.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
  }

  @Test(arguments: [
    ("", 0, 1, "it stops where a value should begin"), ("[1,\n ]", 5, 2, "a comma stands before ]"),
    ("{\n\"a\": [1,\n}", 11, 3, "expected a value"), ("[1 2]", 3, 1, "expected , or ] in a list"),
    ("{a: 1}", 1, 1, "expected a key in quotes"), ("{\"a\" 1}", 5, 1, "expected : after a key"),
    ("{\"a\":1 \"b\"}", 7, 1, "expected , or } in an object"), ("[1] 2", 4, 1, "text follows the value"),
    ("tru", 0, 1, "expected true"), ("01", 2, 1, "a number begins with 0"),
    ("1.", 2, 1, "expected a digit after the point"),
    ("1e", 2, 1, "expected the digits of an exponent"), ("1e999 1", 6, 1, "text follows the value"),
    ("\"a", 2, 1, "a string is never closed"), ("\"\\x\"", 3, 1, "an unknown escape"),
    ("\"\\ud800\"", 7, 1, "half of a surrogate pair"), ("\"\\u12\"", 3, 1, "\\u needs four hexadecimal digits"),
    ("\"\t\"", 2, 1, "a control character stands in a string"), ("NaN", 0, 1, "NaN is no number of JSON"),
    ("{\"a\":1,\"\\u0061\":2}", 16, 1, "the name \"a\" is given twice"),
  ])
  func faultsHaveAPlace(text: String, byte: Int, line: Int, reason: String) {
    let found = fault(text)
    #expect(found?.reason == reason && found?.byte == byte && found?.line == line, "\(String(describing: found))")
  }

  @Test func aStringThatIsNotUTF8() {
    #expect(throws: JSONFault.self) { try JSON([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONFault.self) { try JSON([0x22, 0x5C, 0x6E, 0xC3, 0x22]) }
  }

  @Test func nestingHasALimit() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(try read(nested(200)).elements?.count == 1)
    #expect(fault(nested(201))?.reason == "it is nested deeper than 200")
    #expect(fault(String(repeating: "{\"a\":", count: 1_000_000))?.reason == "it is nested deeper than 200")
  }

  /// Whatever a text is made of, reading and writing it end when the work must stop.
  @Test func stops() {
    let watch = Watch(Interruption())
    var bounds = Watch.Bounds()
    bounds.deadline = 1
    watch.bounds = bounds
    let long = 1 << 17
    let string = String(repeating: "a", count: long)
    let texts = [
      String(repeating: " ", count: long), "\"\(string)\"", String(repeating: "1", count: long),
      "[" + String(repeating: "1,", count: long), "{\"\(string)\":1}", "\"\(String(repeating: "\\n", count: long))\"",
    ]
    Safepoint.$watch.withValue(watch) {
      for text in texts { #expect(fault(text)?.kind == .stopped, "\(text.prefix(9))") }
      #expect(JSON.string(string).text().utf8.count < long)
    }
  }

  @Test func fieldsHaveTypes() throws {
    let value = try read(#"{"n": 2.0, "x": 1.5, "t": "a", "l": [1, 2], "z": null, "m": [1, "a"]}"#)
    #expect(try value.required("n", Int.self) == 2 && value.required("n", Double.self) == 2)
    #expect(try value.required("l", [Int].self) == [1, 2] && value.required("t", String.self) == "a")
    #expect(try value.optional("z", Int.self) == nil && value.optional("q", [String].self) == nil)
    func message(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return "\(error)" }
      return nil
    }
    #expect(message { _ = try value.required("q", Int.self) } == "lacks q")
    #expect(message { _ = try value.optional("x", Int.self) } == "x should be a whole number, found 1.5")
    #expect(message { _ = try value.optional("t", Bool.self) } == "t should be true or false, found a")
    #expect(
      message { _ = try value.optional("m", [Int].self) } == "m should be a list of whole numbers, found [1, \"a\"]")
  }
}
