import Foundation

extension FormatError {
  /// An error of Foundation about a file in a sentence: its path, or `file` where the error tells none, and what the operating system
  /// said.
  public init(system error: any Error, file: String) {
    let place = (error as NSError).userInfo
    let path = place[NSFilePathErrorKey] as? String ?? (place[NSURLErrorKey] as? URL)?.path
    self.init(.io, in: path ?? file, Self.systemReason(of: error))
  }

  /// What the operating system said, such as "permission denied": the innermost error tells it, those around it only that something
  /// could not be done.
  public static func systemReason(of error: any Error) -> String {
    if let error = error as? FormatError { return error.message }
    var cause = error
    while let inner = (cause as NSError).userInfo[NSUnderlyingErrorKey] as? any Error { cause = inner }
    let words = cause.localizedDescription.replacing("The operation could not be completed. ", with: "")
    return (words.hasSuffix(".") ? String(words.dropLast()) : words).lowercased()
  }
}
