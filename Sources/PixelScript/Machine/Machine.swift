/// Runs bytecode.
final class Machine {
  let meter = MemoryMeter()
  let interruption: Interruption

  init(interruption: Interruption) { self.interruption = interruption }

  /// The place of the instruction that runs, or nil.
  var location: Location? { nil }

  /// Throws when the run must stop.
  func poll(steps: Int) throws(ScriptError) {
    if interruption.isRequested { throw ScriptError(.interrupted, "interrupted") }
  }
}
