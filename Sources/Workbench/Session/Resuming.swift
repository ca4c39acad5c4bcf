/// Whether cells of a notebook are kept beside it and restored.
public enum Resuming: Sendable {
  /// Those of which nothing has changed.
  case unchanged
  /// None, but all are kept for later.
  case fresh
}
