import PixelScript
import Tensors

extension Session {
  /// Begins to open what commands need at run time, so that `checkLibraries` has less to wait for.
  ///
  /// Nobody may change the environment of the process until it has answered.
  public static func openLibraries() { BLAS.openAhead() }

  /// Has the process keep the memory of large arrays for the next ones, which makes training faster; for a program that does little else.
  public static func keepFreedMemory() { FreedMemory.keep() }

  /// Throws an error that says what to install when a library that commands open at run time is missing, broken or another
  /// one of the same name; takes some milliseconds.
  public static func checkLibraries() throws(ScriptError) {
    do { _ = try BLAS.coreName() } catch { throw ScriptError(.io, error.description, help: error.help) }
  }
}
