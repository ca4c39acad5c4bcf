import Safepoint

/// A tensor that training changes, known by the name under which it is saved.
public final class Parameter {
  /// The dotted path of the layer and the parameter's own name, as in published checkpoints.
  public let name: String
  /// The present values, a constant.
  public var value: Tensor
  /// The gradients that a script's `backward` has added up; `nil` before the first and for training, which needs none.
  public var gradient: Tensor? {
    didSet { charge.add(4 * ((gradient?.count ?? 0) - (oldValue?.count ?? 0))) }
  }
  /// The floating-point operations that its layer does with it for one token of a full run, exponentials counted as one.
  ///
  /// A weight is multiplied and added once, so it counts two, and a vector one, unless the layer says otherwise. What is done
  /// without parameters is not counted: activations, the means of norms, and what attention does between positions, which
  /// depends on their number.
  public var operations: Int
  /// What it is in its model, which decides how some optimizers change it.
  public var role: ParameterRole
  /// Counts values and gradient against the budget of memory, whoever holds the parameter.
  private let charge: MemoryCharge

  /// Creates a parameter with first values.
  public init(_ name: String, _ value: Tensor) {
    (self.name, self.value) = (name, value.constant)
    operations = value.shape.count > 1 ? 2 * value.count : value.count
    role = value.shape.count > 1 ? .matrix : .vector
    charge = MemoryCharge(4 * value.count)
  }

  /// Changes the values in place, without copying them unless another tensor shares them.
  public func update(_ body: (inout [Float]) -> Void) { body(&value.values) }
}

/// What a parameter is in its model: of two axes or more a matrix, else a vector, unless its layer says otherwise.
public enum ParameterRole: Sendable {
  /// It maps vectors to vectors.
  case matrix
  /// The matrix that gives the logits.
  case head
  /// A table whose rows are looked up.
  case embedding
  /// A bias, a norm's weight, or numbers of single channels.
  case vector
}

extension [Parameter] {
  /// What each is in a model of them all: what its layer says, but where none is the head, the last matrix is, of those with a row for
  /// each of the `outputs` of the model where these are known.
  public func roles(outputs: Int? = nil) -> [ParameterRole] {
    var roles = map(\.role)
    let head = lastIndex { $0.role == .matrix && (outputs == nil || $0.value.shape.first == outputs) }
    if let head, !roles.contains(.head) { roles[head] = .head }
    return roles
  }
}

/// How the first values of a parameter are drawn.
public enum Initializer: Sendable {
  case zeros
  case ones
  /// Evenly from -bound to bound.
  case uniform(Float)
  /// Evenly from a lower to an upper bound.
  case between(Float, Float)
  /// From the normal distribution with mean 0 and deviation 1.
  case normal

  func values(_ count: Int, using random: inout Random) -> [Float] {
    switch self {
    case .zeros: Kernel.zeros(count)
    case .ones: Kernel.repeating(1, count)
    case .uniform(let bound): random.numbers(count) { $0.uniform(-bound, bound) }
    case .between(let low, let high): random.numbers(count) { $0.uniform(low, high) }
    case .normal: random.numbers(count) { $0.normal() }
    }
  }
}

/// The parameters that layers would ask for: names and shapes, of any size, without a value.
public struct ParameterPlan {
  /// The names and shapes in order.
  public let entries: [(name: String, shape: Shape)]

  /// The bytes that the values would take; `Int.max` where that is no number.
  public var byteCount: Int { Size.product(4, Size.sum(entries.lazy.map { $0.shape.elementCount })) }

  /// Throws when values and gradients of this plan, called the `subject`, would go beyond the budget of memory.
  public func reserve(for subject: String) throws(Stopped) { try Safepoint.reserve(byteCount, for: subject) }
}

/// Where a layer asks for its parameters: each gets a name, a place in the order, and its first values.
///
/// The one line that asks for a parameter initialises it, lists it, and names it for saving and loading.
public struct ParameterScope {
  private final class List {
    var parameters: [Parameter] = []
    /// Where first values are drawn from; nil where none are.
    var random: Random?
    /// The values that were given in place of drawn ones, last first.
    var given: [Tensor] = []
    var plan: [(name: String, shape: Shape)] = []
    init(_ random: Random?) { self.random = random }
  }

  private let list: List
  private let path: String

  /// Creates the root scope of a new model, whose first values come from `random`.
  public init(random: Random) { (list, path) = (List(random), "") }

  /// Creates the root scope of a model whose values are known: those of all its parameters, in order.
  public init(values: [Tensor]) {
    (list, path) = (List(nil), "")
    list.given = values.reversed()
  }

  /// The names and shapes that `body` asks for, in order; its parameters are empty, whatever their shapes.
  public static func plan(_ body: (ParameterScope) throws -> Void) rethrows -> ParameterPlan {
    let list = List(nil)
    try body(ParameterScope(list, ""))
    return ParameterPlan(entries: list.plan)
  }

  private init(_ list: List, _ path: String) { (self.list, self.path) = (list, path) }

  /// The scope of the layer `name` inside this one.
  public subscript(name: String) -> ParameterScope { ParameterScope(list, path + name + ".") }

  /// A new parameter with first values drawn by `initializer` and then changed by `change`, which a plan does not call.
  public func parameter(
    _ name: String, _ shape: Shape, _ initializer: Initializer, change: (inout [Float]) -> Void = { _ in }
  ) -> Parameter {
    if let value = list.given.popLast() {
      precondition(value.shape == shape, "the value of \(path)\(name) has the shape \(value.shape), not \(shape)")
      list.parameters.append(Parameter(path + name, value))
      return list.parameters[list.parameters.count - 1]
    }
    guard var random = list.random else {
      list.plan.append((path + name, shape))
      return Parameter(path + name, Tensor([], [0]))
    }
    var values = initializer.values(shape.elementCount, using: &random)
    list.random = random
    change(&values)
    let parameter = Parameter(path + name, Tensor(values, shape))
    list.parameters.append(parameter)
    return parameter
  }

  /// All parameters asked for so far, in order.
  public var parameters: [Parameter] { list.parameters }
}
