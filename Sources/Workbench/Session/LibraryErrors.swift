import Formats
import PixelScript
import Tensors

extension ShapeError: ScriptErrorConvertible {
  /// A shape error with the same text.
  public var scriptError: ScriptError { ScriptError(.shape, description) }
}

extension FormatError: ScriptErrorConvertible {
  /// An error of kind io, or limit, with the file's name and the reason.
  public var scriptError: ScriptError { ScriptError(kind == .limit ? .limit : .io, description, argument: "path") }
}
