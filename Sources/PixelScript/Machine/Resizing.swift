import Foundation

/// Blocks of memory that grow.
enum Resizing {
  /// A block that `allocate` gave, with room for `capacity` elements and what it held; the old address is no longer valid.
  ///
  /// `allocate` takes blocks of small alignment from `malloc`, whose `realloc` moves the pages of a large block instead of copying
  /// them, so that a list of a hundred million elements grows in no time.
  static func resized<Element: BitwiseCopyable>(
    _ block: UnsafeMutablePointer<Element>, to capacity: Int
  ) -> UnsafeMutablePointer<Element> {
    guard let moved = unsafe realloc(block, capacity * MemoryLayout<Element>.stride) else {
      preconditionFailure("there is no memory for \(capacity) elements")
    }
    return unsafe moved.assumingMemoryBound(to: Element.self)
  }
}
