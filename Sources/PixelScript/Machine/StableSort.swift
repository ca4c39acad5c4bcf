/// Sorts plain values and keeps equal ones in their order: by insertion in short stretches, which are then merged; what is in order
/// already is only looked through.
enum StableSort {
  /// The values that are sorted by insertion.
  private static let stretch = 12

  /// Sorts values, with the budgets watched; `isBefore` tells that one must come before another.
  @inline(__always)
  static func sort<Element: BitwiseCopyable>(
    _ values: inout [Element], _ machine: Machine, isBefore: (Element, Element) throws -> Bool
  ) throws {
    let count = values.count
    try unsafe values.withUnsafeMutableBufferPointer { buffer in
      var work = Work(machine)
      var start = 0
      while start < count {
        let end = min(start + stretch, count)
        try unsafe insert(buffer, start, end, isBefore)
        try work.add(end - start)
        start = end
      }
      guard count > stretch else { return }
      try unsafe withUnsafeTemporaryAllocation(of: Element.self, capacity: count) { scratch in
        var (source, target, width) = unsafe (buffer, scratch, stretch)
        while width < count {
          var start = 0
          while start < count {
            let (middle, end) = (min(start + width, count), min(start + 2 * width, count))
            try unsafe merge(source, target, start, middle, end, &work, isBefore)
            start = end
          }
          unsafe swap(&source, &target)
          width *= 2
        }
        if unsafe source.baseAddress != buffer.baseAddress { _ = unsafe buffer.update(fromContentsOf: source) }
      }
    }
  }

  @inline(__always)
  private static func insert<Element: BitwiseCopyable>(
    _ buffer: UnsafeMutableBufferPointer<Element>, _ start: Int, _ end: Int,
    _ isBefore: (Element, Element) throws -> Bool
  ) rethrows {
    var place = start + 1
    while place < end {
      let value = unsafe buffer[place]
      var free = place
      while try unsafe free > start && isBefore(value, buffer[free - 1]) {
        unsafe buffer[free] = buffer[free - 1]
        free -= 1
      }
      unsafe buffer[free] = value
      place += 1
    }
  }

  @inline(__always)
  private static func merge<Element: BitwiseCopyable>(
    _ source: UnsafeMutableBufferPointer<Element>, _ target: UnsafeMutableBufferPointer<Element>, _ start: Int,
    _ middle: Int, _ end: Int, _ work: inout Work, _ isBefore: (Element, Element) throws -> Bool
  ) throws {
    var (left, right, place) = (start, middle, start)
    if try unsafe middle < end && isBefore(source[middle], source[middle - 1]) {
      while left < middle, right < end {
        if try unsafe isBefore(source[right], source[left]) {
          unsafe target[place] = source[right]
          right += 1
        } else {
          unsafe target[place] = source[left]
          left += 1
        }
        place += 1
        try work.add()
      }
    }
    let rest = end - place
    while left < middle {
      unsafe target[place] = source[left]
      (left, place) = (left + 1, place + 1)
    }
    while right < end {
      unsafe target[place] = source[right]
      (right, place) = (right + 1, place + 1)
    }
    try work.add(rest)
  }
}
