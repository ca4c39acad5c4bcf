/// The inner loop. It is one long function on purpose: the next instruction, the registers and the constants must stay in the
/// processor's registers. A case does the common thing in place and leaves everything else to a function that may throw;
/// before that it stores the next instruction in the frame, from which errors find their place in the script.
extension Machine {
  /// Runs the youngest frame until it gives back.
  func dispatch() throws -> Slot {
    var frame = unsafe state.pointee.frame
    var next = unsafe frame.pointee.next
    var base = unsafe frame.pointee.base
    var header = unsafe frame.pointee.header
    while true {
      let i = unsafe next.pointee
      unsafe next += 1
      let a = unsafe base + Int(i.a)
      switch i.operation {
      case .move: unsafe Machine.set(a, base[Int(i.b)].copied())
      case .take:
        let slot = unsafe base[Int(i.b)]
        unsafe base[Int(i.b)] = .nil
        unsafe Machine.set(a, slot)
      case .clear: unsafe Machine.set(a, .nil)
      case .pass:
        if unsafe a.pointee.tag == .object || a.pointee.tag == .list {
          unsafe frame.pointee.next = next
          try unsafe interpreter.onPassing?(a.pointee.value, i.auxiliary & 2 != 0)
        }
        if i.auxiliary & 1 != 0 { unsafe Machine.set(a, .nil) }
      case .loadNil: unsafe Machine.set(a, .nil)
      case .loadTrue: unsafe Machine.set(a, Slot(true))
      case .loadFalse: unsafe Machine.set(a, Slot(false))
      case .loadInteger: unsafe Machine.set(a, Slot(Double(i.wide)))
      case .loadConstant: unsafe Machine.set(a, header.pointee.constants[i.wide].copied())
      case .loadCommand: unsafe Machine.set(a, command(i.wide))

      case .getGlobal:
        let slot = unsafe header.pointee.globals[i.wide]
        if slot.tag == .undefined, i.auxiliary == 0 {
          unsafe frame.pointee.next = next
          throw undefinedGlobal(i.wide)
        }
        unsafe Machine.set(a, slot.copied())
      case .getCell, .getCapture:
        let cell = unsafe i.operation == .getCell ? base[Int(i.b)] : Machine.capture(Int(i.b), of: frame)
        let slot = cell.with(Cell.self) { $0.slot }
        if slot.tag == .undefined, i.auxiliary == 0 {
          unsafe frame.pointee.next = next
          try unsafe variable(i, frame)
        }
        unsafe Machine.set(a, slot.copied())
      case .setCell:
        let slot = unsafe base[Int(i.b)]
        unsafe base[Int(i.b)] = .nil
        Teardown.release(unsafe a.pointee.with(Cell.self) { $0.exchange(slot) })
      case .makeCell, .checkDefined:
        unsafe frame.pointee.next = next
        try unsafe variable(i, frame)
      case .skipUnlessUndefined: if unsafe a.pointee.tag != .undefined { unsafe next += i.wide }
      case .add:
        let x = unsafe base[Int(i.b)], y = unsafe base[Int(i.c)]
        if x.isNumber, y.isNumber { unsafe Machine.set(a, x.number + y.number); continue }
        unsafe frame.pointee.next = next
        try unsafe arithmetic(.add, i, base)
      case .subtract:
        let x = unsafe base[Int(i.b)], y = unsafe base[Int(i.c)]
        if x.isNumber, y.isNumber { unsafe Machine.set(a, x.number - y.number); continue }
        unsafe frame.pointee.next = next
        try unsafe arithmetic(.subtract, i, base)
      case .multiply:
        let x = unsafe base[Int(i.b)], y = unsafe base[Int(i.c)]
        if x.isNumber, y.isNumber { unsafe Machine.set(a, x.number * y.number); continue }
        unsafe frame.pointee.next = next
        try unsafe arithmetic(.multiply, i, base)
      case .divide:
        let x = unsafe base[Int(i.b)], y = unsafe base[Int(i.c)]
        if x.isNumber, y.isNumber, y.number != 0 { unsafe Machine.set(a, x.number / y.number); continue }
        unsafe frame.pointee.next = next
        try unsafe arithmetic(.divide, i, base)
      case .floorDivide:
        let x = unsafe base[Int(i.b)], y = unsafe base[Int(i.c)]
        if x.isNumber, y.isNumber, let result = Machine.quickQuotient(x.number, y.number) {
          unsafe Machine.set(a, result)
          continue
        }
        unsafe frame.pointee.next = next
        try unsafe arithmetic(.floorDivide, i, base)
      case .remainder:
        let x = unsafe base[Int(i.b)], y = unsafe base[Int(i.c)]
        if x.isNumber, y.isNumber, let result = Machine.quickRemainder(x.number, y.number) {
          unsafe Machine.set(a, result)
          continue
        }
        unsafe frame.pointee.next = next
        try unsafe arithmetic(.remainder, i, base)
      case .power, .matrixProduct:
        unsafe frame.pointee.next = next
        try unsafe arithmetic(i.operation == .power ? .power : .matrixProduct, i, base)

      case .addInteger:
        let x = unsafe base[Int(i.b)]
        if x.isNumber { unsafe Machine.set(a, x.number + i.smallC); continue }
        unsafe frame.pointee.next = next
        try unsafe arithmeticWithInteger(.add, i, base)
      case .multiplyInteger:
        let x = unsafe base[Int(i.b)]
        if x.isNumber { unsafe Machine.set(a, x.number * i.smallC); continue }
        unsafe frame.pointee.next = next
        try unsafe arithmeticWithInteger(.multiply, i, base)
      case .floorDivideInteger:
        let x = unsafe base[Int(i.b)]
        if x.isNumber, let result = Machine.quickQuotient(x.number, i.smallC) {
          unsafe Machine.set(a, result)
          continue
        }
        unsafe frame.pointee.next = next
        try unsafe arithmeticWithInteger(.floorDivide, i, base)
      case .remainderInteger:
        let x = unsafe base[Int(i.b)]
        if x.isNumber, let result = Machine.quickRemainder(x.number, i.smallC) {
          unsafe Machine.set(a, result)
          continue
        }
        unsafe frame.pointee.next = next
        try unsafe arithmeticWithInteger(.remainder, i, base)
      case .negate:
        let x = unsafe base[Int(i.b)]
        if x.isNumber { unsafe Machine.set(a, -x.number); continue }
        unsafe frame.pointee.next = next
        try unsafe unary(.negate, i, base)
      case .not:
        let x = unsafe base[Int(i.b)]
        if x.tag == .bool { unsafe Machine.set(a, Slot(!x.truth)); continue }
        unsafe frame.pointee.next = next
        try unsafe unary(.not, i, base)

      case .equal: try unsafe compare(next, frame, i, base) { $0 == $1 }
      case .notEqual: try unsafe compare(next, frame, i, base) { $0 != $1 }
      case .less: try unsafe compare(next, frame, i, base) { $0 < $1 }
      case .lessOrEqual: try unsafe compare(next, frame, i, base) { $0 <= $1 }
      case .greater: try unsafe compare(next, frame, i, base) { $0 > $1 }
      case .greaterOrEqual: try unsafe compare(next, frame, i, base) { $0 >= $1 }
      case .jumpEqualConstant, .jumpNotEqualConstant:
        let truth = unsafe Machine.quickEqual(a.pointee, header.pointee.constants[Int(i.b)])
        try unsafe jumpWithConstant(&next, frame, i, a, truth.map { $0 == (i.operation == .jumpEqualConstant) })
      case .jumpLessConstant, .jumpLessOrEqualConstant, .jumpGreaterConstant, .jumpGreaterOrEqualConstant:
        let order = unsafe Machine.letterOrder(a.pointee, header.pointee.constants[Int(i.b)])
        try unsafe jumpWithConstant(&next, frame, i, a, order.map { Machine.isOrdered(i.operation, $0) })
      case .jumpContains, .jumpNotContains:
        unsafe frame.pointee.next = next
        let holds = try unsafe membership(i, base)
        try unsafe jump(&next, frame, isTaken: holds == (i.auxiliary >= 128))
      case .contains, .notContains:
        if unsafe Machine.quickContains(i, base) { continue }
        unsafe frame.pointee.next = next
        try unsafe comparison(i, base)

      case .jumpEqual: try unsafe jump(&next, frame, i, base) { $0 == $1 }
      case .jumpNotEqual: try unsafe jump(&next, frame, i, base) { $0 != $1 }
      case .jumpLess: try unsafe jump(&next, frame, i, base) { $0 < $1 }
      case .jumpLessOrEqual: try unsafe jump(&next, frame, i, base) { $0 <= $1 }
      case .jumpGreater: try unsafe jump(&next, frame, i, base) { $0 > $1 }
      case .jumpGreaterOrEqual: try unsafe jump(&next, frame, i, base) { $0 >= $1 }
      case .jumpEqualInteger: try unsafe jumpWithInteger(&next, frame, i, base) { $0 == $1 }
      case .jumpNotEqualInteger: try unsafe jumpWithInteger(&next, frame, i, base) { $0 != $1 }
      case .jumpLessInteger: try unsafe jumpWithInteger(&next, frame, i, base) { $0 < $1 }
      case .jumpLessOrEqualInteger: try unsafe jumpWithInteger(&next, frame, i, base) { $0 <= $1 }
      case .jumpGreaterInteger: try unsafe jumpWithInteger(&next, frame, i, base) { $0 > $1 }
      case .jumpGreaterOrEqualInteger: try unsafe jumpWithInteger(&next, frame, i, base) { $0 >= $1 }

      case .jump:
        let offset = i.wide
        unsafe next += offset
        if offset < 0 {
          unsafe state.pointee.ticks -= 1
          if unsafe state.pointee.ticks <= 0 {
            unsafe frame.pointee.next = next
            try safepoint()
          }
        }
      case .jumpIf, .jumpIfNot:
        let x = unsafe a.pointee
        var truth = x.truth
        if x.tag != .bool {
          // A mask is no reason to leave out the right side of `and` or `or`.
          if i.auxiliary == 1, x.tag == .object { continue }
          unsafe frame.pointee.next = next
          truth = try unsafe i.auxiliary & 4 != 0 ? !self.truth(ofNegated: a, i) : self.truth(of: x)
        }
        if truth == (i.operation == .jumpIf) {
          let offset = i.wide
          unsafe next += offset
          if offset < 0 {
            unsafe state.pointee.ticks -= 1
            if unsafe state.pointee.ticks <= 0 {
              unsafe frame.pointee.next = next
              try safepoint()
            }
          }
        }
      case .combine:
        let other = unsafe base[Int(i.b)]
        if unsafe a.pointee.tag == .bool, other.tag == .bool {
          unsafe a.pointee = other
          continue
        }
        unsafe frame.pointee.next = next
        try unsafe combine(i, base)

      case .nextElement:
        if unsafe a.pointee.isNumber, i.auxiliary == 1 {
          let position = unsafe a[1].number
          if unsafe position < a[3].number {
            unsafe Machine.set(base + Int(i.b), a.pointee.number + position * a[2].number)
            unsafe a[1] = Slot(position + 1)
            unsafe next += next.pointee.wide + 1
            unsafe state.pointee.ticks -= 1
            if unsafe state.pointee.ticks <= 0 {
              unsafe frame.pointee.next = next
              try safepoint()
            }
          } else {
            unsafe next += 1
          }
          continue
        }
        let hasNext: Bool
        if unsafe a.pointee.tag == .list, i.auxiliary == 1 {
          if let element = unsafe Machine.quickElement(a.pointee, a[1].number) {
            unsafe Machine.set(base + Int(i.b), element.copied())
            unsafe a[1] = Slot(a[1].number + 1)
            hasNext = true
          } else {
            hasNext = false
          }
        } else if unsafe a.pointee.tag == .string, i.auxiliary == 1, let letter = unsafe nextLetter(a) {
          unsafe Machine.set(base + Int(i.b), letter.copied())
          hasNext = true
        } else if unsafe a.pointee.tag == .string, i.auxiliary == 1, let letter = unsafe nextWideLetter(a) {
          unsafe Machine.set(base + Int(i.b), letter.copied())
          hasNext = true
        } else {
          unsafe frame.pointee.next = next
          hasNext = try unsafe nextElement(i, base)
        }
        if hasNext {
          unsafe next += next.pointee.wide + 1
          unsafe state.pointee.ticks -= 1
          if unsafe state.pointee.ticks <= 0 {
            unsafe frame.pointee.next = next
            try safepoint()
          }
        } else {
          unsafe next += 1
        }

      case .call, .callGlobal, .callCell, .callCapture:
        let callee: Slot
        switch i.operation {
        case .call: callee = unsafe base[Int(i.b)]
        case .callGlobal: callee = unsafe header.pointee.globals[Int(i.b)]
        case .callCell: callee = unsafe base[Int(i.b)].with(Cell.self) { $0.slot }
        default: callee = unsafe Machine.capture(Int(i.b), of: frame).with(Cell.self) { $0.slot }
        }
        unsafe frame.pointee.next = next
        if callee.tag == .function, let called = unsafe Machine.header(of: callee),
          i.auxiliary < 255, unsafe called.pointee.takes(Int(i.auxiliary))
        {
          try unsafe push(called, callee, arguments: a, count: Int(i.auxiliary))
        } else {
          try unsafe call(callee, i, a)
        }
        unsafe frame = state.pointee.frame
        unsafe next = frame.pointee.next
        unsafe base = frame.pointee.base
        unsafe header = frame.pointee.header
      case .callMethod, .raise:
        unsafe frame.pointee.next = next
        if i.operation == .raise { try unsafe raise(a.pointee) } else { try unsafe callMethod(i, base) }
        unsafe frame = state.pointee.frame
        unsafe next = frame.pointee.next
        unsafe base = frame.pointee.base
        unsafe header = frame.pointee.header
      case .callShadowed:
        let isGlobal = Int(i.auxiliary) == CalleeSource.global.rawValue
        let callee = unsafe isGlobal ? header.pointee.globals[Int(i.b)] : base[Int(i.b)]
        unsafe frame.pointee.next = next
        try unsafe callShadowed(callee, i, a)
        unsafe frame = state.pointee.frame
        unsafe next = frame.pointee.next
        unsafe base = frame.pointee.base
        unsafe header = frame.pointee.header
      case .giveBack, .giveBackNil:
        var result = Slot.nil
        if i.operation == .giveBack {
          unsafe result = a.pointee
          unsafe a.pointee = .nil
        }
        let isEntry = unsafe frame.pointee.isEntry
        pop()
        if isEntry { return result }
        unsafe frame = state.pointee.frame
        unsafe next = frame.pointee.next
        unsafe base = frame.pointee.base
        unsafe header = frame.pointee.header
        unsafe Machine.set(base + Int(next[-1].a), result)

      case .getIndex:
        let object = unsafe base[Int(i.b)], position = unsafe base[Int(i.c)]
        if object.tag == .list, position.isNumber, let element = Machine.quickElement(object, position.number) {
          unsafe Machine.set(a, element.copied())
          if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
          continue
        }
        if object.tag == .string, position.isNumber, let letter = quickLetter(object, position.number) {
          unsafe Machine.set(a, letter.copied())
          if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
          continue
        }
        if object.tag == .map, unsafe Machine.quickEntry(i, base) { continue }
        unsafe frame.pointee.next = next
        try unsafe getIndex(i, base)
      case .setIndex:
        let object = unsafe a.pointee, position = unsafe base[Int(i.b)]
        let isDone =
          unsafe object.tag == .list && position.isNumber && (i.auxiliary & 8 == 0 || base[Int(i.c)].tag != .object)
          && Machine.quickReplace(object, position.number, base[Int(i.c)])
        if !isDone {
          unsafe frame.pointee.next = next
          try unsafe setIndex(i, base)
        }
        if i.auxiliary != 0 { unsafe dropTemporaries(i, base) }
      case .getField:
        let object = unsafe base[Int(i.b)], name = unsafe header.pointee.constants[Int(i.c)]
        if object.tag == .map, let value = Machine.quickField(object, name) {
          unsafe Machine.set(a, value.copied())
          if i.auxiliary & 1 != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
          continue
        }
        unsafe frame.pointee.next = next
        try unsafe getField(i, base, name)
      case .setField:
        let object = unsafe a.pointee, name = unsafe header.pointee.constants[Int(i.b)]
        if unsafe !(object.tag == .map && Machine.quickReplace(object, name, base[Int(i.c)])) {
          unsafe frame.pointee.next = next
          try unsafe setField(i, base, name)
        }
        if i.auxiliary != 0 { unsafe dropTemporaries(i, base) }
      case .getInner, .setInner:
        unsafe frame.pointee.next = next
        unsafe next += inner(i, frame)
      case .skipUnlessCopy:
        if unsafe a.pointee.isCopy { continue }
        unsafe Machine.set(a, .nil)
        unsafe next += i.wide
      case .quickSlice:
        unsafe frame.pointee.next = next
        if try unsafe quickSlice(i, base) { unsafe next += 2 }
      case .prepareRange: if unsafe prepareRange(i, base) { unsafe next += 2 }
      case .preparePairs:
        unsafe frame.pointee.next = next
        if try unsafe preparePairs(i, base) { unsafe next += 2 }
      case .callCommand:
        unsafe frame.pointee.next = next
        try unsafe callCommand(i, a, header)
      case .length, .append, .quick:
        if i.operation == .append, unsafe a.pointee.tag == .list {
          unsafe frame.pointee.next = next
          try unsafe append(from: a + 1, to: a.pointee)
          unsafe Machine.set(a, .nil)
          continue
        }
        unsafe frame.pointee.next = next
        if try unsafe primitive(i, a) {
          unsafe frame = state.pointee.frame
          unsafe next = frame.pointee.next
          unsafe base = frame.pointee.base
          unsafe header = frame.pointee.header
        }
      case .quickLength:
        let subject = unsafe base[Int(i.b)]
        guard let length = Machine.quickLength(subject) else { continue }
        if i.auxiliary != 0 { unsafe Machine.set(base + Int(i.b), .nil) }
        unsafe Machine.set(a, Double(length))
        unsafe next += Int(i.c)
      case .quickAppend:
        if unsafe Machine.quickAppend(i, base) { unsafe next += Int(i.c) }
      case .collect:
        if unsafe Machine.quickAppend(i, base) { continue }
        unsafe frame.pointee.next = next
        try unsafe collect(i, base)
      case .prepareLoop, .makeList, .makeMap, .makeFunction, .makeSlice, .interpolate, .unpack,
        .getIndices, .setIndices, .operate, .setGlobal, .setCapture, .format, .beginTry, .endTry,
        .failAssertion,
        .importScript, .importNames:
        unsafe frame.pointee.next = next
        try unsafe other(i, frame)
      }
    }
  }
}
