import Formats
import PixelScript

/// Tells which letters the font of PNG and PDF has no signs for, each once.
final class LackingLetters {
  private var told: Set<Character> = []

  /// Tells of texts that were drawn.
  func tell(of texts: [String], _ environment: Environment) throws {
    let lacking = try Drawing.lettersLacking(in: texts).filter { !told.contains($0) }
    guard !lacking.isEmpty else { return }
    told.formUnion(lacking)
    let shown = DisplayWidth.printable(lacking.prefix(12).map(String.init).joined(separator: " "))
    let more = lacking.count > 12 ? " and \(lacking.count - 12) more" : ""
    environment.notice(
      "DejaVu Sans, the font of pictures, has no \(shown)\(more): boxes stand there; .svg takes the fonts of who looks at it"
    )
  }
}
