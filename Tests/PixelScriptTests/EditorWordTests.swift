import Foundation
import PixelScript
import Testing

/// The files for editors know the words of the language, and no others.
@Suite struct EditorWordTests {
  private static let words = Set(Keyword.allCases.map(\.rawValue)).union(Constant.all.map(\.name))

  private func text(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).appending(path: "../../../Editors").standardized
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test func vimKnowsThem() throws {
    let lines = try text("vim/syntax/pxb.vim").split(separator: "\n").filter { $0.hasPrefix("syntax keyword") }
    #expect(Set(lines.flatMap { $0.split(separator: " ").dropFirst(3).map(String.init) }) == Self.words)
  }

  @Test func emacsKnowsThem() throws {
    let lists = try text("emacs/pxb-mode.el").matches(of: /regexp-opt '\(([^)]*)\)/).flatMap { match in
      match.output.1.matches(of: /"(\w+)"/).map { String($0.output.1) }
    }
    #expect(Set(lists) == Self.words)
  }

  @Test func textMateKnowsThem() throws {
    let grammar = try text("vscode/syntaxes/pxb.tmLanguage.json")
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(grammar.utf8)) }
    let start = try #require(grammar.firstRange(of: "\"keyword\": {")).upperBound
    let end = try #require(grammar[start...].firstRange(of: "\"call\": {")).lowerBound
    let listed = grammar[start..<end].matches(of: /\(\?:([a-z|]+)\)\\\\b/).flatMap { $0.output.1.split(separator: "|") }
    // Those that make a definition have a rule of their own.
    let defining = grammar.matches(of: /\((fn|param)\)/).map(\.output.1)
    #expect(Set((listed + defining).map(String.init)) == Self.words)
  }

  /// The grammar for tree-sitter has the words and signs of the language, and no others.
  @Test func treeSitterKnowsThem() throws {
    let grammar = try text("tree-sitter/grammar.js")
    func list(_ name: String) throws -> [String] {
      let start = try #require(grammar.firstRange(of: "const \(name) = [")).upperBound
      let end = try #require(grammar[start...].firstRange(of: "];")).lowerBound
      return grammar[start..<end].matches(of: /'([^']+)'/).map { String($0.output.1) }
    }
    #expect(try list("KEYWORDS") == Keyword.allCases.map(\.rawValue).sorted())
    let brackets: Set = ["(", ")", "[", "]", "{", "}"]
    #expect(try list("SIGNS") == Sign.allCases.map(\.rawValue).filter { !brackets.contains($0) })
    let queries = try text("tree-sitter/queries/highlights.scm")
    for word in Keyword.allCases { #expect(queries.contains("\"\(word.rawValue)\""), "\(word.rawValue)") }
    for name in Constant.all.map(\.name) { #expect(queries.contains("\"\(name)\""), "\(name)") }
    // A rule that a query or another rule names is there.
    let rules = Set(grammar.matches(of: /\n    (\w+): \$ =>/).map { String($0.output.1) })
    for name in grammar.matches(of: /\$\.(\w+)/).map({ String($0.output.1) }) {
      #expect(rules.contains(name) || name == "text", "\(name)")
    }
    for name in queries.matches(of: /[(\[]([a-z_]+)\)/).map({ String($0.output.1) }) {
      #expect(rules.contains(name), "\(name)")
    }
  }
}
