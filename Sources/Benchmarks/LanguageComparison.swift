import Foundation
import PixelBytes
import PixelScript

/// Times the same programs in the language, in Python and in Lua, in turn.
///
/// Each run counts from the text to the answer, without the start of the interpreter: all three read and compile it too.
struct LanguageComparison {
  /// The command that runs Python, and the one that runs Lua; a missing one leaves its columns empty.
  var python = "python3"
  var lua = "lua5.4"
  var rounds = 5

  /// Prints a row for each program: the median seconds of each language and the median ratios within a round.
  func run(_ programs: [LanguageProgram]) throws {
    var logarithms: [Double] = []
    print("program        here s   python s   ratio     lua s   ratio")
    for program in programs {
      var (ours, theirs, luas) = ([Double](), [Double](), [Double]())
      for _ in 0..<rounds {
        ours.append(try seconds(program))
        if let time = try seconds(program, python, "-c", Self.python, program.python) { theirs.append(time) }
        if let code = program.lua, let time = try seconds(program, lua, "-e", Self.lua, code) { luas.append(time) }
      }
      logarithms.append(log(Self.median(zip(theirs, ours).map { $0 / $1 })))
      let cells = [Self.cell(ours, 9), Self.cells(theirs, ours), Self.cells(luas, ours)]
      print(program.name.padding(toLength: 12, withPad: " ", startingAt: 0) + cells.joined())
    }
    print("geometric mean beside python", String(format: "%.2f", exp(logarithms.reduce(0, +) / Double(programs.count))))
  }

  /// The seconds that our interpreter takes.
  private func seconds(_ program: LanguageProgram) throws -> Double {
    let interpreter = Interpreter(registry: Registry([Builtins.values])) { _ in }
    var answer: Value?
    let time = try ContinuousClock().measure {
      answer = try interpreter.run(program.pixelscript + "\nwork()")
    }
    try WrongAnswer.check(answer?.description == program.answer, "\(program.name) gave \(answer?.echo ?? "nothing")")
    return time.seconds
  }

  /// The seconds that a program prints after its answer; nil when there is no such interpreter.
  private func seconds(
    _ program: LanguageProgram, _ command: String, _ option: String, _ runner: String, _ code: String
  ) throws -> Double? {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(["PROGRAM": code]) { $1 }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [command, option, runner]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    if process.terminationStatus == 127 { return nil }
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
    try WrongAnswer.check(
      lines.count == 2 && lines[0] == program.answer, "\(program.name) in \(command) gave \(lines.first ?? "nothing")")
    return Double(lines[1])
  }

  /// What runs the text in the variable PROGRAM, and tells the answer and the seconds.
  private static let python = """
    import os, time
    text = os.environ["PROGRAM"]
    start = time.perf_counter()
    exec(text)
    answer = work()
    end = time.perf_counter()
    print(answer)
    print(end - start)
    """

  /// As for Python.
  private static let lua = """
    local text = os.getenv("PROGRAM") .. "\\nreturn work()"
    local start = os.clock()
    local answer = load(text)()
    local finish = os.clock()
    print(answer)
    print(finish - start)
    """

  private static func median(_ numbers: [Double]) -> Double {
    numbers.isEmpty ? .nan : numbers.sorted()[numbers.count / 2]
  }

  private static func cell(_ times: [Double], _ width: Int) -> String {
    right(times.isEmpty ? "-" : String(format: "%.4f", median(times)), width)
  }

  private static func cells(_ theirs: [Double], _ ours: [Double]) -> String {
    let ratio = theirs.isEmpty ? "-" : String(format: "%.2f", median(zip(theirs, ours).map { $0 / $1 }))
    return cell(theirs, 11) + right(ratio, 8)
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
