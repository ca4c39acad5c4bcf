import PixelScript
import Safepoint
import Tensors

/// A tensor in a script; a parameter when gradients are to be collected for it.
///
/// What is computed from a parameter is recorded, and stands on a tape of its own until it meets something else that is
/// recorded: then both tapes become one. So no tape outlives the tensors that stand on it.
public final class TensorObject {
  /// The parameter, or nil for a tensor whose gradient nobody collects.
  public let parameter: Tensors.Parameter?
  private(set) var own: Tensor { didSet { ownBytes = own.arrayBytes } }
  /// What its arrays take, which is asked of every tensor made.
  private var ownBytes: Int
  /// The plain number that this stands for beside a tensor, which leaves whole numbers whole; nil for a tensor.
  private(set) var literal: Double?

  /// Wraps a tensor, recorded or not.
  public init(_ tensor: Tensor) { (own, parameter, ownBytes) = (tensor, nil, tensor.arrayBytes) }

  /// Wraps a number that stands beside a tensor.
  init(literal number: Double) {
    (own, parameter, literal, ownBytes) = (Tensor(Float(number)), nil, number, 4)
    guard abs(number) > 16_777_216, ElementType.int32.holds(number) else { return }
    own = Tensor(exactly: [number], [], elementType: .int32)
    ownBytes = own.arrayBytes
  }

  /// Wraps a parameter; the values are the parameter's at any time.
  public init(parameter: Tensors.Parameter) { (own, self.parameter, ownBytes) = (Tensor(0), parameter, 4) }

  /// The values now; off every tape for a parameter.
  public var tensor: Tensor {
    get { parameter?.value ?? own }
    set { if let parameter { parameter.value = newValue.constant } else { own = newValue } }
  }

  /// What `body` says after it changed the values in place; false for a parameter, whose values others may hold.
  func changeInPlace(_ body: (inout Tensor) -> Bool) -> Bool { parameter == nil && body(&own) }

  /// Whether nobody records what is computed of these.
  var isConstant: Bool { parameter == nil && !own.isRecorded }

  /// Whether these are floats that nobody records.
  var isPlain: Bool { parameter == nil && literal == nil && !own.isRecorded && own.elementType == .float32 }

  /// The sizes of the axes.
  public var shape: Shape { parameter == nil ? own.shape : tensor.shape }

  /// What the elements stand for.
  var elementType: ElementType { parameter == nil ? own.elementType : tensor.elementType }

  /// The shape, such as `[2, 3]`.
  public var shapeText: String? { "\(shape)" }

  /// The most elements of a tensor that a script makes: 1 GB.
  public static let elementLimit = 1 << 28

  /// The most axes of a tensor that a script makes.
  public static let axisLimit = 64

  /// Throws a limit error unless a tensor of this shape is small enough, for the language and for the budget of memory, and a
  /// shape error unless it is one.
  public static func check(_ shape: Shape) throws {
    if shape.contains(where: { $0 < 0 }) { throw ShapeError("a size cannot be negative, found \(shape)") }
    guard shape.count <= axisLimit else {
      throw ScriptError(.limit, "a tensor has at most \(axisLimit) axes, found \(shape.count)")
    }
    // Without elements too the distances along the axes must be numbers.
    let count = shape.elementCount
    guard count <= elementLimit, count > 0 || shape.placeCount < .max else {
      throw ScriptError(.limit, "a tensor of shape \(shape) is too large, the limit is \(elementLimit) elements")
    }
    // Small ones count as soon as they are values of the script.
    if count > 1 << 14 { try Safepoint.reserve(4, times: count, for: "a tensor") }
  }

  /// Returns the result of an operation on tensors, recorded when one of them is a parameter or recorded itself.
  ///
  /// `body` gets the tensors on one tape, in order.
  public static func result(
    of inputs: [TensorObject], _ body: ([Tensor]) throws -> Tensor
  ) rethrows -> TensorObject {
    TensorObject(try body(recordable(inputs).tensors))
  }

  /// The same of one tensor.
  static func result(of input: TensorObject, _ body: (Tensor) throws -> Tensor) rethrows -> TensorObject {
    if input.isConstant { return TensorObject(try body(input.own)) }
    return try result(of: [input]) { try body($0[0]) }
  }

  /// Returns the tensors on one tape, parameters as its variables, and that tape; nil when nothing is recorded.
  public static func recordable(_ inputs: [TensorObject]) -> (tensors: [Tensor], tape: Tape?) {
    if inputs.allSatisfy(\.isConstant) { return (inputs.map(\.own), nil) }
    var tape = Tape.joining(inputs.lazy.filter { $0.parameter == nil }.map(\.own))
    let tensors = inputs.map { input -> Tensor in
      guard let parameter = input.parameter else { return input.own }
      let recording = tape ?? Tape()
      tape = recording
      return recording.variable(parameter)
    }
    return (tensors, tape)
  }

  /// Returns the result of an operation that moves elements about, so that their type stays.
  static func rearranged(_ input: TensorObject, _ body: (Tensor) throws -> Tensor) rethrows -> TensorObject {
    let tensor = input.own
    guard input.parameter == nil, !tensor.isRecorded, !tensor.isRounded else {
      return try moved([input]) { try body($0[0]) }
    }
    return TensorObject(try body(tensor).typed(tensor.elementType))
  }

  /// Returns the result of an operation that moves elements of tensors about: of their type, of int32 for several types of
  /// whole numbers, else of float32.
  static func moved(_ inputs: [TensorObject], _ body: ([Tensor]) throws -> Tensor) rethrows -> TensorObject {
    try moved(inputs, as: commonType(inputs), body)
  }

  static func moved(
    _ inputs: [TensorObject], as type: ElementType, _ body: ([Tensor]) throws -> Tensor
  ) rethrows -> TensorObject {
    TensorObject(try Tensor.moving(recordable(inputs).tensors, as: type, body))
  }

  /// The type that holds the elements of all; a number takes that of the tensors where it fits.
  private static func commonType(_ inputs: [TensorObject]) -> ElementType {
    var (common, isMixed): (ElementType?, Bool) = (nil, false)
    for input in inputs where input.literal == nil {
      let type = input.elementType
      if type == .float32 { return .float32 }
      isMixed = isMixed || common.map { $0 != type } ?? false
      common = type
    }
    guard let common else { return .float32 }
    let numbers = inputs.compactMap(\.literal)
    if !isMixed, numbers.allSatisfy(common.holds) { return common }
    return numbers.allSatisfy(ElementType.int32.holds) ? .int32 : .float32
  }
}

extension Tensor {
  /// The same values as elements of a type that holds them; recorded ones stay as they are.
  func typed(_ type: ElementType) -> Tensor { isRecorded || type == elementType ? self : elements(as: type) }
}

extension TensorObject: ScriptObject {
  /// "tensor".
  public static let scriptName = "tensor"
  /// The elements, of large tensors the first and last ones, with shape and type.
  public var displayText: String {
    TensorView.text(tensor, name: parameter == nil ? "tensor" : "parameter")
  }
  /// The fields.
  public var fieldNames: [String] { ["shape", "dtype", "grad", "T"] }
  /// The size of the first axis; nil for a single number.
  public var length: Int? { shape.first }
  /// A parameter's values are those of its layer.
  public var isView: Bool { parameter != nil }
  /// Whether its elements are truth values.
  var isMask: Bool { elementType == .bool }
  /// A tensor or a parameter of its own with the same values.
  public func duplicate() throws -> (any ScriptObject)? {
    guard let parameter else { return TensorObject(own) }
    let values = parameter.value
    try Safepoint.reserve(4, times: values.count, for: "a copy")
    return TensorObject(parameter: Tensors.Parameter(parameter.name, Tensor(values.values, values.shape)))
  }

  /// Its arrays, with four bytes an element, eight for whole numbers beyond 2^24; those of a parameter are counted by itself.
  public var memoryCost: Int { parameter == nil ? 192 + ownBytes : 400 }
  /// The values and the gradient of a parameter too.
  public var residentBytes: Int { memoryCost + (parameter?.bytes ?? 0) }

  /// `shape` as a list, `dtype` as a string, `grad` as a tensor or nil, `T` with the axes in the opposite order.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "shape": .list(shape.map { .number($0) })
    case "dtype": .string(elementType.rawValue)
    case "T": .object(Self.rearranged(self) { $0.permuted($0.shape.indices.reversed()) })
    case "grad": parameter?.gradient.map { .object(TensorObject($0)) } ?? .nil
    default: nil
    }
  }

  /// Sets `grad` of a parameter to a tensor of the parameter's shape, or to nil.
  public func setField(_ name: String, to value: Value) throws -> Bool {
    guard name == "grad" else { return false }
    guard let parameter else {
      throw ScriptError(.type, "only a parameter has a gradient, this is a tensor", help: "`parameter(x)` makes one")
    }
    if case .nil = value {
      parameter.gradient = nil
      return true
    }
    guard let gradient = try TensorOperand.convert(value)?.tensor else {
      throw ScriptError(.type, "a gradient is a tensor or nil, found \(describe(value))")
    }
    guard gradient.shape == shape else {
      throw ShapeError("the gradient of a parameter of \(shape) has its shape, found \(gradient.shape)")
    }
    parameter.gradient = Tensor(gradient.values, shape)
    return true
  }

  /// True when shapes and all elements are equal; a column of numbers or truth values is a tensor of one axis.
  public func isEqual(to other: any ScriptObject) -> Bool {
    if let column = other as? ColumnObject {
      guard shape == [column.column.count], let numbers = column.column.asNumbers else { return false }
      return numbers.indices.allSatisfy {
        Float(numbers[$0]) == tensor.values[$0] || numbers[$0] == tensor.number(at: $0)
      }
    }
    guard let other = other as? TensorObject else { return false }
    let (left, right) = (tensor, other.tensor)
    return left.equals(right)
  }
}
