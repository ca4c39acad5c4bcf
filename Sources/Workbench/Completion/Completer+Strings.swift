import Foundation
import PixelScript

/// A string at the end of a text that has no closing quote.
struct UnclosedString {
  /// The byte after the opening quote.
  let start: Int
  /// What stands after it.
  let content: String
  /// The quote that closes it.
  let quote: String
  /// The byte after the last open brace of a string with values, where an expression is being written.
  let expressionStart: Int?

  /// Returns nil for a token that is no string or a whole one.
  init?(_ token: Token, in text: String) {
    switch token.kind {
    case .string, .interpolation: break
    default: return nil
    }
    let bytes = Array(text.utf8)[token.span.range]
    let quotes = [UInt8(ascii: "\""), UInt8(ascii: "'")]
    guard let opening = bytes.firstIndex(where: quotes.contains) else { return nil }
    let isClosed = bytes.endIndex - opening > 1 && bytes.last == bytes[opening]
    guard !isClosed else { return nil }
    start = opening + 1
    content = String(decoding: bytes[start...], as: UTF8.self)
    quote = String(decoding: [bytes[opening]], as: UTF8.self)
    let brace = bytes[start...].lastIndex(of: UInt8(ascii: "{"))
    let isOpen = brace.map { !bytes[$0...].contains(UInt8(ascii: "}")) } ?? false
    let hasValues = if case .interpolation = token.kind { true } else { false }
    expressionStart = hasValues && isOpen ? brace.map { $0 + 1 } : nil
  }
}

extension Completer {
  /// The keys or columns that the string can be, the choices of the parameter that it is for, else the files.
  func inString(_ string: UnclosedString, start: Int, after tokens: [Token]) -> Completion? {
    func words(_ words: [String]) -> Completion? {
      matching(string.content, start, words.map { .init($0 + string.quote, label: $0) })
    }
    if case .sign(.leftBracket) = tokens.last?.kind {
      let keys = keys(of: tokens.dropLast())
      if !keys.isEmpty { return words(keys.filter { !$0.contains(string.quote) && !$0.contains("\\") }) }
    }
    if let call = CallScanner.openCall(after: tokens, throughLists: true, isCallable: isCallable),
      let signature = signature(for: call)
    {
      if !signature.choices.isEmpty { return words(signature.choices) }
      if signature.completion == .column { return words(columns(in: call, tokens)) }
    }
    return matching(string.content, start, Self.paths(startingWith: string.content, quote: string.quote))
  }

  /// The files and folders whose path starts with what was typed.
  private static func paths(startingWith typed: String, quote: String) -> [Completion.Candidate] {
    let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
    let name = typed.dropFirst(folder.count)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder) else {
      return []
    }
    return names.filter { $0.hasPrefix(name) && (!$0.hasPrefix(".") || name.hasPrefix(".")) }.sorted().map { name in
      // A path that leads into a folder goes on.
      let isFolder = URL(fileURLWithPath: folder + name).hasDirectoryPath
      return .init(folder + name + (isFolder ? "/" : quote), label: name + (isFolder ? "/" : ""))
    }
  }
}
