import PixelBytes
import PixelScript
import Safepoint
import Tensors

/// The training windows of a data set in a script, one batch after the other: `for b in batches(data) { ... }`.
public final class BatchesObject {
  private let windows: Windows
  private let size: Int
  private let objective: NextToken
  /// Where the order of the next walk comes from; nil for the order of the data.
  private var random: Random?

  /// Batches of `size` windows, in an order drawn anew for each walk, or in that of the data without `random`.
  init(_ windows: Windows, size: Int, _ objective: NextToken, shuffledBy random: Random?) {
    (self.windows, self.size, self.objective, self.random) = (windows, size, objective, random)
  }

  private func batch(_ indices: ArraySlice<Int>) throws -> Value {
    let example = try windows.example(indices, for: objective)
    let inputs = example.inputs
    let whole = [inputs.count, inputs.length] + inputs.shape.dimensions
    // Each id of a byte becomes a number.
    try TensorObject.check(whole)
    let patches = Tensor(inputs.ids.map { Float($0) }, whole, elementType: .uint8)
    let shape = objective.positions == .all ? [inputs.count, inputs.length] : [inputs.count]
    let targets = Tensor(example.targets.map { Float($0) }, shape, elementType: .int32)
    return .map([("inputs", .object(TensorObject(patches))), ("targets", .object(TensorObject(targets)))])
  }
}

extension BatchesObject: ScriptObject {
  /// "batches".
  public static let scriptName = "batches"
  /// The numbers of batches and windows.
  public var displayText: String {
    "batches: \(length ?? 0) of up to \(size) windows of \(windows.rule == .rows ? "up to " : "")\(windows.length) tokens, \(windows.count) windows in all"
  }
  /// The number of batches in one walk, the last of which may be smaller.
  public var length: Int? { (windows.count + size - 1) / size }

  /// The batches as maps of `inputs` [B, L, rows, columns] and `targets` [B] or [B, L].
  public func elements() throws -> (() throws -> Value?)? {
    try Safepoint.reserve(8 + 4 + 8, times: windows.count, for: "an order of windows")
    var order = Array(0..<windows.count)
    if var random {
      order = try random.permutation(windows.count).map { Int($0) }
      self.random = random
    }
    var position = 0
    return {
      guard position < order.count else { return nil }
      defer { position += self.size }
      return try self.batch(order[position..<min(position + self.size, order.count)])
    }
  }
}
