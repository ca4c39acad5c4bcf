/// A mistake in how the program was called.
struct UsageError: Error, Equatable {
  /// What is wrong, without a period.
  let message: String
  /// What to do about it.
  var help: String?
  /// The file that can't be read, where that is what is wrong.
  var file: String?
}
