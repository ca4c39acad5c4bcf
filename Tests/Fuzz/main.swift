import FormatFuzz
import Foundation
import FuzzInputs

/// Usage: Fuzz [--formats [KIND]] [--inputs N] [--from N] [--corpus FOLDER] [--keep FOLDER]
///
/// Tries inputs in child processes, 20,480 at a time on every core, and tells how many there were: scripts, or, with
/// `--formats`, damaged files of all kinds or of one. An input that crashes its process, answers wrongly, or takes more time or
/// memory than it may is written to the folder KEEP and makes the exit status 1.
struct Options {
  var inputs = 1_000_000
  var first = 0
  var corpus: String?
  var formats: [FileKind]?
  var keep = "."
  var isChild = false

  init(_ arguments: [String]) {
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      switch argument {
      case "--inputs": inputs = Self.number(rest.popFirst(), argument)
      case "--from": first = Self.number(rest.popFirst(), argument)
      case "--formats":
        let kind = rest.first.flatMap(FileKind.init)
        if kind != nil { _ = rest.popFirst() }
        formats = kind.map { [$0] } ?? FileKind.allCases
      case "--corpus": corpus = rest.popFirst()
      case "--keep": keep = rest.popFirst() ?? keep
      case "--child": isChild = true
      default: Self.fail("unknown argument \(argument)")
      }
    }
  }

  private static func number(_ text: String?, _ argument: String) -> Int {
    guard let number = text.flatMap({ Int($0) }), number >= 0 else { fail("\(argument) needs a whole number") }
    return number
  }

  static func fail(_ message: String) -> Never {
    FileHandle.standardError.write(
      Data(
        "Fuzz: \(message)\nusage: Fuzz [--formats [KIND]] [--inputs N] [--from N] [--corpus FOLDER] [--keep FOLDER]\n"
          .utf8))
    exit(2)
  }

  /// What is tried.
  func subject() throws -> any FuzzSubject {
    if let formats {
      let folder = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
      let scratch = "\(folder)/pixelbytes-fuzz-\(getpid())"
      return try FormatFuzzer(corpus: corpus ?? "Tests/FormatsTests/Fixtures", scratch: scratch, kinds: formats)
    }
    return Fuzzer(corpus: try scripts(below: corpus ?? "Tests/Scripts"))
  }

  /// Every script below a folder, in the order of the paths.
  private func scripts(below folder: String) throws -> [[UInt8]] {
    let root = URL(fileURLWithPath: folder)
    let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    let scripts = try paths.filter { $0.hasSuffix(".pxb") }.sorted().map {
      [UInt8](try Data(contentsOf: root.appending(path: $0)))
    }
    if scripts.isEmpty { Self.fail("there is no script below \(folder)") }
    return scripts
  }

  /// The arguments of a process that tries a part of the inputs.
  func child(_ first: Int, _ count: Int) -> [String] {
    var arguments = ["--child", "--from", "\(first)", "--inputs", "\(count)"]
    if let formats { arguments += ["--formats"] + (formats.count == 1 ? formats.map(\.rawValue) : []) }
    if let corpus { arguments += ["--corpus", corpus] }
    return arguments
  }
}

/// Tries inputs in this process; writes the number of each wrong one with the fault.
func tryInputs(_ options: Options) throws {
  let subject = try options.subject()
  for number in options.first..<options.first + options.inputs {
    // An input that never ends is a crash; a busy machine is none.
    alarm(60)
    guard let fault = subject.fault(of: number) else { continue }
    FileHandle.standardOutput.write(Data("\(number) \(fault)\n".utf8))
  }
}

/// A part of the inputs in a process of its own.
final class Child {
  let first: Int
  let count: Int
  private let process = Process()
  private let output = Pipe()

  init(_ first: Int, _ count: Int, _ options: Options) throws {
    self.first = first
    self.count = count
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = options.child(first, count)
    process.standardOutput = output
    try process.run()
  }

  /// Waits for the end; the faults by input, and the status or signal of a process that did not live to its end.
  func finish() throws -> (faults: [(number: Int, fault: String)], failure: Int32?) {
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let faults = text.split(separator: "\n").compactMap { line -> (Int, String)? in
      let parts = line.split(separator: " ", maxSplits: 1)
      return parts.count == 2 ? Int(parts[0]).map { ($0, String(parts[1])) } : nil
    }
    return (faults, process.terminationStatus == 0 ? nil : process.terminationStatus)
  }
}

/// The first input at which a part of the inputs crashes, by halving; nil when it does not crash again.
func crashing(_ first: Int, _ count: Int, _ options: Options) throws -> Int? {
  if try Child(first, count, options).finish().failure == nil { return nil }
  var (whole, crashed) = (0, count)
  while crashed - whole > 1 {
    let middle = (whole + crashed) / 2
    if try Child(first, middle, options).finish().failure == nil { whole = middle } else { crashed = middle }
  }
  return first + crashed - 1
}

let options = Options(CommandLine.arguments)
if options.isChild {
  try tryInputs(options)
  exit(0)
}
let subject = try options.subject()
let start = ContinuousClock.now
var (next, tried, wrong) = (options.first, 0, 0)
let end = options.first + options.inputs
var running: [Child] = []

@MainActor func keep(_ number: Int, _ fault: String) throws {
  wrong += 1
  let (ending, bytes) = subject.file(of: number)
  let path = "\(options.keep)/fuzz-\(number)\(ending)"
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  say("input \(number): \(fault); written to \(path)")
}

func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

while next < end || !running.isEmpty {
  while next < end, running.count < ProcessInfo.processInfo.activeProcessorCount {
    let count = min(10 * Fuzzer.share, end - next)
    running.append(try Child(next, count, options))
    next += count
  }
  let child = running.removeFirst()
  let (faults, failure) = try child.finish()
  for (number, fault) in faults { try keep(number, fault) }
  if let failure {
    if let number = try crashing(child.first, child.count, options) {
      try keep(number, "crashed with \(failure)")
    } else {
      wrong += 1
      say("inputs from \(child.first): a process ended with \(failure), and did not again")
    }
  }
  tried += child.count
  let seconds = (ContinuousClock.now - start) / .seconds(1)
  FileHandle.standardError.write(
    Data("\(tried) inputs, \(wrong) wrong, \(Int(Double(tried) / seconds)) a second\n".utf8))
}
say("\(tried) inputs from number \(options.first): \(wrong) wrong")
exit(wrong == 0 ? 0 : 1)
