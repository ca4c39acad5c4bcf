/// Elements that are all one along some axes, as those of a broadcast are and the gradient of a sum: what is made of them is made once.
extension Tensor {
  /// The elements, a view, each once along those axes that are chosen and along which they are all one, and how often each stands there; nil where
  /// there is no such axis.
  func once(_ isChosen: (_ axis: Int) -> Bool = { _ in true }) -> (elements: Tensor, times: Int)? {
    guard let view, view.bytes == nil, count > 0 else { return nil }
    let layout = view.layout
    var (few, times) = (shape, 1)
    for (axis, step) in layout.steps.enumerated() where step == 0 && shape[axis] > 1 && isChosen(axis) {
      few[axis] = 1
      times *= shape[axis]
    }
    guard times > 1 else { return nil }
    return (viewed(few, in: layout.base, start: layout.start, steps: layout.steps), times)
  }

  /// What all elements, a view, are; nil where they may differ.
  var single: Float? {
    guard let view, view.bytes == nil, count > 0 else { return nil }
    let layout = view.layout
    return zip(shape, layout.steps).allSatisfy { $0 == 1 || $1 == 0 } ? layout.base[layout.start] : nil
  }

  /// Two tensors that are stretched to a shape, each once along the axes along which both are all one, and what they are stretched to then; nil where
  /// there is no such axis.
  static func once(_ a: Tensor, _ b: Tensor, _ shape: Shape) -> (a: Tensor, b: Tensor, shape: Shape)? {
    let steps = [a, b].map { Walk.steps($0.shape, $0.bytes == nil ? $0.layout.steps : $0.shape.strides, in: shape) }
    var few = shape
    for axis in shape.indices where shape[axis] > 1 && steps.allSatisfy({ $0[axis] == 0 }) { few[axis] = 1 }
    guard few != shape, shape.elementCount > 0 else { return nil }
    func own(_ x: Tensor) -> Tensor {
      guard x.view != nil else { return x }
      let layout = x.layout
      let sizes = zip(x.shape, few.suffix(x.shape.count)).map { $1 == 1 ? 1 : $0 }
      return x.viewed(sizes, in: layout.base, start: layout.start, steps: layout.steps)
    }
    return (own(a), own(b), few)
  }
}
