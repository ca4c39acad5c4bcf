import Foundation

/// What this process has used.
public struct ProcessUse {
  /// The time of the processor.
  public let time: Duration
  /// The most memory that was in use at once, in bytes.
  public let memory: Int

  /// What it has used so far.
  public static func now() -> ProcessUse {
    var use = rusage()
    guard unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &use) == 0 else { preconditionFailure("getrusage") }
    let user = Duration.seconds(use.ru_utime.tv_sec) + .microseconds(use.ru_utime.tv_usec)
    let system = Duration.seconds(use.ru_stime.tv_sec) + .microseconds(use.ru_stime.tv_usec)
    return ProcessUse(time: user + system, memory: use.ru_maxrss << 10)
  }

  /// Starts the measure of memory anew, so that one input that takes much does not make all others look so.
  public static func forgetPeak() {
    if let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") { file.write(Data("5".utf8)) }
  }
}
