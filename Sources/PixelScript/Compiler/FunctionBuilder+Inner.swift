/// Parts of parts, `m[i][j]`, that are reached in one step where they lie in lists in a list.
extension FunctionBuilder {
  /// Emits the step, and behind it the first half of the usual way, which takes the part; nil, with nothing emitted, where the index
  /// behind it must be worked out after that.
  func inner(
    _ base: Expression, _ column: Subscript, into target: Int, _ span: Span
  ) -> (part: Operand, position: Operand)? {
    guard isReady(column), case .index(let owner, let rows) = base.kind, rows.count == 1,
      case .position(let row) = rows[0]
    else { return nil }
    let (part, last) = (temporary(), subscripted(column))
    let mark = firstFree
    defer { free(from: mark) }
    let (object, position) = (operand(owner), operand(row))
    emit(Instruction(.getInner, target, object.register, position.register), span)
    emit(
      Instruction(.getIndex, auxiliary: marks(object, position), part, object.register, position.register), base.span,
      owner.span, row.span)
    return (Operand(register: part, isTemporary: true), last)
  }

  /// Emits the step of `m[i][j] = x`, and behind it the usual way; false, with nothing emitted, where that is all there is.
  func setInner(
    _ base: Expression, _ column: Subscript, _ source: Operand, _ span: Span, isPart: Bool
  ) -> Bool {
    guard isReady(column), case .index(let owner, let rows) = base.kind, rows.count == 1,
      case .position(let row) = rows[0], case .name = owner.kind
    else { return false }
    let (last, object) = (subscripted(column), operand(owner))
    let position = operand(row)
    let part = temporary()
    let kept = (
      object: Operand(register: object.register, isTemporary: false),
      position: Operand(register: position.register, isTemporary: false)
    )
    emit(Instruction(.setInner, object.register, position.register, source.register), span)
    emit(
      Instruction(.getIndex, part, object.register, position.register), base.span, owner.span, row.span)
    let whole = Operand(register: part, isTemporary: false)
    setIndex(whole, last, source, span, base.span, column.span, isPart: isPart)
    putBack(part) {
      setIndex(kept.object, kept.position, Operand(register: part, isTemporary: true), base.span, owner.span, row.span)
    }
    return true
  }

  /// True for an index that takes no work: a number, or a variable that lies in a register.
  private func isReady(_ part: Subscript) -> Bool {
    guard case .position(let expression) = part else { return false }
    switch expression.kind {
    case .number: return true
    case .unary(.negate, let number): return if case .number = number.kind { true } else { false }
    case .name(let name):
      guard isVariable(name), definedness.contains(name), case .register = place(of: name, expression.span) else {
        return false
      }
      return !(isTopLevel && compiler.module.changedByFunctions.contains(name))
    default: return false
    }
  }
}
