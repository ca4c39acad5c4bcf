/// A rectangular array of numbers, contiguous and row-major. A value: copying one is cheap, none changes behind another's
/// back.
public struct Tensor {
  /// The sizes of the axes, outermost first.
  public let shape: Shape
  /// The elements, row by row.
  public internal(set) var values: [Float]
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
  public init(repeating value: Float, _ shape: Shape) {
    self.init(Kernel.repeating(value, shape.elementCount), shape)
  }

  init(_ values: [Float], _ shape: Shape, elementType: ElementType = .float32, place: Tape.Place?) {
    precondition(values.count == shape.elementCount, "\(values.count) values cannot fill the shape \(shape)")
    (self.values, self.shape, self.elementType, self.place) = (values, shape, elementType, place)
  }

  /// The number of elements.
  public var count: Int { values.count }

  /// The same values off every tape (PyTorch's `detach`).
  public var constant: Tensor { Tensor(values, shape, elementType: elementType) }

  /// Whether a gradient can flow back through this tensor.
  public var isRecorded: Bool { place != nil }

  /// The same elements read as another type; the values must be ones that the type can hold.
  public func converted(to type: ElementType) -> Tensor {
    Tensor(values.mapped(type.nearest), shape, elementType: type)
  }

  /// Whether shapes and all elements are equal; NaN equals nothing.
  public func equals(_ other: Tensor) -> Bool { shape == other.shape && values.equals(other.values) }
}

/// What the elements of a tensor stand for. All are kept as 32-bit floats, so whole numbers are exact up to 2^24.
public enum ElementType: String, CaseIterable, Sendable {
  case float32, int32, uint8, bool

  /// The largest magnitude of a whole number that a tensor keeps exactly.
  public static let exactLimit: Float = 16_777_216

  /// Whether a tensor of this type can hold `value` unchanged.
  public func holds(_ value: Float) -> Bool {
    switch self {
    case .float32: true
    case .int32: value.rounded() == value && abs(value) <= Self.exactLimit
    case .uint8: value.rounded() == value && (0...255).contains(value)
    case .bool: value == 0 || value == 1
    }
  }

  /// The value of this type that a number turns into: whole numbers drop the fraction, a byte stays in 0...255, and a
  /// boolean is 1 for all but 0.
  func nearest(_ value: Float) -> Float {
    switch self {
    case .float32: value
    case .int32: value.isNaN ? 0 : min(max(value.rounded(.towardZero), -Self.exactLimit), Self.exactLimit)
    case .uint8: value.isNaN ? 0 : min(max(value.rounded(.towardZero), 0), 255)
    case .bool: value == 0 ? 0 : 1
    }
  }
}
