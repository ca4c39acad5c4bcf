/// Parts of parts: `t[0].v = 1` changes what `t[0]` gives, which may be a copy that the table knows nothing of.
extension FunctionBuilder {
  /// A value of which a part is about to be assigned.
  struct Whole {
    let operand: Operand
    /// Emits what puts it back where it was taken, for the case that it is a copy.
    let putBack: () -> Void
  }

  /// Evaluates what has a part that is assigned, and what that was taken from, once each.
  ///
  /// With `forField` a field of it is what is assigned, so that the other fields need not be there.
  func whole(_ base: Expression, forField: Bool = false) -> Whole {
    switch base.kind {
    case .field(let owner, let name):
      let outer = whole(owner, forField: true)
      let part = temporary()
      emit(Instruction(.getField, part, outer.operand.register, self.name(name.text)), base.span)
      return taken(part, from: outer) { [self] in
        setField(kept(outer.operand), name, Operand(register: part, isTemporary: true), base.span)
      }
    case .index(let owner, let subscripts) where subscripts.count == 1:
      let outer = whole(owner)
      let position = subscripted(subscripts[0])
      let part = temporary()
      let (left, right) = (owner.span, subscripts[0].span)
      let marks = forField ? 4 : 0
      emit(
        Instruction(.getIndex, auxiliary: marks, part, outer.operand.register, position.register), base.span, left,
        right)
      return taken(part, from: outer) { [self] in
        let source = Operand(register: part, isTemporary: true)
        setIndex(kept(outer.operand), kept(position), source, base.span, left, right)
      }
    case .index(let owner, let subscripts):
      let outer = whole(owner)
      let (part, set) = part(of: outer, subscripts, base.span)
      return taken(part, from: outer, set)
    default: return Whole(operand: operand(base)) {}
    }
  }

  /// Takes a part along several axes, the indices evaluated once: its register, and what emits that it is set to what is there then.
  func part(
    of whole: Whole, _ subscripts: [Subscript], _ span: Span, inPlace: Bool = false
  ) -> (part: Int, set: () -> Void) {
    // The indices are read twice, and both times used up.
    let first = temporary()
    for part in subscripts { axis(part, into: temporary()) }
    let part = temporary()
    for place in 1...subscripts.count { emit(Instruction(.move, temporary(), first + place), span) }
    emit(Instruction(.move, part, whole.operand.register), span)
    emit(Instruction(.getIndices, auxiliary: subscripts.count, part, part, inPlace ? 1 : 0), span)
    return (
      part,
      { [self] in
        emit(Instruction(.move, first, whole.operand.register), span)
        emit(Instruction(.setIndices, auxiliary: subscripts.count, part, first), span)
      }
    )
  }

  private func kept(_ operand: Operand) -> Operand { Operand(register: operand.register, isTemporary: false) }

  private func taken(_ part: Int, from outer: Whole, _ set: @escaping () -> Void) -> Whole {
    Whole(operand: Operand(register: part, isTemporary: false)) { [self] in
      putBack(part, set)
      outer.putBack()
    }
  }

  /// Emits what puts a part back for the case that it is a copy.
  func putBack(_ part: Int, _ set: () -> Void) {
    let shared = emitJump(.skipUnlessCopy, part, parts.spans.last ?? Span(0, 0))
    set()
    patch([shared])
  }
}
