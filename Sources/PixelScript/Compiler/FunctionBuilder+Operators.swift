extension FunctionBuilder {
  /// Compiles an operator of two operands; `updates` marks `x += y`, which some values answer by changing themselves.
  func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, into target: Int, updates: Bool = false,
    _ span: Span
  ) {
    let first = operand(left, before: right)
    if let small = smallInteger(right), let (short, constant) = shortForm(operation, small) {
      let marks = (first.isTemporary ? 1 : 0) | (updates ? 4 : 0)
      emit(Instruction(short, auxiliary: marks, target, first.register, constant), span, left.span, right.span)
      return
    }
    let second = operand(right)
    emit(arithmetic(operation, target, first, second, updates: updates), span, left.span, right.span)
  }

  func arithmetic(
    _ operation: BinaryOperator, _ target: Int, _ left: Operand, _ right: Operand, updates: Bool
  ) -> Instruction {
    let code: Instruction.Operation =
      switch operation {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      case .floorDivide: .floorDivide
      case .remainder: .remainder
      case .matrixMultiply: .matrixProduct
      case .power: .power
      case .union, .intersection, .symmetricDifference: .operate
      }
    let marks = marks(left, right) | (updates ? 4 : 0) | rareOperation(operation) << 4
    return Instruction(code, auxiliary: marks, target, left.register, right.register)
  }

  /// The number of an operation without an instruction of its own, else 0.
  private func rareOperation(_ operation: BinaryOperator) -> Int {
    let operation: Operation? =
      switch operation {
      case .union: .union
      case .intersection: .intersection
      case .symmetricDifference: .symmetricDifference
      default: nil
      }
    return operation.map { Int($0.rawValue) } ?? 0
  }

  func marks(_ left: Operand, _ right: Operand) -> Int {
    (left.isTemporary ? 1 : 0) | (right.isTemporary ? 2 : 0)
  }

  /// A whole number that fits an operand.
  func smallInteger(_ expression: Expression) -> Int? {
    switch expression.kind {
    case .number(let number) where number.sign == .plus: return Int16(exactly: number).map(Int.init)
    case .unary(.negate, let part):
      if case .number(let number) = part.kind, number > 0 { return Int16(exactly: -number).map(Int.init) }
      return nil
    default: return nil
    }
  }

  private func shortForm(_ operation: BinaryOperator, _ value: Int) -> (Instruction.Operation, Int)? {
    switch operation {
    case .add: (.addInteger, value)
    case .multiply: (.multiplyInteger, value)
    case .floorDivide where value != 0: (.floorDivideInteger, value)
    case .remainder where value != 0: (.remainderInteger, value)
    default: nil
    }
  }

  /// Compiles `and`, `or` and comparisons as values.
  func truth(_ expression: Expression, into target: Int) {
    let span = expression.span
    if case .comparison(let first, let links) = expression.kind, links.count == 1 {
      let left = operand(first)
      let isMembership = links[0].comparison == .in || links[0].comparison == .notIn
      let right = (isMembership ? constantList(links[0].right) : nil) ?? operand(links[0].right)
      return emitComparison(links[0].comparison, target, left, right, span, first.span, links[0].right.span)
    }
    // The result is written bit by bit, so a variable that the expression reads is no place for it.
    let result = isVariable(target) ? temporary() : target
    switch expression.kind {
    case .logical(let operation, let left, let right):
      value(left, into: result)
      var jump = Instruction(operation == .and ? .jumpIfNot : .jumpIf, result, wide: 0)
      jump.auxiliary = 1
      let end = emit(jump, left.span)
      let mark = firstFree
      let other = temporary(of: right)
      emit(Instruction(.combine, auxiliary: operation == .or ? 1 : 0, result, other), span, left.span, right.span)
      free(from: mark)
      patch([end])
    case .comparison(let first, let links): chain(first, links, into: result, span)
    default: preconditionFailure("only operators of truth come here")
    }
    if result != target { emit(Instruction(.take, target, result), span) }
  }

  /// A list of constants that nobody can change, because no variable holds it: made once, and not each time; nil for another one.
  ///
  /// A loop takes lists of `inside` constants apart, so that no variable holds them either.
  func constantList(_ expression: Expression, inside count: Int? = nil) -> Operand? {
    guard let list = constants(expression, inside: count) else { return nil }
    let register = temporary()
    emit(Instruction(.loadConstant, register, wide: unsharedConstant(.list(list))), expression.span)
    return Operand(register: register, isTemporary: true)
  }

  private func constants(_ expression: Expression, inside count: Int?) -> ScriptList? {
    guard case .list(let elements) = expression.kind, (1...64).contains(elements.count) else { return nil }
    var values: [Value] = []
    for element in elements {
      switch element.kind {
      case .nil: values.append(.nil)
      case .bool(let truth): values.append(.bool(truth))
      case .number(let number): values.append(.number(number))
      case .unary(.negate, let part):
        guard case .number(let number) = part.kind else { return nil }
        values.append(.number(-number))
      case .string(let text): values.append(.string(text))
      case .list:
        guard let count, let list = constants(element, inside: nil), list.count == count else { return nil }
        values.append(.list(list))
      default: return nil
      }
    }
    return ScriptList(values)
  }

  private func chain(_ first: Expression, _ links: [ComparisonLink], into result: Int, _ span: Span) {
    var (left, leftSpan) = (temporary(of: first), first.span)
    var ends: [Int] = []
    for (place, link) in links.enumerated() {
      let right = temporary(of: link.right)
      emitComparison(
        link.comparison, result, Operand(register: left, isTemporary: false),
        Operand(register: right, isTemporary: false), span, leftSpan, link.right.span)
      if place < links.count - 1 { ends.append(emitJump(.jumpIfNot, result, span)) }
      (left, leftSpan) = (right, link.right.span)
    }
    patch(ends)
  }

  func emitComparison(
    _ comparison: ComparisonOperator, _ target: Int, _ left: Operand, _ right: Operand, _ span: Span,
    _ leftSpan: Span, _ rightSpan: Span
  ) {
    let code: Instruction.Operation =
      switch comparison {
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      case .in: .contains
      case .notIn: .notContains
      }
    let marks = marks(left, right)
    emit(Instruction(code, auxiliary: marks, target, left.register, right.register), span, leftSpan, rightSpan)
  }

  /// Compiles a condition; returns the jumps to patch that are taken when it has the given truth.
  func jumps(on condition: Expression, when truth: Bool) -> [Int] {
    let mark = firstFree
    defer { free(from: mark) }
    switch condition.kind {
    case .bool(let value): return value == truth ? [emitJump(condition.span)] : []
    case .unary(.not, let part) where isPlainCondition(part): return jumps(on: part, when: !truth)
    case .unary(.not, let part):
      let operand = operand(part)
      let jump = emitJump(truth ? .jumpIfNot : .jumpIf, operand.register, condition.span)
      parts.code[jump].auxiliary = operand.isTemporary ? 6 : 4
      return [jump]
    case .logical(let operation, let left, let right):
      if (operation == .and) != truth { return jumps(on: left, when: truth) + jumps(on: right, when: truth) }
      let past = jumps(on: left, when: !truth)
      let taken = jumps(on: right, when: truth)
      patch(past)
      return taken
    case .comparison(let first, let links) where links.count == 1:
      return [comparisonJump(first, links[0], when: truth, condition.span)]
    default: break
    }
    let result = operand(condition)
    return [emitJump(truth ? .jumpIf : .jumpIfNot, result.register, condition.span)]
  }

  /// `not` of anything else may be a mask, which is no condition.
  private func isPlainCondition(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .bool, .logical, .comparison, .unary(.not, _): true
    default: false
    }
  }

  /// The constant string that a value is compared with, or nil where it is or is not that; nil for anything else.
  private func comparedConstant(_ link: ComparisonLink) -> Int? {
    let index: Int
    switch link.right.kind {
    case .string(let text): index = constant(.string(text))
    case .nil where link.comparison == .equal || link.comparison == .notEqual: index = constant(.nil)
    default: return nil
    }
    return index < 65_536 ? index : nil
  }

  private func membershipJump(
    _ operation: Instruction.Operation, _ first: Expression, _ link: ComparisonLink, when truth: Bool, _ span: Span
  ) -> Int {
    let left = operand(first)
    let right = constantList(link.right) ?? operand(link.right)
    let marks = (truth ? 128 : 0) | marks(left, right)
    emit(
      Instruction(operation, auxiliary: marks, left.register, right.register), span, first.span, link.right.span)
    return emitJump(span)
  }

  private func comparisonJump(_ first: Expression, _ link: ComparisonLink, when truth: Bool, _ span: Span) -> Int {
    let codes: (Instruction.Operation, Instruction.Operation, Instruction.Operation)
    switch link.comparison {
    case .equal: codes = (.jumpEqual, .jumpEqualInteger, .jumpEqualConstant)
    case .notEqual: codes = (.jumpNotEqual, .jumpNotEqualInteger, .jumpNotEqualConstant)
    case .less: codes = (.jumpLess, .jumpLessInteger, .jumpLessConstant)
    case .lessOrEqual: codes = (.jumpLessOrEqual, .jumpLessOrEqualInteger, .jumpLessOrEqualConstant)
    case .greater: codes = (.jumpGreater, .jumpGreaterInteger, .jumpGreaterConstant)
    case .greaterOrEqual: codes = (.jumpGreaterOrEqual, .jumpGreaterOrEqualInteger, .jumpGreaterOrEqualConstant)
    case .in: return membershipJump(.jumpContains, first, link, when: truth, span)
    case .notIn: return membershipJump(.jumpNotContains, first, link, when: truth, span)
    }
    let left = operand(first)
    let sense = truth ? 128 : 0
    let rightSpan = link.right.span
    if let small = smallInteger(link.right) {
      let marks = sense | (left.isTemporary ? 1 : 0)
      emit(Instruction(codes.1, auxiliary: marks, left.register, small), span, first.span, rightSpan)
    } else if let constant = comparedConstant(link) {
      let marks = sense | (left.isTemporary ? 1 : 0)
      emit(Instruction(codes.2, auxiliary: marks, left.register, constant), span, first.span, rightSpan)
    } else {
      let right = operand(link.right)
      let marks = sense | marks(left, right)
      emit(Instruction(codes.0, auxiliary: marks, left.register, right.register), span, first.span, rightSpan)
    }
    return emitJump(span)
  }
}

extension Expression {
  /// True when working it out surely calls no function of the script.
  var isPlain: Bool {
    switch kind {
    case .nil, .bool, .number, .string, .name: true
    case .unary(_, let part): part.isPlain
    case .binary(_, let left, let right): left.isPlain && right.isPlain
    default: false
    }
  }
}
