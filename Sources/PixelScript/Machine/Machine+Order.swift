/// The order of lists: the first elements that differ decide, and of a list and its beginning the shorter one comes first.
extension Machine {
  /// Where one value stands relative to another.
  enum Order {
    case before, same, after
    /// Neither: one of the numbers that decide is NaN.
    case none
  }

  private static let orderDepthLimit = 200

  /// The result of `<` and its kin for two lists.
  func ordered(_ operation: Operation, _ x: Slot, _ y: Slot) throws -> Bool {
    switch (try order(x, y, operation), operation) {
    case (.before, .less), (.before, .lessOrEqual), (.same, .lessOrEqual): true
    case (.after, .greater), (.after, .greaterOrEqual), (.same, .greaterOrEqual): true
    default: false
    }
  }

  /// The order of two lists of numbers, strings and such lists; other elements may only be equal.
  ///
  /// With `nanLast` NaN is the same as itself and comes after all numbers, as when values are sorted.
  func order(
    _ x: Slot, _ y: Slot, _ operation: Operation, nanLast: Bool = false, depth: Int = 0
  ) throws -> Order {
    if let a = x.anyNumber, let b = y.anyNumber {
      if nanLast {
        let (first, second) = (SortKeys.rank(of: a), SortKeys.rank(of: b))
        return first < second ? .before : first == second ? .same : .after
      }
      return a < b ? .before : a == b ? .same : a > b ? .after : .none
    }
    if x.tag == .string, y.tag == .string {
      let order = try order(ofTexts: x, y)
      return order < 0 ? .before : order == 0 ? .same : .after
    }
    guard x.tag == .list, y.tag == .list else {
      if x.tag != .object, y.tag != .object, try areEqual(x, y) { return .same }
      throw notComparable(operation, x, y)
    }
    guard depth < Machine.orderDepthLimit else {
      throw ScriptError(.limit, "lists more than \(Machine.orderDepthLimit) deep can't be compared")
    }
    return try x.with(ScriptList.self) { left in
      try y.with(ScriptList.self) { right in
        let count = min(left.count, right.count)
        for place in 0..<count {
          if place.isMultiple(of: 64) { try charge(elements: min(64, count - place)) }
          let order = try order(
            left.slot(at: place), right.slot(at: place), operation, nanLast: nanLast, depth: depth + 1)
          if order != .same { return order }
        }
        return left.count < right.count ? .before : left.count == right.count ? .same : .after
      }
    }
  }
}
