import Kernels

/// What becomes of the memory of large arrays that are no longer needed.
public enum FreedMemory {
  /// True once the process keeps it for the next arrays instead of giving it back.
  ///
  /// Training makes and frees the same large arrays at every step; asking the system for fresh pages each time took a
  /// seventh of the time. What is kept is no more than was in use at once.
  public static let isKept = pb_keep_freed_memory() != 0
}
