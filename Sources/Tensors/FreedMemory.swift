import Kernels

/// What becomes of the memory of large arrays that are no longer needed.
public enum FreedMemory {
  /// Has the process keep it for the next arrays instead of giving it back; a program that trains does so once, at its start.
  ///
  /// Training makes and frees the same large arrays at every step; asking the system for fresh pages each time took a
  /// seventh of the time. What is kept is no more than was in use at once. False where the system has no such setting.
  @discardableResult public static func keep() -> Bool { pb_keep_freed_memory() != 0 }
}
