/// A mistake in the syntax, while the parser is at work.
struct SyntaxError: Error {
  /// The mistake as the user sees it.
  var diagnostic: Diagnostic
  /// True when more text could make it good.
  var isIncomplete: Bool
  /// True for a sign that only other languages have.
  var isForeignSign = false

  /// The bytes meant.
  var span: Span { diagnostic.location?.span ?? Span(0, 0) }
}
