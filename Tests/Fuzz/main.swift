import FormatFuzz
import Foundation
import FuzzInputs
import ParameterTrial

/// Usage: Fuzz [--formats [KIND] | --parameters] [--inputs N] [--from N] [--corpus FOLDER] [--keep FOLDER] [--processes N]
///
/// Tries inputs in child processes, a portion at a time on every core or in so many processes, and tells how many there were:
/// scripts, or, with `--formats`, damaged files of all kinds or of one, or, with `--parameters`, extreme values in every parameter of every
/// command. An input that crashes its process, answers wrongly, or takes more time or memory than it may is written to the folder
/// KEEP and makes the exit status 1.
struct Options {
  var inputs: Int?
  var first = 0
  var corpus: String?
  var formats: [FileKind]?
  var triesParameters = false
  var keep = "."
  var processes = ProcessInfo.processInfo.activeProcessorCount
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
      case "--parameters": triesParameters = true
      case "--corpus": corpus = rest.popFirst()
      case "--keep": keep = rest.popFirst() ?? keep
      case "--processes": processes = max(1, Self.number(rest.popFirst(), argument))
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
    let usage =
      "usage: Fuzz [--formats [KIND] | --parameters] [--inputs N] [--from N] [--corpus FOLDER] [--keep FOLDER] [--processes N]"
    FileHandle.standardError.write(Data("Fuzz: \(message)\n\(usage)\n".utf8))
    exit(2)
  }

  /// What is tried.
  func subject() throws -> any FuzzSubject {
    if let formats {
      let folder = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
      let scratch = "\(folder)/pixelbytes-fuzz-\(getpid())"
      return try FormatFuzzer(corpus: corpus ?? "Tests/FormatsTests/Fixtures", scratch: scratch, kinds: formats)
    }
    if triesParameters {
      let folder = FileManager.default.temporaryDirectory.path + "/pixelbytes-trial-\(getpid())"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      return try ParameterTrial(folder: folder)
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
    if triesParameters { arguments.append("--parameters") }
    if let corpus { arguments += ["--corpus", corpus] }
    return arguments
  }
}

/// Tries inputs in this process; writes the number of each wrong one with the fault, and at the end how often each kind of answer
/// was given, which input took the most of the processor's time, and the most memory. Where a portion is small, the number of each input is
/// written before it is tried.
func tryInputs(_ options: Options) throws {
  let subject = try options.subject()
  let announces = subject.portion < Fuzzer.share
  var slowest = (number: options.first, time: Duration.zero)
  for number in options.first..<options.first + (options.inputs ?? 0) {
    // An input that never ends is a crash; a busy machine is none.
    alarm(60)
    if announces { say("@ \(number)") }
    let before = ProcessUse.now().time
    let found = subject.fault(of: number)
    let time = ProcessUse.now().time - before
    if time > slowest.time { slowest = (number, time) }
    guard let fault = found else { continue }
    say("\(number) \(fault.split(separator: "\n").first ?? "")")
  }
  for (answer, count) in subject.answers { say("# \(answer) \(count)") }
  say("! \(slowest.number) \(Int(slowest.time / .milliseconds(1))) \(ProcessUse.now().memory >> 20)")
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
    // What crashed comes again by its number; a report of each crash would take seconds.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    process.standardOutput = output
    try process.run()
  }

  /// What a process did.
  struct Report {
    /// The faults by input.
    var faults: [(number: Int, fault: String)] = []
    /// How often each kind of answer was given.
    var answers: [String: Int] = [:]
    /// The input that took the most time, with the milliseconds, and the most memory in use, in MB.
    var slowest = (number: 0, milliseconds: 0, memory: 0)
    /// The input that was tried last, where it was written before.
    var last: Int?
    /// The status or signal of a process that did not live to its end.
    var failure: Int32?
  }

  /// Waits for the end.
  func finish() throws -> Report {
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    var report = Report(failure: process.terminationStatus == 0 ? nil : process.terminationStatus)
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
      switch parts.first {
      case "@": report.last = Int(parts[1])
      case "!":
        let numbers = line.split(separator: " ").compactMap { Int($0) }
        if numbers.count == 3 { report.slowest = (numbers[0], numbers[1], numbers[2]) }
      case "#": report.answers[parts[1], default: 0] += Int(parts[2]) ?? 0
      case let first?: if let number = Int(first) { report.faults.append((number, parts[1...].joined(separator: " "))) }
      case nil: break
      }
    }
    return report
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
let subject: any FuzzSubject
do { subject = try options.subject() } catch { Options.fail("\(error)") }
let start = ContinuousClock.now
var (tried, wrong) = (0, 0)
var (slowest, memory) = ((number: 0, milliseconds: 0), 0)
var answers: [String: Int] = [:]
let end = options.inputs.map { options.first + $0 } ?? subject.count ?? options.first + 1_000_000
/// What is still to be tried, the next last.
var waiting = stride(from: options.first, to: end, by: subject.portion).map {
  $0..<min($0 + subject.portion, end)
}
waiting.reverse()
var running: [Child] = []

@MainActor func keep(_ number: Int, _ fault: String) throws {
  wrong += 1
  let (ending, bytes) = subject.file(of: number)
  try FileManager.default.createDirectory(atPath: options.keep, withIntermediateDirectories: true)
  let path = "\(options.keep)/fuzz-\(number)\(ending)"
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  say("input \(number): \(fault); written to \(path)")
}

func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

while !waiting.isEmpty || !running.isEmpty {
  while running.count < options.processes, let part = waiting.popLast() {
    running.append(try Child(part.lowerBound, part.count, options))
  }
  let child = running.removeFirst()
  let report = try child.finish()
  for (number, fault) in report.faults { try keep(number, fault) }
  answers.merge(report.answers, uniquingKeysWith: +)
  if report.slowest.milliseconds > slowest.milliseconds {
    slowest = (report.slowest.number, report.slowest.milliseconds)
  }
  memory = max(memory, report.slowest.memory)
  if let failure = report.failure {
    if let number = report.last {
      try keep(number, "crashed with \(failure)")
      let rest = number + 1..<child.first + child.count
      tried -= rest.count
      if !rest.isEmpty { waiting.append(rest) }
    } else if let number = try crashing(child.first, child.count, options) {
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
let told = answers.sorted { $0.key < $1.key }.map { ", \($0.value) \($0.key)" }.joined()
let most = "the slowest, \(slowest.number), took \(slowest.milliseconds) ms; at most \(memory) MB"
say("\(tried) inputs from number \(options.first): \(wrong) wrong\(told); \(most)")
exit(wrong == 0 ? 0 : 1)
