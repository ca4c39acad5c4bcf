import Formats
import PixelScript

/// A value that draws itself: `show x`, and the echo of a prompt line.
public protocol Showable: ScriptObject {
  /// Returns what to show, which later changes of the value do not change.
  func rendering() throws -> Rendering
  /// Returns what its echo shows, by default all that `show` does.
  func echo() throws -> Rendering
  /// Whether a statement in the middle of a cell shows it: plots, tables, pictures and data sets, which nobody asks for to throw away.
  var isShownInPassing: Bool { get }
}

extension Showable {
  /// All that `show` does.
  public func echo() throws -> Rendering { try rendering() }
  /// It is not.
  public var isShownInPassing: Bool { false }
}

/// A value that `show` can put into a grid with others.
public protocol Pictured: ScriptObject {
  /// The picture; nil for what has none, as a row that is a text alone.
  var picture: RasterImage? { get throws }
  /// What to write under it; empty for nothing.
  var caption: String { get }
}

/// A value that `save x, path` writes.
public protocol Savable: ScriptObject {
  /// The endings of the files it can be saved to, such as "png".
  static var fileEndings: [String] { get }
  /// Whether it is saved as a folder too, whatever that is called; by itself what has no endings is.
  static var isFolder: Bool { get }
  /// Writes the value whole or not at all; `ending` is one of `fileEndings`, or empty for a folder.
  func save(to path: String, ending: String) throws
}

extension Savable {
  /// Whether there are no endings.
  public static var isFolder: Bool { fileEndings.isEmpty }
}
