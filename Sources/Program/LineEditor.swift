import CReadline
import Foundation
import Workbench

/// Reads lines at a terminal with GNU readline; the one place that touches it.
///
/// Readline has one state for the whole process, so a program makes one editor.
struct LineEditor {
  /// How reading a line ended.
  enum Input: Equatable {
    /// The line, which has line ends in it when a block was pasted or recalled.
    case line(String)
    /// The Up key asked for the lines before, to go on with all of them together.
    case block(String)
    /// Ctrl-C dropped the line.
    case canceled
    /// Ctrl-D, or the end of the input.
    case closed
  }

  /// What a line begins with.
  struct Start {
    var prompt: String
    /// The text that is there already.
    var text = ""
    /// The byte of it at which the cursor stands.
    var cursor = 0
    /// True when the lines before belong to the same input.
    var continues = false
  }

  /// The most candidates that are listed without a question.
  private static let listedUnasked = 100

  /// Gives what can stand at the cursor (a byte offset) in a line.
  typealias Completer = (_ line: String, _ cursor: Int) -> Completion?

  /// Gives the numbers that select the colors of the bytes of a line, 0 for none.
  typealias Painter = (_ line: String) -> [UInt8]

  private let paints: Bool

  /// Prepares the terminal; `toStandardError` draws there, for when standard output is no terminal. With `paints` the line has colors.
  init(toStandardError: Bool, paints: Bool) {
    self.paints = paints
    unsafe line_editor_open("pixelbytes", Int32(InputHistory.limit), toStandardError, paints)
  }

  /// Reads a line after showing the prompt; `wake` is asked at first and after each signal whether to give up. As long as no key
  /// waits `rest` is called, until it returns false.
  func read(
    _ start: Start, complete: Completer, paint: Painter, write: (String) -> Void, wake: () -> Bool, rest: () -> Bool
  ) -> Input {
    unsafe line_editor_begin(start.prompt, start.text, Int32(start.cursor), start.continues)
    if wake() {
      line_editor_abandon()
      return .canceled
    }
    if !line_editor_has_input() { draw(paint) }
    while !line_editor_has_input(), rest() {}
    while true {
      switch line_editor_wait() {
      case LINE_DRAWING: draw(paint)
      case LINE_ENTERED:
        draw(paint)
        line_editor_finish()
        return .line(text)
      case LINE_CANCELED: return .canceled
      case LINE_BLOCK:
        let line = text
        line_editor_put_aside()
        return .block(line)
      case LINE_TAB: perform(complete(text, cursor), paint, write)
      case LINE_SIGNAL:
        if wake() {
          line_editor_abandon()
          return .canceled
        }
      default: return .closed
      }
    }
  }

  /// Has the terminal show nothing that is typed from now on; false where it can't be told so.
  func hush() -> Bool { line_editor_hush() }

  /// Has the terminal show what is typed again; safe in a signal handler.
  static func showTyping() { line_editor_show_typing() }

  /// Lets the arrow keys find an entry.
  func remember(_ entry: String) { unsafe line_editor_remember(entry) }

  private var text: String { unsafe String(cString: line_editor_text()) }

  private var cursor: Int { Int(line_editor_cursor()) }

  private func draw(_ paint: Painter) {
    guard paints else { return }
    let styles = paint(text)
    unsafe styles.withUnsafeBufferPointer { unsafe line_editor_paint($0.baseAddress, Int32($0.count)) }
  }

  /// Inserts what all candidates begin with; when that is nothing new, lists them.
  private func perform(_ completion: Completion?, _ paint: Painter, _ write: (String) -> Void) {
    guard let completion, !completion.candidates.isEmpty else { return }
    let typed = text.utf8.prefix(cursor).dropFirst(completion.start)
    let common = completion.commonPrefix
    if !common.utf8.elementsEqual(typed), completion.candidates.count == 1 || common.utf8.count > typed.count {
      unsafe line_editor_replace(Int32(completion.start), common)
    }
    guard completion.candidates.count > 1 else { return }
    draw(paint)
    line_editor_leave_line()
    defer { line_editor_show_line() }
    if completion.candidates.count > Self.listedUnasked {
      write("Display all \(completion.candidates.count) possibilities? (y or n)")
      let isWanted = line_editor_agrees()
      write("\n")
      guard isWanted else { return }
    }
    write(completion.listing(width: Int(line_editor_columns())))
  }
}
