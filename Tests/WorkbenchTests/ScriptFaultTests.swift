import Foundation
import PixelScript
import Testing
import Workbench

/// What is said to be wrong with a script that does not run.
@Suite struct ScriptFaultTests {
  private func faults(_ text: String) -> [String] {
    TestSession().session.faults(of: Array(text.utf8), name: "x.pxb").map { fault in
      let place = fault.location.map { $0.source.position(at: Int($0.span.start)) }
      return "\(place?.line ?? 0):\(place?.column ?? 0) \(fault.kind.rawValue): \(fault.message)"
    }
  }

  /// Each name to which nothing gives a value is told once, where it stands first; names of functions' own are theirs.
  @Test(arguments: [
    ("print y", ["1:7 name: there is no variable or command `y`"]),
    (
      "x = 1\nprint x + z\nz + q",
      [
        "2:11 name: there is no variable or command `z`", "3:5 name: there is no variable or command `q`",
      ]
    ),
    (
      "fn f(a, b: c) { d = a\nreturn d + e }\nf(1)",
      [
        "1:12 name: there is no variable or command `c`", "2:12 name: there is no variable or command `e`",
      ]
    ),
    ("try { zeros(2, \"a\") } catch e { print e.kind }", []),
    ("fn f() { inner = 1 }\nprint inner", ["2:7 name: there is no variable or command `inner`"]),
    (
      "xs = [i * k for i in range(3)]\nprint i",
      [
        "1:11 name: there is no variable or command `k`", "2:7 name: there is no variable or command `i`",
      ]
    ),
    ("print f\"{v}\"", ["1:10 name: there is no variable or command `v`"]),
    ("lst[0] = 1", ["1:1 name: there is no variable or command `lst`"]),
    ("foo(3)", ["1:1 name: there is no variable or command `foo`"]),
    (
      "# %% A\nbreak\n# %% B\nprint y",
      [
        "2:1 syntax: `break` outside a loop", "4:7 name: there is no variable or command `y`",
      ]
    ),
  ])
  func areTold(text: String, expected: [String]) {
    #expect(faults(text) == expected)
  }

  /// A statement that can't be read hides none of what stands around it, and names that it may give values to are not missing.
  @Test(arguments: [
    (
      "print a\nx = (1 2)\nprint b",
      [
        "1:7 name: there is no variable or command `a`", "2:8 syntax: expected `,` or `)`, found `2`",
        "3:7 name: there is no variable or command `b`",
      ]
    ),
    ("x = )\nprint x", ["1:5 syntax: expected a value, found `)`"]),
    ("for k in = { print k }", ["1:10 syntax: expected a value, found `=`"]),
    ("def f(x):\n  y = x\nf(1) + y", ["1:1 syntax: a function is written with `fn`, its block in braces"]),
    (
      "a = \"one\nprint b",
      ["1:5 syntax: the string is never closed", "2:7 name: there is no variable or command `b`"]
    ),
    ("import \nprint b", ["1:7 syntax: expected the path of a script as a string, found the end of the line"]),
    (
      "# %% A\nx = [1,\n# %% B\nsqrt(1, 2)\nprint x + y",
      [
        "2:5 syntax: `[` is never closed",
        "4:9 type: `sqrt` takes at most 1 argument by position, found 2",
        "5:11 name: there is no variable or command `y`",
      ]
    ),
  ])
  func hideNoOthers(text: String, expected: [String]) { #expect(faults(text) == expected) }

  /// What is told of the arguments of a call is what the call would tell.
  @Test(arguments: [
    "sqrt(1, 2)", "sqrt()", "sqrt(\"a\")", "sprites(cont: 3)", "sprites(3, count: 4)", "lstm(dim: \"a\")",
    "lstm(dim: 1.5)",
    "plot([1], kind: \"lines\")", "split(\"a,b\", 3)", "upper(3)", "round(1, 2, 3)", "range(true)",
    "print(1, bye: 2)", "len(1, 2)", "seed(\"a\")", "sum([1], foo: 2)",
    "for i in range(\"a\") { }", "str(1, 2, 3)", "recall \"a\"", "x = upper 3",
  ])
  func areThoseOfTheRun(text: String) {
    let session = TestSession()
    let told = session.session.faults(of: Array(text.utf8), name: "x.pxb")
    let run = session.session.run(text, name: "x.pxb").diagnostics
    #expect(run.map(\.message) == told.map(\.message) && !run.isEmpty)
    #expect(run.map(\.location?.span) == told.map(\.location?.span))
  }

  /// Nothing is told of arguments that only the run knows, nor of functions of the script.
  @Test(arguments: [
    "fn sqrt(a, b) = a + b\nsqrt(1, 2)", "n = 3\nsprites(count: n)", "import \"x.pxb\"\nsqrt(1, 2)",
    "reshape(zeros(4), [2, 2])", "str(nil)", "sum(zeros(2, 2), axis: [0, 1])", "load_session \"x\"\nsqrt(1, 2)",
    "x = zeros(2).sum(0)", "lstm(dim: -1)",
  ])
  func areLeftToTheRun(text: String) { #expect(faults(text) == []) }

  /// Names that get a value in any way are none, and what an open import brings in is not known.
  @Test(arguments: [
    "f(2)\nfn f(n) = n * pi", "m = {x: 1}\nfor a, b in m { print a, b }",
    "try { raise \"a\" } catch e { print e.message }",
    "param p = 1\nprint p", "import \"x.pxb\"\nprint y",
    "run \"x.pxb\"\nprint y", "import \"x.pxb\" as m\nprint m.y", "1 + 1\nprint _, __",
    "seed = 3\nprint seed + 1", "if false { x = 1 }\nprint x", "y = [1].map(fn(z) = z)\nprint y.sorted()",
    "print inf, nan, {a: 1}.a", "fn g() { return late }\nlate = 1\ng()",
  ])
  func areNone(text: String) { #expect(faults(text) == []) }

  /// Every script that runs without errors has no faults: the notebooks, the tasks, and those of the tests of sessions.
  @Test func scriptsThatRunHaveNone() throws {
    let root = Golden.root.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    var count = 0
    for folder in ["Notebooks", "Scripts", "Tests/Scripts/workbench"] {
      let files = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
      for case let file as String in try #require(files) where file.hasSuffix(".pxb") {
        let bytes = try Data(contentsOf: root.appending(path: folder).appending(path: file))
        let text = String(decoding: bytes, as: UTF8.self)
        // Errors are expected, or caught, or the commands are those of other tests.
        let isOther =
          ["expect error", "try", "TestCommands"].contains { text.contains($0) }
          || ["errors/", "told/"].contains(where: file.contains)
        guard !isOther else { continue }
        count += 1
        let found = TestSession().session.faults(of: Array(bytes), name: file).map(\.message)
        #expect(found == [], "\(file)")
      }
    }
    #expect(count > 40)
  }
}
