import Formats
import Foundation
import PixelScript
import Tensors

extension ShapeError: ScriptErrorConvertible {
  /// A shape error with the same text.
  public var scriptError: ScriptError { ScriptError(.shape, description) }
}

extension ElementError: ScriptErrorConvertible {
  /// A value error with the same text, and what to do.
  public var scriptError: ScriptError {
    let help: String? =
      if !number.isFinite { nil } else if number != number.rounded() {
        "round(x), floor(x) and ceil(x) give whole numbers"
      } else if type == .int32 { "float32 holds larger numbers, rounded: tensor(x, dtype: \"float32\")" } else {
        "int32 holds larger numbers, and clamp(x, \(type == .bool ? "0, 1" : "0, 255")) keeps them within bounds"
      }
    return ScriptError(.value, description, help: help)
  }
}

extension FormatError: ScriptErrorConvertible {
  /// An error of kind io, or limit, with the file's name and the reason.
  public var scriptError: ScriptError {
    ScriptError(kind == .limit ? .limit : .io, description, help: TextEncoding.help(for: self), argument: "path")
  }
}

extension CocoaError: ScriptErrorConvertible {
  /// An error of kind io with the path and what the operating system said.
  public var scriptError: ScriptError { FormatError(system: self, file: "a file").scriptError }
}

extension NSError: ScriptErrorConvertible {
  /// An error of kind io with the path and what the operating system said.
  public var scriptError: ScriptError { FormatError(system: self, file: "a file").scriptError }
}
