import Tensors

extension Tensors.Parameter {
  /// The bytes of its values and its gradient.
  var bytes: Int { 4 * (value.count + (gradient?.count ?? 0)) }
}
