import PixelScript
import Safepoint
import Tensors

/// What an index takes that is more than one index for each axis: elements picked by several lists, and new axes.
struct Picking {
  /// What stands between commas, with `...` worked out.
  private enum Part {
    case one(AxisIndex, axis: Int)
    case picker(positions: [Int], shape: Shape, axis: Int)
    case newAxis
  }

  private let parts: [Part]
  private let shape: Shape

  /// Reads an index of a tensor of a shape.
  init(_ index: [PixelScript.Index], of tensor: TensorObject) throws {
    shape = tensor.shape
    let pickers = try index.map { try TensorObject.picker($0) }
    let widths = zip(index, pickers).map { one, picker in
      one.namesAxis ? picker.map { $0.isMask ? max($0.shape.count, 1) : 1 } ?? 1 : 0
    }
    let named = widths.reduce(0, +)
    let rests = index.count { if case .rest = $0 { true } else { false } }
    guard rests <= 1 else { throw ScriptError(.index, "`...` stands once in an index") }
    guard named <= shape.count else {
      throw ScriptError(
        .index,
        "\(named) indices for a tensor of \(shape.count) \(shape.count == 1 ? "axis" : "axes"), shape \(shape)")
    }
    var parts: [Part] = []
    var axis = 0
    for (place, one) in index.enumerated() {
      if let mask = pickers[place], widths[place] > 1 {
        parts += try Self.parts(of: mask, axis, shape)
        axis += widths[place]
        continue
      }
      switch one {
      case .newAxis: parts.append(.newAxis)
      case .rest:
        for _ in 0..<shape.count - named {
          parts.append(.one(.all, axis: axis))
          axis += 1
        }
      default:
        parts.append(try Self.part(one, pickers[place], axis, shape[axis]))
        axis += 1
      }
    }
    while axis < shape.count {
      parts.append(.one(.all, axis: axis))
      axis += 1
    }
    self.parts = parts
  }

  /// What a mask over several axes takes: the places along each of them where it is true, together.
  private static func parts(of mask: TensorObject, _ axis: Int, _ shape: Shape) throws -> [Part] {
    let axes = axis..<axis + mask.shape.count
    guard mask.shape.elementsEqual(shape[axes]) else {
      throw ScriptError(
        .shape, "a mask of shape \(mask.shape) does not fit the axes from \(axis) on of a tensor of shape \(shape)")
    }
    let places = mask.tensor.setPlaces
    let strides = mask.shape.strides
    return axes.map { one in
      let (stride, size) = (strides[one - axis], shape[one])
      return .picker(positions: places.map { $0 / stride % size }, shape: [places.count], axis: one)
    }
  }

  private static func part(
    _ index: PixelScript.Index, _ picker: TensorObject?, _ axis: Int, _ size: Int
  ) throws -> Part {
    if let picker {
      let positions = try TensorObject.positions(picker, size: size, axis: axis)
      let isMask = picker.isMask
      return .picker(positions: positions, shape: isMask ? [positions.count] : picker.shape, axis: axis)
    }
    let one = try TensorObject.axisIndex(index, size: size, axis: axis)
    if case .positions(let positions) = one {
      return .picker(positions: positions, shape: [positions.count], axis: axis)
    }
    return .one(one, axis: axis)
  }

  private var pickers: [(positions: [Int], shape: Shape, axis: Int)] {
    parts.compactMap {
      if case .picker(let positions, let shape, let axis) = $0 { (positions, shape, axis) } else { nil }
    }
  }

  private var hasNewAxes: Bool { parts.contains { if case .newAxis = $0 { true } else { false } } }

  /// The index of each axis on its own, when there is no more to it: at most one list, and no new axis.
  var axes: [AxisIndex]? { hasNewAxes ? nil : separateAxes }

  /// The index of each axis, new axes left out; nil where lists pick elements together.
  var separateAxes: [AxisIndex]? {
    let pickers = pickers
    guard pickers.isEmpty || pickers.count == 1 && pickers[0].shape.count == 1 else { return nil }
    return parts.compactMap { part in
      switch part {
      case .one(let index, _): index
      case .picker(let positions, _, _): .positions(positions)
      case .newAxis: nil
      }
    }
  }

  /// The shape of what is taken.
  func target() throws -> Shape { try resolved().shape }

  /// The flat places of what is taken, in the order of the result, and its shape.
  func places() throws -> (places: [Int], shape: Shape) {
    let (distances, shape) = try resolved()
    try TensorObject.check(shape)
    try Safepoint.reserve(16, times: shape.elementCount, for: "a list")
    return (shape.elementCount == 0 ? [] : Tensor.places(summing: distances.map { $0() }), shape)
  }

  /// How far each step along the axes of the result leads, asked for where it has elements, and the result's shape: without elements
  /// an axis may have any size.
  private func resolved() throws -> (distances: [() -> [Int]], shape: Shape) {
    let (shape, strides) = (shape, shape.strides)
    var (distances, target): ([() -> [Int]], Shape) = ([], [])
    var start = 0
    let picked = try pickedDistances(strides)
    let isTogether = pickersAreTogether
    func addPicked() {
      distances.append { picked.distances }
      target += picked.shape
    }
    if !pickers.isEmpty, !isTogether { addPicked() }
    var isAdded = !isTogether
    for part in parts {
      switch part {
      case .newAxis: target.append(1)
      case .picker:
        if !isAdded { addPicked() }
        isAdded = true
      case .one(.position(let place), let axis): start += place * strides[axis]
      case .one(.strided(let first, let step, let count), let axis):
        distances.append { (0..<count).map { (first + $0 * step) * strides[axis] } }
        target.append(count)
      case .one(_, let axis):
        distances.append { (0..<shape[axis]).map { $0 * strides[axis] } }
        target.append(shape[axis])
      }
    }
    return ([{ [start] }] + distances, target)
  }

  /// True when nothing but single positions stands between the lists; else what they pick becomes the first axes, as in NumPy.
  private var pickersAreTogether: Bool {
    let marks = parts.compactMap { part -> Bool? in
      switch part {
      case .picker: true
      case .one(.position, _): nil
      default: false
      }
    }
    guard let first = marks.firstIndex(of: true), let last = marks.lastIndex(of: true) else { return true }
    return marks[first...last].allSatisfy(\.self)
  }

  /// Where the lists together lead, stretched to one shape.
  private func pickedDistances(_ strides: [Int]) throws -> (distances: [Int], shape: Shape) {
    var together: Shape = []
    for picker in pickers {
      do { together = try ShapeRule.broadcast(together, picker.shape) } catch {
        let sizes = pickers.map { $0.shape.count == 1 ? "\($0.shape[0])" : "\($0.shape)" }.joined(separator: " and ")
        throw ScriptError(
          .shape, "lists in an index pick elements together, so they have one length, found \(sizes)",
          help: "rows and columns are taken one after the other: `x[rows][:, columns]`")
      }
    }
    try TensorObject.check(together)
    var distances = [Int](repeating: 0, count: together.elementCount)
    for picker in pickers {
      let stride = strides[picker.axis]
      if picker.shape == together {
        for k in distances.indices { distances[k] += picker.positions[k] * stride }
        continue
      }
      let numbers = Tensor.numbers(picker.positions.count) { Double(picker.positions[$0]) }
      let places = try Tensor(numbers: numbers, picker.shape, elementType: .int32)
      let stretched = Tensor.moving([places], as: .int32) { $0[0].broadcast(to: together) }
      for k in distances.indices { distances[k] += Int(stretched.number(at: k)) * stride }
    }
    return (distances, together)
  }

  /// The shape of what separate axes take, with its new axes.
  func withNewAxes(_ shape: Shape) -> Shape {
    var rest = shape[...]
    return parts.compactMap { part in
      switch part {
      case .newAxis: 1
      case .one(.position, _): nil
      default: rest.popFirst()
      }
    }
  }
}

extension PixelScript.Index {
  /// True for what takes a part of an axis.
  fileprivate var namesAxis: Bool {
    switch self {
    case .newAxis, .rest: false
    default: true
    }
  }
}
