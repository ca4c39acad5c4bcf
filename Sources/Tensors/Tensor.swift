import Safepoint

/// A rectangular array of numbers, row-major. A value: copying one is cheap, none changes behind another's
/// back.
public struct Tensor {
  /// The sizes of the axes, outermost first.
  public let shape: Shape
  /// The elements side by side; none where they are a view.
  private(set) var held: [Float]
  /// What few tensors have.
  private var beside: Beside?
  /// What the elements stand for; arithmetic gives `float32`.
  public let elementType: ElementType
  /// Where this tensor stands on the tape that recorded it; `nil` for a constant.
  let place: Tape.Place?

  /// The elements where they stand in another array, until they are changed.
  var view: View? { beside?.view }

  /// The elements of a mask as bytes of 0 and 1, where it has them.
  var bytes: [UInt8]? { view?.bytes }

  /// What the nearest floats leave of whole numbers: each element is `values` + `rest`, exactly. `nil` where nothing is left.
  var rest: [Float]? { beside?.rest }

  /// The elements, row by row; whole numbers beyond 2^24 as the nearest floats, see `numbers`.
  public internal(set) var values: [Float] {
    get { view?.values ?? held }
    _modify {
      if let view {
        // Whoever changes them changes all.
        held = Safepoint.withoutWatch { view.values }
        beside = nil
      }
      yield &held
    }
  }

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
    (held, self.shape, self.elementType, self.place) = (values, shape, elementType, place)
    beside = if let rest, !rest.allSatisfied({ $0 == 0 }) { Beside(rest: rest) } else { nil }
  }

  /// Elements that stand elsewhere.
  init(_ view: View) {
    (held, beside, shape, elementType, place) = ([], Beside(view: view), view.shape, .float32, nil)
  }

  /// A mask of bytes of 0 and 1.
  init(mask bytes: [UInt8], _ shape: Shape) {
    precondition(bytes.count == shape.elementCount, "\(bytes.count) bytes cannot fill the shape \(shape)")
    let view = View(Layout(base: [], start: 0, steps: shape.strides), shape, bytes: bytes)
    (held, beside, self.shape, elementType, place) = ([], Beside(view: view), shape, .bool, nil)
  }

  /// The elements of another tensor, as elements of a type, and where they stand on a tape.
  init(_ other: Tensor, elementType: ElementType, place: Tape.Place?) {
    (held, shape) = (other.held, other.shape)
    (self.elementType, self.place) = (elementType, place)
    beside = other.rest == nil || elementType == .int32 ? other.beside : nil
  }

  /// The number of elements.
  public var count: Int { view?.count ?? held.count }

  /// The same values off every tape (PyTorch's `detach`).
  public var constant: Tensor { Tensor(self, elementType: elementType, place: nil) }

  /// The same values off every tape as elements of a type, which must hold them.
  package func elements(as type: ElementType) -> Tensor { Tensor(self, elementType: type, place: nil) }

  /// Whether a gradient can flow back through this tensor.
  public var isRecorded: Bool { place != nil }

  /// Whether shapes and all elements are equal; NaN equals nothing.
  public func equals(_ other: Tensor) -> Bool {
    guard shape == other.shape, values.equals(other.values) else { return false }
    guard let rest, let others = other.rest else { return rest == nil && other.rest == nil }
    return rest.equals(others)
  }
}

/// What a tensor has beside its elements: no view has a rest.
private final class Beside: Sendable {
  let view: View?
  let rest: [Float]?

  init(view: View? = nil, rest: [Float]? = nil) { (self.view, self.rest) = (view, rest) }
}
