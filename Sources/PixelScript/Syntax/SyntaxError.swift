/// A mistake in the syntax, while the parser is at work.
struct SyntaxError: Error {
  /// The mistake as the user sees it.
  var diagnostic: Diagnostic
  /// True when more text could make it good.
  var isIncomplete: Bool

  /// The bytes meant.
  var span: Span { diagnostic.location?.span ?? Span(0, 0) }
}
