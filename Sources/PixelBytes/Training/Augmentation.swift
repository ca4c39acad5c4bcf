/// How rows are changed at random before they are learned from.
public enum Augmentation: String, CaseIterable, Sendable {
  /// Every second time a window is of its row with mirrored pictures, where left and right of the texts are exchanged.
  case flip
}
