import PixelScript
import Ranks
import Safepoint

extension Communicator {
  /// Does on rank 0 what must be done once, such as writing a file; the others wait for it, get nil, and throw the error that it
  /// threw, so that the script goes on alike on all.
  func onFirst<Result>(_ body: () throws -> Result) throws -> Result? {
    try meet(at: "work that rank 0 does alone")
    guard isFirst else {
      let told = String(decoding: try broadcast([UInt8]?.none), as: UTF8.self)
      guard !told.isEmpty else { return nil }
      let parts = told.split(separator: "\u{0}", omittingEmptySubsequences: false).map(String.init)
      throw ScriptError(
        Diagnostic.Kind(rawValue: parts[0]) ?? .internal, parts.dropFirst().first ?? "",
        help: parts.count > 2 ? parts[2] : nil)
    }
    let result: Result
    do { result = try body() } catch {
      let diagnostic = Session.diagnostics(of: error).first
      // What must end the run on this rank holds for no other.
      if error is Stopped || diagnostic?.kind == .interrupted || diagnostic?.isBudget == true {
        fail(because: error)
        throw error
      }
      let told =
        [diagnostic?.kind.rawValue ?? "internal", diagnostic?.message ?? "\(error)"] + (diagnostic?.help ?? [])
      _ = try broadcast(Array(told.joined(separator: "\u{0}").utf8))
      throw error
    }
    _ = try broadcast([UInt8]())
    return result
  }

  /// Tells the others of an error after which this rank takes no further part.
  func fail(because error: any Error) {
    if let stopped = error as? Stopped { return fail(because: stopped) }
    let diagnostic = Session.diagnostics(of: error).first
    let isInterrupted = diagnostic?.kind == .interrupted
    let status = isInterrupted ? RankFailure.interrupted : diagnostic?.isBudget == true ? RankFailure.budgetUsedUp : 1
    fail(diagnostic?.message ?? "\(error)", status: status)
  }
}

extension Environment {
  /// Does something once: on rank 0, where several ranks run the script; nil on the others.
  func onFirst<Result>(_ body: () throws -> Result) throws -> Result? {
    guard let ranks else { return try body() }
    return try ranks.onFirst(body)
  }
}

extension FileAccess {
  /// Writes to a path where it may be written to, and makes the folders that lead there: on rank 0 alone, where several ranks run
  /// the script. It is written on all once this returns.
  func write(_ path: String, _ body: (String) throws -> Void) throws {
    let path = try writable(path)
    if let ranks { _ = try ranks.onFirst { try body(prepared(path)) } } else { try body(prepared(path)) }
  }
}

extension RankFailure: ScriptErrorConvertible {
  /// An error that no `try` of a script catches, as no rank can go on.
  public var scriptError: ScriptError {
    var error = ScriptError(
      status >= RankFailure.interruptions ? .interrupted : status == RankFailure.budgetUsedUp ? .limit : .io,
      description,
      help: "all ranks have ended; what `checkpoint` of `train` keeps goes on with resume: true")
    (error.isFinal, error.isBudget) = (true, status == RankFailure.budgetUsedUp)
    return error
  }
}
