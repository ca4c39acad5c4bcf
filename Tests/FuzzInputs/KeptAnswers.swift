import Foundation

/// Digests of very many answers that a file keeps: a line for each name, with a digest for each part of its answers.
///
/// With `RECORD` in the environment the file is written anew.
public struct KeptAnswers {
  private let file: URL
  private var answers: [(name: String, parts: [String])] = []

  /// Answers that `file` keeps.
  public init(_ file: URL) { self.file = file }

  /// Adds the answers of one name, in parts that are told apart.
  public mutating func add(_ name: String, _ parts: [String]) { answers.append((name, parts)) }

  /// What the parts answer that are others than those that were kept.
  public func changes() throws -> [String] {
    let lines = answers.map { answer in
      answer.name + ": " + answer.parts.map { Self.digest($0) }.joined(separator: " ")
    }
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
      return []
    }
    let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n").map(String.init)
    guard kept.count == lines.count else { return ["\(lines.count) names, of which \(kept.count) are kept"] }
    return zip(answers, zip(lines, kept)).flatMap { answer, line -> [String] in
      guard line.0 != line.1 else { return [] }
      let (new, old) = (line.0.split(separator: " "), line.1.split(separator: " "))
      let count = answer.parts.count
      guard old.count == new.count else { return ["\(answer.name) has \(count) parts, of which others are kept"] }
      let changed = (0..<count).filter { new[new.count - count + $0] != old[old.count - count + $0] }
      return changed.prefix(3).map {
        "\(answer.name) answers in part \($0), otherwise than before:\n\(answer.parts[$0])"
      }
    }
  }

  /// 32 bits of a text (Fowler, Noll and Vo's hash).
  public static func digest(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let bits = String(UInt32(truncatingIfNeeded: hash ^ hash >> 32), radix: 16)
    return String(repeating: "0", count: 8 - bits.count) + bits
  }

  /// A text with at most three decimals of each number, as further ones depend on the machine.
  public static func rounded(_ text: String) -> String {
    var (bytes, decimals): ([UInt8], Int) = ([], -1)
    for byte in text.utf8 {
      let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      decimals = byte == UInt8(ascii: ".") ? 0 : isDigit && decimals >= 0 ? decimals + 1 : -1
      if decimals <= 3 { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
