import Tensors

/// The text of a tensor: its elements in nested brackets, aligned, then shape and type.
enum TensorView {
  /// The most elements shown in full; of larger tensors each axis shows its first and last ones.
  private static let limit = 1000
  private static let edge = 3

  static func text(_ tensor: Tensor, name: String) -> String {
    let type = tensor.elementType.rawValue
    let shown = shownPlaces(tensor)
    let format = Format(shown.lazy.map { tensor.values[$0] }, type: tensor.elementType)
    if tensor.shape.isEmpty { return "\(name)(\(format.text(tensor.number(at: 0))), \(type))" }
    let width = tensor.shape.count == 1 ? 0 : shown.reduce(0) { max($0, format.text(tensor.number(at: $1)).count) }
    var output = "\(name)("
    write(tensor, axis: 0, start: 0, indent: output.count, to: &output) { place in
      let text = format.text(tensor.number(at: place))
      return String(repeating: " ", count: max(width - text.count, 0)) + text
    }
    return output + ", shape \(tensor.shape), \(type))"
  }

  /// An axis of size 0 leaves no elements, but the others are still walked along.
  private static func isLong(_ tensor: Tensor) -> Bool {
    tensor.shape.reduce(1) { min($0 * min(max($1, 1), limit + 1), limit + 1) } > limit
  }

  /// The positions of an axis that are shown; nil stands for those left out.
  private static func positions(_ size: Int, _ isLong: Bool) -> [Int?] {
    guard isLong, size > 2 * edge else { return (0..<size).map { $0 } }
    return (0..<edge).map { $0 } + [nil] + (size - edge..<size).map { $0 }
  }

  private static func shownPlaces(_ tensor: Tensor) -> [Int] {
    guard isLong(tensor) else { return Array(tensor.values.indices) }
    var places = [0]
    for size in tensor.shape {
      let shown = positions(size, true).compactMap { $0 }
      places = places.flatMap { start in shown.map { start * size + $0 } }
    }
    return places
  }

  private static func write(
    _ tensor: Tensor, axis: Int, start: Int, indent: Int, to output: inout String, element: (Int) -> String
  ) {
    let size = tensor.shape[axis]
    let isInnermost = axis == tensor.shape.count - 1
    let blank = String(repeating: "\n", count: tensor.shape.count - axis - 1)
    let separator = isInnermost ? ", " : "," + blank + String(repeating: " ", count: indent + 1)
    output += "["
    for (order, position) in positions(size, isLong(tensor)).enumerated() {
      if order > 0 { output += separator }
      guard let position else {
        output += "..."
        continue
      }
      let place = start * size + position
      if isInnermost {
        output += element(place)
      } else {
        write(tensor, axis: axis + 1, start: place, indent: indent + 1, to: &output, element: element)
      }
    }
    output += "]"
  }

  /// One form for all numbers of a tensor: whole, with as many decimals as they need (four at most), or with exponents. Types
  /// of whole numbers show every digit.
  private struct Format {
    private let isBoolean: Bool
    private let form: NumberForm

    init(_ values: some Sequence<Float>, type: ElementType) {
      isBoolean = type == .bool
      var (needed, largest, smallest, isWhole) = (0, Float(0), Float.infinity, true)
      for value in values where value.isFinite {
        let size = abs(value)
        largest = max(largest, size)
        if size > 0 { smallest = min(smallest, size) }
        isWhole = isWhole && value == value.rounded()
        while needed < 4, !Self.fits(value, decimals: needed) { needed += 1 }
      }
      let isLong = isWhole ? largest >= 1e9 : largest >= 1e6 || smallest < 1e-4
      form = type == .float32 && isLong ? .exponent(4) : .decimals(isWhole ? 0 : needed)
    }

    /// True when the value is the nearest one to a number of so many decimals.
    private static func fits(_ value: Float, decimals: Int) -> Bool {
      let power = [1, 1e1, 1e2, 1e3][decimals]
      return Float((Double(value) * power).rounded() / power) == value
    }

    func text(_ value: Double) -> String {
      if isBoolean { return value == 0 ? "false" : "true" }
      return form.text(value)
    }
  }
}
