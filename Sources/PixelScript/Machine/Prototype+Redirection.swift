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
        // The short way of a loop is closed.
        if place > 0, unsafe [.prepareRange, .preparePairs].contains(code[place - 1].operation) {
          unsafe code[place - 1] = Instruction(.jump, 0, wide: 0)
        }
      default: break
      }
    }
  }
}
