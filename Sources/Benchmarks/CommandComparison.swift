import Foundation
import PixelScript

/// Times every command on the language's own values beside the Python that does the same, by the rows of a table.
struct CommandComparison {
  /// A row of the table.
  struct Row {
    let name, preparation, call, answer, pythonPreparation, pythonCall: String

    init?(_ line: Substring) {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard !line.hasPrefix("#"), fields.count == 6 else { return nil }
      (name, preparation, call) = (fields[0], fields[1], fields[2])
      (answer, pythonPreparation, pythonCall) = (fields[3], fields[4], fields[5])
    }
  }

  private static let turns = 2_000
  private static let tries = 100
  var python = "python3"
  private let rows: [Row]

  /// Reads a table.
  init(_ file: String) throws {
    rows = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").compactMap(Row.init)
  }

  /// Prints the nanoseconds of a call less those of the empty loop, at best, and the ratio: above 1 is faster than Python.
  func run(_ names: [String]) throws {
    print("call                                 here    python   ratio")
    var logarithms: [Double] = []
    for row in rows where names.isEmpty || names.contains(row.name) {
      let (ours, theirs) = (try here(row), try there(row))
      let ratio = theirs / ours
      logarithms.append(log(ratio))
      let numbers = String(format: "%9.0f %9.0f %7.2f", ours, theirs, ratio)
      print(row.call.padding(toLength: 32, withPad: " ", startingAt: 0) + numbers)
    }
    print("geometric mean", String(format: "%.2f", exp(logarithms.reduce(0, +) / Double(max(logarithms.count, 1)))))
  }

  private func here(_ row: Row) throws -> Double {
    let interpreter = Interpreter(registry: Registry([Builtins.values])) { _ in }
    let answer = try interpreter.run("i = 7\n\(row.preparation)\n\(row.call)")
    try WrongAnswer.check((answer ?? .nil).description == row.answer, "\(row.call) gave \(answer?.echo ?? "nothing")")
    let result = try interpreter.run(
      """
      fn full(n) {
        \(row.preparation)
        start = now()
        for i in range(n) { \(row.call) }
        return now() - start
      }
      fn bare(n) {
        start = now()
        for i in range(n) { }
        return now() - start
      }
      fn best(f) = min(map(range(\(Self.tries)), fn(k) = f(\(Self.turns))))
      (best(full) - best(bare)) / \(Self.turns) * 1e9
      """)
    guard case .number(let time) = result else { throw WrongAnswer(description: "\(row.call) gave no time") }
    return max(time, 0.5)
  }

  private func there(_ row: Row) throws -> Double {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      python, "-c",
      """
      import time
      def full(n):
          \(row.pythonPreparation.isEmpty ? "pass" : row.pythonPreparation)
          start = time.perf_counter()
          for i in range(n): \(row.pythonCall)
          return time.perf_counter() - start
      def bare(n):
          start = time.perf_counter()
          for i in range(n): pass
          return time.perf_counter() - start
      def best(f): return min(f(\(Self.turns)) for k in range(\(Self.tries)))
      print((best(full) - best(bare)) / \(Self.turns) * 1e9)
      """,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let time = Double(text) else { throw WrongAnswer(description: "\(row.pythonCall) gave no time") }
    return max(time, 0.5)
  }
}
