extension Prototype {
  /// Makes calls by a command's name look first whether the global variable of that name can be called.
  func redirect(_ name: String, to global: Int) {
    let code = unsafe header.pointee.code
    for place in 0..<instructionCount {
      let operation = unsafe code[place].operation
      switch operation {
      case .callCommand, .length, .append, .quick, .callMethod:
        let site = unsafe sites[Int(code[place].c)]
        guard site.commandName == name, unsafe operation != .callMethod || code[place].auxiliary == 0 else { continue }
        unsafe code[place].operation = site.method == nil ? .callShadowed : .callMethod
        unsafe code[place].auxiliary = UInt8(CalleeSource.global.rawValue)
        unsafe code[place].b = UInt16(global)
        closeShortWay(to: place)
      default: break
      }
    }
  }

  /// Makes what stands before a call and may do its work go on to the call.
  private func closeShortWay(to place: Int) {
    let code = unsafe header.pointee.code
    for before in max(place - Prototype.shortWay, 0)..<place {
      let instruction = unsafe code[before]
      let isShortWay =
        switch instruction.operation {
        case .prepareRange, .preparePairs: before == place - 1
        case .quickLength, .quickAppend: before + Int(instruction.c) >= place
        default: false
        }
      if isShortWay { unsafe code[before] = Instruction(.jump, 0, wide: 0) }
    }
  }

  /// The most instructions between a short way and its call: moves of the arguments.
  private static let shortWay = 3
}
