extension Expression {
  /// The variables whose values, or parts of them, an expression may give: what it gives may be changed in place and they with it.
  ///
  /// Arithmetic gives something new, and so do texts; what a call gives may be, or hold, whatever it was given.
  var origins: Set<String> {
    var (names, pending): (Set<String>, [Expression]) = ([], [self])
    while let expression = pending.popLast() {
      switch expression.kind {
      case .nil, .bool, .number, .string, .interpolation, .comparison, .unary, .function: break
      case .name(let name): names.insert(name)
      case .list(let elements): pending += elements
      case .map(let entries): pending += entries.map(\.value)
      case .comprehension(let comprehension): pending += comprehension.parts
      // `+` of lists, and `|` of maps, hold what both held.
      case .binary(.add, let left, let right), .binary(.union, let left, let right): pending += [left, right]
      case .binary: break
      case .logical(_, let left, let right): pending += [left, right]
      case .conditional(_, let value, let otherwise): pending += [value, otherwise]
      case .index(let base, _), .field(let base, _): pending.append(base)
      case .call(let call): pending += [call.callee] + call.arguments + call.named.map(\.value)
      }
    }
    return names
  }
}
