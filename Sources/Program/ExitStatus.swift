/// The exit statuses of the program.
enum ExitStatus {
  static let success: Int32 = 0
  /// An error while running.
  static let failure: Int32 = 1
  /// Wrong usage, or text that is no script.
  static let usage: Int32 = 2

  /// A budget ran out, so that the same work could go on with a larger one.
  static let budgetUsedUp: Int32 = 75

  /// A library that the program needs is missing or broken; nothing ran.
  static let unavailable: Int32 = 69

  /// The status of a program that a signal stopped, as shells count it.
  static func stopped(by signal: Int32) -> Int32 { 128 + signal }
}
