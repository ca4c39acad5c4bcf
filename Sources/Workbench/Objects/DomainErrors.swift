import Formats
import PixelBytes
import PixelScript

extension DataError: ScriptErrorConvertible {
  /// The same error under the language's kinds.
  public var scriptError: ScriptError {
    let kind: Diagnostic.Kind =
      switch kind {
      case .io: .io
      case .value: .value
      case .limit: .limit
      }
    return ScriptError(
      kind, message, help: cause.flatMap { TextEncoding.helpOfRows(for: $0) }, argument: kind == .io ? "path" : nil)
  }
}

extension ConfigurationError: ScriptErrorConvertible {
  /// A value error at the argument that is wrong.
  public var scriptError: ScriptError { ScriptError(.value, description, argument: setting) }
}

extension TrainingError: ScriptErrorConvertible {
  /// A value error.
  public var scriptError: ScriptError { ScriptError(.value, description) }
}
