import Safepoint

/// What was computed, in order: gradients flow along the same list, backwards.
///
/// Recording order is topological order, so the walk needs neither recursion nor a visited set. A recorded tensor keeps
/// its tape alive; the tape's pullbacks keep only constants, so dropping the last recorded tensor frees everything.
/// A tape belongs to the thread that records on it.
public final class Tape {
  /// A tensor's position on the tape that recorded it.
  struct Place {
    let tape: Tape
    let index: Int

    /// The same position on the tape that has absorbed its own.
    var current: Place {
      var place = self
      while let (tape, offset) = place.tape.successor { place = Place(tape: tape, index: place.index + offset) }
      return place
    }
  }

  private struct Node {
    let inputs: [Int?]
    let pullback: Pullback
  }

  /// The gradients that reach the inputs of an operation when `gradient` reaches its result; `nil` for an input that
  /// needs none.
  typealias Pullback = (_ gradient: Tensor) -> [Tensor?]

  private var nodes: [Node] = []
  private var variables: [ObjectIdentifier: (parameter: Parameter, index: Int)] = [:]
  /// The same variables of tapes that were absorbed.
  private var twins: [(parameter: Parameter, index: Int)] = []
  private var keeping = Keeping()
  /// The tape that has absorbed this one, and where its nodes begin there.
  private var successor: (tape: Tape, offset: Int)?

  /// Creates an empty tape.
  public init() {}

  /// The number of recorded operations and variables.
  public var count: Int { nodes.count }

  /// The value of `parameter` as a variable of this tape; asking twice gives the same variable.
  public func variable(_ parameter: Parameter) -> Tensor {
    let index =
      variables[ObjectIdentifier(parameter)]?.index
      ?? {
        let index = append([], { _ in [] })
        variables[ObjectIdentifier(parameter)] = (parameter, index)
        return index
      }()
    return Tensor(parameter.value, elementType: .float32, place: Place(tape: self, index: index))
  }

  private func append(_ inputs: [Int?], _ pullback: @escaping Pullback) -> Int {
    nodes.append(Node(inputs: inputs, pullback: pullback))
    return nodes.count - 1
  }

  /// Records an operation on the one tape of all its inputs; `nil` when none is recorded.
  fileprivate static func record(
    _ inputs: [Tensor], _ kept: Kept, _ pullback: @escaping Pullback, keepResult: (inout Keeping) -> Void
  ) -> Place? {
    guard let tape = joining(inputs) else { return nil }
    let places = inputs.map { $0.place?.current.index }
    tape.keeping.add(kept.floats)
    if kept.inputs {
      // Parameters are counted by whoever has them.
      for (input, place) in zip(inputs, places) where place.map({ !tape.nodes[$0].inputs.isEmpty }) ?? true {
        tape.keeping.add(input)
      }
    }
    if kept.result { keepResult(&tape.keeping) }
    return Place(tape: tape, index: tape.append(places, pullback))
  }

  /// The tape on which all recorded ones of `tensors` stand, which makes one of several; `nil` when none is recorded.
  ///
  /// Every operation joins the tapes of its inputs by this before it is recorded, so operands may stand on any tapes, live or
  /// absorbed, in any order. It costs the length of the shorter tapes.
  public static func joining(_ tensors: [Tensor]) -> Tape? {
    var joined: Tape?
    for case let place? in tensors.lazy.map({ $0.place?.current }) {
      guard let tape = joined, tape !== place.tape else {
        joined = place.tape
        continue
      }
      joined = tape.count >= place.tape.count ? tape.absorbing(place.tape) : place.tape.absorbing(tape)
    }
    return joined
  }

  private func absorbing(_ other: Tape) -> Tape {
    let offset = nodes.count
    for node in other.nodes {
      let inputs = node.inputs.map { input in input.map { $0 + offset } }
      nodes.append(Node(inputs: inputs, pullback: node.pullback))
    }
    for (id, variable) in other.variables {
      let moved = (parameter: variable.parameter, index: variable.index + offset)
      if variables[id] == nil { variables[id] = moved } else { twins.append(moved) }
    }
    twins += other.twins.map { ($0.parameter, $0.index + offset) }
    keeping.absorb(&other.keeping)
    other.successor = (self, offset)
    (other.nodes, other.variables, other.twins) = ([], [:], [])
    return self
  }

  /// The gradients of `result`, which must stand on this tape, with respect to every variable that it depends on.
  ///
  /// A result of more than one element is summed first. The tape can be walked again.
  public func gradients(of result: Tensor) -> Gradients {
    guard let place = result.place?.current, place.tape === self else {
      preconditionFailure("the result is not on this tape")
    }
    var gradients = [Tensor?](repeating: nil, count: place.index + 1)
    gradients[place.index] = Tensor(1).broadcast(to: result.shape)
    var found: [ObjectIdentifier: Tensor] = [:]
    let all = Array(variables.values) + twins
    let parameters = Dictionary(uniqueKeysWithValues: all.map { ($0.index, ObjectIdentifier($0.parameter)) })
    for index in stride(from: place.index, through: 0, by: -1) {
      guard let gradient = gradients[index] else { continue }
      gradients[index] = nil
      if let parameter = parameters[index] {
        if found[parameter] == nil { found[parameter] = gradient } else { found[parameter]?.accumulate(gradient) }
      }
      if Safepoint.mustStop(after: 200) { break }
      let node = nodes[index]
      guard !node.inputs.isEmpty else { continue }
      var parts = node.pullback(gradient)
      // Those that there was no room for mean nothing.
      if Safepoint.mustStop(after: 0) { break }
      for place in 0..<min(node.inputs.count, parts.count) {
        guard let input = node.inputs[place], let part = parts[place] else { continue }
        // Held here alone, so that what comes next is added to it in its place.
        parts[place] = nil
        if gradients[input] == nil { gradients[input] = part } else { gradients[input]?.accumulate(part) }
      }
    }
    return Gradients(byParameter: found)
  }

  /// The parameters that were asked for as variables of this tape.
  public var parameters: [Parameter] { variables.values.sorted { $0.index < $1.index }.map(\.parameter) }
}

/// The gradient of one result with respect to each parameter that it depends on.
public struct Gradients {
  let byParameter: [ObjectIdentifier: Tensor]

  /// The gradient for `parameter`, of its shape; `nil` when the result does not depend on it.
  public subscript(parameter: Parameter) -> Tensor? { byParameter[ObjectIdentifier(parameter)] }
}

extension Tensor {
  /// The result of an operation of one's own on `inputs`, recorded where one of them is: from the gradient of the result the pullback
  /// makes that of each input, nil for one that needs none (PyTorch's `autograd.Function`).
  ///
  /// The pullback may capture constants only (`Tensor.constant`), as a captured recorded tensor would keep its tape alive for ever.
  public static func recorded(
    _ values: [Float], _ shape: Shape, from inputs: [Tensor], pullback: @escaping (_ gradient: Tensor) -> [Tensor?]
  ) -> Tensor {
    recorded(values, shape, from: inputs, keeping: .inputs, pullback: pullback)
  }

  /// The result of an operation on `inputs`, recorded with its pullback where an input is recorded.
  ///
  /// The pullback may capture constants only: a captured recorded tensor would keep its tape alive for ever.
  static func recorded(
    _ values: [Float], _ shape: Shape, from inputs: [Tensor], keeping kept: Tape.Kept = .inputs,
    pullback: @escaping Tape.Pullback
  ) -> Tensor {
    Tensor(values, shape, place: Tape.record(inputs, kept, pullback) { $0.add(values) })
  }

  /// The same for a result that stands anywhere, off every tape.
  static func recorded(
    _ result: Tensor, from inputs: [Tensor], keeping kept: Tape.Kept = .inputs, pullback: @escaping Tape.Pullback
  ) -> Tensor {
    Tensor(result, elementType: .float32, place: Tape.record(inputs, kept, pullback) { $0.add(result) })
  }

  mutating func accumulate(_ other: Tensor) {
    precondition(shape == other.shape, "a gradient of shape \(other.shape) reached a tensor of shape \(shape)")
    if view != nil || other.view != nil {
      self = .pairs(.add, self, other, shape)
    } else {
      Kernel.axpy(1, other.values, into: &values)
    }
  }
}
