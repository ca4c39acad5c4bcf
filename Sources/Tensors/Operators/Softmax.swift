import Foundation
import Safepoint

extension Tensor {
  /// e^x divided by its sum along the last axis.
  public func softmax() -> Tensor {
    let y = Tensor(Kernel.softmax(values, classes: shape.last ?? 1), shape)
    guard isRecorded else { return y }
    return .recorded(y.values, shape, from: [self], keeping: .result) { gradient in
      [
        Tensor(
          Kernel.softmaxBackward(y.values, classes: y.shape.last ?? 1, gradient: gradient.values), y.shape)
      ]
    }
  }

  /// The logarithm of softmax along the last axis, without overflow.
  public func logSoftmax() -> Tensor {
    let classes = shape.last ?? 1
    let y = Kernel.logSoftmax(values, classes: classes)
    let shape = shape
    guard isRecorded else { return Tensor(y, shape) }
    return .recorded(y, shape, from: [self], keeping: .result) { gradient in
      [Tensor(Kernel.logSoftmaxBackward(y, classes: classes, gradient: gradient.values), shape)]
    }
  }

  /// e^x divided by its sum along an axis.
  public func softmax(axis: Int) -> Tensor {
    alongColumns(axis, isLogarithm: false) ?? alongFewColumns(axis) { $0.softmax() } ?? softmax()
  }

  /// The logarithm of softmax along an axis, without overflow.
  public func logSoftmax(axis: Int) -> Tensor {
    alongColumns(axis, isLogarithm: true) ?? alongFewColumns(axis) { $0.logSoftmax() } ?? logSoftmax()
  }

  /// What is made along the last axis, made along one before it.
  private func alongFewColumns(_ axis: Int, _ body: (Tensor) -> Tensor) -> Tensor? {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    guard axis < shape.count - 1 else { return nil }
    let order = shape.indices.filter { $0 != axis } + [axis]
    return body(permuted(checked: order)).permuted(checked: order.inverse)
  }

  /// Softmax along an axis that is not the last, or its logarithm; nil for the last, and for long columns beside so few others that
  /// they are faster as rows.
  private func alongColumns(_ axis: Int, isLogarithm: Bool) -> Tensor? {
    let axis = fitting { () throws(ShapeError) in try ShapeRule.axis(axis, of: shape) }
    let (target, around) = (shape, shape.around(axis))
    guard axis < shape.count - 1, around.inner >= 8 || around.size < 256 else { return nil }
    let y = Kernel.columnSoftmax(values, around, isLogarithm: isLogarithm)
    guard isRecorded else { return Tensor(y, target) }
    return .recorded(y, target, from: [self], keeping: .result) { gradient in
      [Tensor(Kernel.columnSoftmaxBackward(y, around, isLogarithm: isLogarithm, gradient: gradient.values), target)]
    }
  }

  /// The label that cross-entropy passes over, as in PyTorch.
  public static let ignoredLabel: Int32 = -100

  /// The mean of -log softmax(x)[label] over the rows of x [rows, classes] whose label is not `ignoredLabel`, divided by
  /// `divisor` in place of their number when given (so that parts of a batch add up to its mean).
  ///
  /// One fused node: the probabilities are all it keeps (PyTorch's `cross_entropy`).
  public func crossEntropy(_ labels: [Int32], divisor: Float? = nil) -> Tensor {
    let classes = shape.last ?? 0
    precondition(shape.count == 2 && labels.count == shape[0], "cross-entropy of \(shape) with \(labels.count) labels")
    precondition(
      labels.allSatisfy { $0 == Self.ignoredLabel || (0..<Int32(classes)).contains($0) }, "a label is no class")
    let probabilities = Kernel.softmax(values, classes: classes)
    var (total, counted) = (0.0, 0)
    for (row, label) in labels.enumerated() where label != Self.ignoredLabel {
      if Safepoint.mustStop(after: 32) { break }
      let probability = probabilities[row * classes + Int(label)]
      // Where the probability is too small for its logarithm to be exact, the logits themselves give it.
      total -= probability > 1e-20 ? Foundation.log(Double(probability)) : logProbability(row, Int(label), classes)
      counted += 1
    }
    let scale = 1 / (divisor ?? Float(counted))
    let shape = shape
    let loss = counted == 0 && divisor == nil ? Float.nan : Float(total) * scale
    return .recorded([loss], [], from: [self], keeping: .only(count)) { gradient in
      let weight = gradient.values[0] * scale
      var probabilities = probabilities.copied
      for (row, label) in labels.enumerated() {
        if Safepoint.mustStop(after: classes + 4) { break }
        let factor = label == Self.ignoredLabel ? 0 : weight
        for k in row * classes..<(row + 1) * classes { probabilities[k] *= factor }
        if label != Self.ignoredLabel { probabilities[row * classes + Int(label)] -= weight }
      }
      return [Tensor(probabilities, shape)]
    }
  }

  /// The cross-entropy with targets that give the share `smoothing` evenly to all classes (Szegedy et al. 2016), and weights of the
  /// classes (PyTorch's `cross_entropy` with `label_smoothing` and `weight`): the sum over the rows, divided by `divisor`.
  ///
  /// With `distribution`, the probabilities of the classes row by row, the share goes to the classes by these (Hinton et al. 2015; PyTorch's
  /// `cross_entropy` with probabilities as targets).
  public func crossEntropy(
    _ labels: [Int32], smoothing: Float, towards distribution: [Float]? = nil, weights: [Float]? = nil, divisor: Float
  ) -> Tensor {
    let classes = shape.last ?? 0
    precondition(shape.count == 2 && labels.count == shape[0], "cross-entropy of \(shape) with \(labels.count) labels")
    precondition(
      labels.allSatisfy { $0 == Self.ignoredLabel || (0..<Int32(classes)).contains($0) }, "a label is no class")
    let weights = weights ?? [Float](repeating: 1, count: classes)
    precondition(weights.count == classes, "\(weights.count) weights for \(classes) classes")
    precondition(
      distribution.map { $0.count == count } ?? true, "\(distribution?.count ?? 0) probabilities for \(shape)")
    let even = smoothing / Float(classes)
    func share(_ place: Int) -> Float { distribution.map { smoothing * $0[place] } ?? even }
    let values = values
    let probabilities = Kernel.softmax(values, classes: classes)
    var total = 0.0
    for (row, label) in labels.enumerated() where label != Self.ignoredLabel {
      if Safepoint.mustStop(after: 4 * classes) { break }
      let own = Double(1 - smoothing) * Double(weights[Int(label)])
      let logits = values[row * classes..<(row + 1) * classes]
      let largest = logits.reduce(-.infinity, Swift.max)
      let normalizer = Foundation.log(logits.reduce(into: 0.0) { $0 += Foundation.exp(Double($1 - largest)) })
      total += own * (normalizer - Double(values[row * classes + Int(label)] - largest))
      guard smoothing > 0 else { continue }
      for k in 0..<classes {
        let place = row * classes + k
        total += Double(share(place)) * Double(weights[k]) * (normalizer - Double(values[place] - largest))
      }
    }
    let (scale, shape) = (1 / divisor, shape)
    return .recorded([Float(total) * scale], [], from: [self], keeping: .only(count)) { gradient in
      let scale = gradient.values[0] * scale
      var probabilities = probabilities.copied
      for (row, label) in labels.enumerated() {
        if Safepoint.mustStop(after: 2 * classes) { break }
        guard label != Self.ignoredLabel else {
          for place in row * classes..<(row + 1) * classes { probabilities[place] = 0 }
          continue
        }
        let own = (1 - smoothing) * weights[Int(label)]
        let mass = (0..<classes).reduce(own) { $0 + share(row * classes + $1) * weights[$1] }
        for k in 0..<classes {
          let place = row * classes + k
          probabilities[place] = scale * (mass * probabilities[place] - share(place) * weights[k])
        }
        probabilities[row * classes + Int(label)] -= scale * own
      }
      return [Tensor(probabilities, shape)]
    }
  }

  private func logProbability(_ row: Int, _ label: Int, _ classes: Int) -> Double {
    let values = values
    let logits = values[row * classes..<(row + 1) * classes]
    let largest = logits.reduce(-.infinity, Swift.max)
    let total = logits.reduce(into: 0.0) { $0 += Foundation.exp(Double($1 - largest)) }
    return Double(values[row * classes + label] - largest) - Foundation.log(total)
  }

  /// The mean of the squared differences, as one node.
  public func meanSquaredError(_ other: Tensor) -> Tensor {
    let (needs, shapes) = ((isRecorded, other.isRecorded), (shape, other.shape))
    let difference = constant - other.constant
    let size = Float(difference.count)
    let total = Kernel.squares(difference.values, (1, difference.count, 1), means: [0]).first ?? 0
    return .recorded(
      [Float(total / Double(difference.count))], [], from: [self, other], keeping: .only(difference.count)
    ) {
      gradient in
      let part = difference.scaled(by: 2 * gradient.values[0] / size)
      return [needs.0 ? part.summed(to: shapes.0) : nil, needs.1 ? -part.summed(to: shapes.1) : nil]
    }
  }
}
