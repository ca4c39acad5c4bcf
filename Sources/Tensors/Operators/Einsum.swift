import Safepoint
import Synchronization

/// A sum of products of tensors' elements over named axes, such as `"bij,bjk->bik"` (PyTorch's `einsum`).
///
/// `...` stands for axes that are broadcast; a letter twice in one tensor takes its diagonal; without `->` the result has the letters
/// that stand once, in alphabetical order.
public struct Einsum: Sendable {
  typealias Label = Int

  /// The most letters of an equation.
  private static let longest = 500

  let inputs: [[Label]]
  /// The labels of each input whose axes it has at their whole size, each once.
  private let kept: [[Label]]
  let output: [Label]
  let sizes: [Label: Int]

  /// The labels that are summed over.
  var summedLabels: [Label] { Set(inputs.joined()).subtracting(output).sorted() }

  /// The number of products in each sum.
  var termCount: Int { summedLabels.reduce(1) { $0 * (sizes[$1] ?? 1) } }

  /// The shape of the result.
  public var shape: Shape { output.map { sizes[$0] ?? 1 } }

  /// The shapes that are made on the way, the result's last: operands summed over what nothing else needs, which may be larger than
  /// what has an axis of size 0, and products.
  public var intermediateShapes: [Shape] {
    var (labels, made) = (kept[0], [kept[0]])
    for (place, next) in kept.enumerated().dropFirst() {
      let needed = Set(kept[(place + 1)...].joined()).union(output)
      let left = labels.filter { needed.contains($0) || next.contains($0) }
      let right = next.filter { needed.contains($0) || labels.contains($0) }
      labels = Self.unique(left + right).filter(needed.contains)
      made += [left, right, labels]
    }
    return made.map { $0.map { sizes[$0] ?? 1 } } + [shape]
  }

  /// Reads an equation for tensors of these shapes.
  public init(_ equation: String, shapes: [Shape]) throws(ShapeError) {
    guard equation.utf8.count <= Self.longest else {
      throw ShapeError("an equation has at most \(Self.longest) letters, this one has \(equation.utf8.count)")
    }
    let text = Array(equation.filter { !$0.isWhitespace })
    let parts = String(text).split(separator: "->", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let terms = parts[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard terms.count == shapes.count else {
      throw ShapeError("\"\(equation)\" names \(terms.count) tensors, found \(shapes.count)")
    }
    var (inputs, sizes): ([[Label]], [Label: Int]) = ([], [:])
    var ellipsis = 0
    for (term, shape) in zip(terms, shapes) {
      let labels = try Self.labels(term, count: shape.count, equation)
      ellipsis = max(ellipsis, labels.count { $0 < 0 })
      var own: [Label: Int] = [:]
      for (label, size) in zip(labels, shape) {
        // A diagonal has an axis of one size, which nothing is broadcast to.
        let first = own.updateValue(size, forKey: label) ?? size
        if let known = first == size ? sizes[label] : first, known != size, first != size || known != 1 && size != 1 {
          throw ShapeError("\"\(equation)\" gives \(Self.name(label)) the sizes \(known) and \(size)")
        }
        sizes[label] = sizes[label].map { $0 == 1 ? size : $0 } ?? size
      }
      inputs.append(labels)
    }
    let outer = (0..<ellipsis).map { -ellipsis + $0 }
    var output: [Label]
    if parts.count > 1 {
      output = try Self.labels(parts[1], count: nil, equation, ellipsis: outer)
      guard Set(output).count == output.count else {
        throw ShapeError("\"\(equation)\" has a letter twice in the result")
      }
      if let stranger = output.first(where: { sizes[$0] == nil }) {
        throw ShapeError("\"\(equation)\" has \(Self.name(stranger)) in the result, which no tensor has")
      }
    } else {
      var counts: [Label: Int] = [:]
      for label in inputs.joined() where label > 0 { counts[label, default: 0] += 1 }
      output = outer + counts.filter { $0.value == 1 }.keys.sorted()
    }
    kept = zip(inputs, shapes).map { labels, shape in
      Self.unique(zip(labels, shape).filter { label, size in size != 1 || sizes[label] == 1 }.map(\.0))
    }
    (self.inputs, self.output, self.sizes) = (inputs, output, sizes)
  }

  private struct Request: Hashable {
    let equation: String
    let shapes: [Shape]
  }

  /// Plans of the last equations: a loop asks for the same one again and again.
  private static let plans = Mutex<[Request: Einsum]>([:])

  /// Reads an equation for tensors of these shapes, or remembers it.
  public static func plan(_ equation: String, shapes: [Shape]) throws(ShapeError) -> Einsum {
    let request = Request(equation: equation, shapes: shapes)
    if let known = plans.withLock({ $0[request] }) { return known }
    let plan = try Einsum(equation, shapes: shapes)
    plans.withLock {
      if $0.count >= 64 { $0.removeAll() }
      $0[request] = plan
    }
    return plan
  }

  /// The labels of a term; the axes of `...` are -1, -2 and so on from the last one.
  private static func labels(
    _ term: String, count: Int?, _ equation: String, ellipsis: [Label] = []
  ) throws(ShapeError) -> [Label] {
    func fault() -> ShapeError {
      ShapeError("\"\(equation)\" is no sum of products: letters, `...`, `,` and one `->` are, as in \"ij,jk->ik\"")
    }
    let parts = term.split(separator: "...", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count <= 2 else { throw fault() }
    var labels: [[Label]] = []
    for part in parts {
      var one: [Label] = []
      for scalar in part.unicodeScalars {
        guard scalar.properties.isAlphabetic, scalar.isASCII else { throw fault() }
        one.append(Int(scalar.value))
      }
      labels.append(one)
    }
    let named = labels.joined().count
    guard let count else { return parts.count == 2 ? labels[0] + ellipsis + labels[1] : labels[0] }
    guard parts.count == 2 ? named <= count : named == count else {
      throw ShapeError("\"\(equation)\" gives `\(term)` \(named) axes, the tensor has \(count)")
    }
    guard parts.count == 2 else { return labels[0] }
    return labels[0] + (0..<count - named).map { -(count - named) + $0 } + labels[1]
  }

  private static func name(_ label: Label) -> String {
    label < 0 ? "an axis of `...`" : "`\(Unicode.Scalar(UInt8(label)))`"
  }

  private static func unique(_ labels: [Label]) -> [Label] {
    var seen: Set<Label> = []
    return labels.filter { seen.insert($0).inserted }
  }

  /// The sum of products.
  public func callAsFunction(_ tensors: [Tensor]) -> Tensor {
    var terms = zip(tensors, inputs).map { squeezed(diagonal($0, $1)) }
    var result = terms.removeFirst()
    while !terms.isEmpty {
      let next = terms.removeFirst()
      let needed = Set(terms.flatMap(\.labels)).union(output)
      let inPlace = terms.isEmpty ? multiplied(result, by: next) ?? multiplied(next, by: result) : nil
      result = inPlace ?? product(result, next, needed)
    }
    let (tensor, labels) = summed(result, keeping: Set(output))
    let present = output.filter(labels.contains)
    let order = present.compactMap(labels.firstIndex)
    return (order == Array(labels.indices) ? tensor : tensor.permuted(order)).reshaped(shape)
  }

  private typealias Term = (tensor: Tensor, labels: [Label])

  /// Takes the diagonal of labels that stand several times.
  private func diagonal(_ tensor: Tensor, _ labels: [Label]) -> Term {
    let kept = Self.unique(labels)
    guard kept.count < labels.count else { return (tensor, labels) }
    let strides = tensor.shape.strides
    let target = kept.map { label in tensor.shape[labels.firstIndex(of: label) ?? 0] }
    guard target.elementCount > 0 else { return (tensor.taken([], target), kept) }
    let steps = kept.map { label in labels.indices.filter { labels[$0] == label }.reduce(0) { $0 + strides[$1] } }
    let distances = zip(target, steps).map { size, step in (0..<size).map { $0 * step } }
    return (tensor.taken(Tensor.places(summing: distances), target), kept)
  }

  /// Leaves out axes of size 1 that are broadcast.
  private func squeezed(_ term: Term) -> Term {
    let stretched = term.labels.indices.filter { term.tensor.shape[$0] == 1 && sizes[term.labels[$0]] != 1 }
    guard !stretched.isEmpty else { return term }
    let kept = term.labels.indices.filter { !stretched.contains($0) }
    return (term.tensor.reshaped(kept.map { term.tensor.shape[$0] }), kept.map { term.labels[$0] })
  }

  /// Sums over the axes that nothing needs.
  private func summed(_ term: Term, keeping needed: Set<Label>) -> Term {
    let gone = term.labels.indices.filter { !needed.contains(term.labels[$0]) }
    guard !gone.isEmpty else { return term }
    let kept = term.labels.filter(needed.contains)
    return (term.tensor.sum(axes: gone), kept)
  }

  /// The product of matrices [..., summed, columns] from the left by one that they share, where their axes stand so and the result's too;
  /// nil for all else, and where more would be made of the one than there is of them.
  private func multiplied(_ matrices: Term, by factor: Term) -> Term? {
    guard let first = matrices.labels.firstIndex(where: factor.labels.contains), first > 0 else { return nil }
    let summed = Array(matrices.labels[first...].prefix(while: factor.labels.contains))
    let (outer, columns) = (Array(matrices.labels[..<first]), Array(matrices.labels[(first + summed.count)...]))
    let rows = factor.labels.filter { !summed.contains($0) }
    func size(_ labels: [Label]) -> Int { labels.map { sizes[$0] ?? 1 }.elementCount }
    guard !rows.isEmpty, output == outer + rows + columns, size(rows) <= size(columns),
      !summed.contains(where: output.contains)
    else { return nil }
    let order = (rows + summed).compactMap(factor.labels.firstIndex)
    let left = factor.tensor.permuted(order).reshaped([size(rows), size(summed)])
    let right = matrices.tensor.reshaped([size(outer), size(summed), size(columns)])
    return (left.matrixProduct(right).reshaped(output.map { sizes[$0] ?? 1 }), output)
  }

  private func product(_ first: Term, _ second: Term, _ needed: Set<Label>) -> Term {
    let a = summed(first, keeping: needed.union(second.labels))
    let b = summed(second, keeping: needed.union(first.labels))
    let shared = a.labels.filter(b.labels.contains)
    let batch = shared.filter(needed.contains)
    let inner = shared.filter { !needed.contains($0) }
    let left = a.labels.filter { !shared.contains($0) }
    let right = b.labels.filter { !shared.contains($0) }
    let result = batch + left + right
    func size(_ labels: [Label]) -> Int { labels.map { sizes[$0] ?? 1 }.elementCount }
    func arranged(_ term: Term, _ order: [Label]) -> Tensor {
      let axes = order.compactMap(term.labels.firstIndex)
      return axes == Array(axes.indices) ? term.tensor : term.tensor.permuted(axes)
    }
    let target = result.map { sizes[$0] ?? 1 }
    if inner.isEmpty {
      let x = arranged(a, batch + left).reshaped((batch + left).map { sizes[$0] ?? 1 } + right.map { _ in 1 })
      let y = arranged(b, batch + right).reshaped(
        batch.map { sizes[$0] ?? 1 } + left.map { _ in 1 } + right.map { sizes[$0] ?? 1 })
      return ((x * y).reshaped(target), result)
    }
    if result.isEmpty {
      let count = size(inner)
      return (arranged(a, inner).reshaped([count]).dot(arranged(b, inner).reshaped([count])), result)
    }
    let outer = batch.isEmpty ? [] : [size(batch)]
    let x = arranged(a, batch + left + inner).reshaped(outer + [size(left), size(inner)])
    let y = arranged(b, batch + inner + right).reshaped(outer + [size(inner), size(right)])
    return (x.matrixProduct(y).reshaped(target), result)
  }
}
