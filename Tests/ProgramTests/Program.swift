import Foundation

/// The program with pipes for its three streams.
enum Program {
  /// What a run gave.
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The program lies beside the tests.
  static var path: String {
    URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("pixelbytes").path
  }

  /// A program that is started by one which ignores signals, as the tests under `nohup` and behind `&` are, ignores them too.
  private static let hearsSignals: Void = { for number in [SIGHUP, SIGINT, SIGQUIT] { _ = signal(number, SIG_DFL) } }()

  /// Runs the program to its end; `during` is called while it runs.
  static func run(
    executable: String = path, _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
    folder: String? = nil,
    during: (Process) throws -> Void = { _ in }
  ) throws -> Result {
    _ = hearsSignals
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "TERM": "xterm-256color"].merging(environment) { _, given in given }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let (output, errors, source) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = input == nil ? FileHandle.nullDevice : source
    try process.run()
    if let input {
      try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try source.fileHandleForWriting.close()
    }
    try during(process)
    // What these tests write to standard error fits into a pipe.
    let written = try output.fileHandleForReading.readToEnd() ?? Data()
    let told = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let isSignal = process.terminationReason == .uncaughtSignal
    return Result(
      status: isSignal ? 128 + process.terminationStatus : process.terminationStatus,
      output: String(decoding: written, as: UTF8.self), errors: String(decoding: told, as: UTF8.self))
  }
}

/// A folder that is removed at the end.
final class TemporaryFolder {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("program-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { return }
  }

  /// Writes a file and returns its path.
  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }
}
