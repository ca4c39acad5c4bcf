/// The state of a `for` loop over anything but a range.
final class LoopIterator {
  private var subject: Slot
  private let next: () throws -> Value?

  init(_ subject: Slot, next: @escaping () throws -> Value?) {
    self.subject = subject
    self.next = next
  }

  deinit { Teardown.release(subject) }

  func surrender(to pending: inout [Slot]) {
    pending.append(subject)
    subject = .nil
  }
}
