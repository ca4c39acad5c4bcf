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
        "2:1 syntax: `break` outside a loop"
      ]
    ),
  ])
  func areTold(text: String, expected: [String]) {
    #expect(faults(text) == expected)
  }

  /// Names that get a value in any way are none, and what an open import brings in is not known.
  @Test(arguments: [
    "f(2)\nfn f(n) = n * pi", "m = {x: 1}\nfor a, b in m { print a, b }",
    "try { raise \"a\" } catch e { print e.message }",
    "param p = 1\nprint p", "import \"x.pxb\"\nprint y",
    "run \"x.pxb\"\nprint y", "import \"x.pxb\" as m\nprint m.y", "1 + 1\nprint _, __",
    "seed = 3\nprint seed + 1", "if false { x = 1 }\nprint x", "y = [1].map(fn(z) = z)\nprint y.sorted()",
    "print {a: 1}.a, inf, nan", "fn g() { return late }\nlate = 1\ng()",
  ])
  func areNone(text: String) { #expect(faults(text) == []) }

  /// Every script that runs without errors has no faults: the notebooks, the tasks, and those of the tests.
  @Test func scriptsThatRunHaveNone() throws {
    let root = Golden.root.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    var count = 0
    for folder in ["Notebooks", "Scripts", "Tests/Scripts"] {
      let files = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
      for case let file as String in try #require(files) where file.hasSuffix(".pxb") {
        let text = try String(contentsOf: root.appending(path: folder).appending(path: file), encoding: .utf8)
        // Errors are expected, or caught, or the commands are those of other tests.
        let isOther =
          ["expect error", "try", "TestCommands"].contains { text.contains($0) } || file.contains("errors/")
        guard !isOther else { continue }
        count += 1
        let found = TestSession().session.faults(of: Array(text.utf8), name: file).map(\.message)
        #expect(found == [], "\(file)")
      }
    }
    #expect(count > 100)
  }
}
