import Safepoint

extension Tape {
  /// What the pullback of an operation keeps beside itself, for the budget of memory.
  struct Kept {
    /// Whether it keeps its inputs, and whether its result.
    var inputs = true, result = false
    /// The floats that it keeps of its own.
    var floats = 0

    /// Its inputs, as most do.
    static let inputs = Kept()
    /// Its result alone.
    static let result = Kept(inputs: false, result: true)
    /// Nothing, or some floats of its own.
    static func only(_ floats: Int = 0) -> Kept { Kept(inputs: false, floats: floats) }
  }

  /// The bytes that the pullbacks of a tape keep, each array counted once, charged for as long as the tape lives.
  struct Keeping {
    private let charge = MemoryCharge()
    private var bytes = 0
    private var arrays: Set<UInt> = []

    /// The bytes of an operation itself, about.
    private static let node = 160
    /// Smaller arrays are counted whenever they are kept.
    private static let small = 1024

    mutating func add(_ floats: Int) {
      bytes += Self.node + 4 * floats
      charge.add(Self.node + 4 * floats)
    }

    /// The elements of a tensor; those of a view count as what they take once they stand side by side.
    mutating func add(_ tensor: Tensor) {
      guard let view = tensor.view else { return add(tensor.held) }
      add(view.count, at: UInt(bitPattern: ObjectIdentifier(view)))
    }

    mutating func add(_ values: [Float]) {
      add(values.count, at: values.count > Self.small ? Kernel.address(of: values) : 0)
    }

    private mutating func add(_ count: Int, at address: UInt) {
      if count > Self.small, !arrays.insert(address).inserted { return }
      bytes += 4 * count
      charge.add(4 * count)
    }

    /// Takes over what another tape keeps.
    mutating func absorb(_ other: inout Keeping) {
      charge.add(other.bytes)
      bytes += other.bytes
      arrays.formUnion(other.arrays)
      other.charge.add(-other.bytes)
      (other.bytes, other.arrays) = (0, [])
    }
  }
}
