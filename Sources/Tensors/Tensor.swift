/// A rectangular array of numbers, contiguous and row-major. A value: copying one is cheap, none changes behind another's
/// back.
public struct Tensor {
  /// The sizes of the axes, outermost first.
  public let shape: Shape
  /// The elements, row by row; whole numbers beyond 2^24 as the nearest floats, see `numbers`.
  public internal(set) var values: [Float]
  /// What the nearest floats leave of whole numbers: each element is `values` + `rest`, exactly. `nil` where nothing is left.
  let rest: [Float]?
  /// What the elements stand for; arithmetic gives `float32`.
  public let elementType: ElementType
  /// Where this tensor stands on the tape that recorded it; `nil` for a constant.
  let place: Tape.Place?

  /// Creates a constant of `shape.elementCount` values.
  public init(_ values: [Float], _ shape: Shape, elementType: ElementType = .float32) {
    self.init(values, shape, elementType: elementType, place: nil)
  }

  /// Creates a single number, of shape `[]`.
  public init(_ value: Float) { self.init([value], []) }

  /// Creates a tensor that holds one value everywhere.
  public init(repeating value: Float, _ shape: Shape, elementType: ElementType = .float32) {
    self.init(Kernel.repeating(value, shape.elementCount), shape, elementType: elementType)
  }

  init(
    _ values: [Float], _ shape: Shape, elementType: ElementType = .float32, rest: [Float]? = nil,
    place: Tape.Place? = nil
  ) {
    precondition(values.count == shape.elementCount, "\(values.count) values cannot fill the shape \(shape)")
    (self.values, self.shape, self.elementType, self.place) = (values, shape, elementType, place)
    self.rest = rest.flatMap { rest in rest.allSatisfied { $0 == 0 } ? nil : rest }
  }

  /// The number of elements.
  public var count: Int { values.count }

  /// The same values off every tape (PyTorch's `detach`).
  public var constant: Tensor { Tensor(values, shape, elementType: elementType, rest: rest) }

  /// Whether a gradient can flow back through this tensor.
  public var isRecorded: Bool { place != nil }

  /// Whether shapes and all elements are equal; NaN equals nothing.
  public func equals(_ other: Tensor) -> Bool {
    guard shape == other.shape, values.equals(other.values) else { return false }
    guard let rest, let others = other.rest else { return rest == nil && other.rest == nil }
    return rest.equals(others)
  }
}
