import PixelBytes
import PixelScript
import Tensors

/// A layer in a script, or a model built from layers: called on a tensor it gives a tensor, recorded for gradients.
public final class LayerObject {
  /// What a layer is made of.
  enum Content {
    case operation(LayerOperation, of: any LayerConfiguration)
    /// A function of the script or a command in a list of layers.
    case function(ScriptFunction)
    /// Layers one after the other; what they give is added to what they are called with where it says so.
    case sequence(adds: Bool)
    /// A function over parts that have parameters.
    case module(parts: Value, forward: ScriptFunction)
    /// Nothing any more.
    case ended
  }

  /// The deepest nesting of layers.
  static let depthLimit = 32
  static var tooDeep: ScriptError {
    ScriptError(.limit, "layers stand inside each other at most \(depthLimit) deep")
  }

  private(set) var content: Content
  let session: LayerSession
  /// What the tokens that it reads stand for, once it has been trained on some.
  var vocabulary: Vocabulary?
  /// How rows were cut in its last training, as far as there was one.
  var windows: WindowRule?
  /// The layers inside with the paths to them, in order.
  private(set) var members: [(name: String, layer: LayerObject)]
  /// The parameters with the names under which they are saved, each once.
  let named: [(name: String, parameter: Tensors.Parameter)]
  private let depth: Int
  /// Whether it is a module whose forward has a parameter `training`.
  let takesTraining: Bool

  /// Creates a layer; throws when two parameters have the same name or the nesting is too deep.
  init(
    _ content: Content, members: [(name: String, layer: LayerObject)] = [],
    own: [(name: String, parameter: Tensors.Parameter)] = [], _ session: LayerSession
  ) throws {
    (self.content, self.members, self.session) = (content, members, session)
    if case .module(_, let forward) = content {
      takesTraining = forward.parameterNames.contains("training")
    } else {
      takesTraining = false
    }
    depth = 1 + (members.map(\.layer.depth).max() ?? 0)
    guard depth <= Self.depthLimit else { throw Self.tooDeep }
    var seen: Set<ObjectIdentifier> = []
    var names: Set<String> = []
    let inner = members.flatMap { name, layer in layer.named.map { ("\(name).\($0.name)", $0.parameter) } }
    named = (own + inner).filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }
    if let (name, _) = named.first(where: { !names.insert($0.name).inserted }) {
      throw ScriptError(.value, "two parameters would be called \(Display.quoted(name))")
    }
  }

  deinit { session.retire(&content, &members) }

  /// What errors and tables call it.
  var title: String {
    switch content {
    case .operation(let operation, _): operation.title
    case .function(let function): function.name ?? "function"
    case .sequence(let adds):
      "\(adds ? "residual" : "sequential") of \(members.count) layer\(members.count == 1 ? "" : "s")"
    case .module: "module"
    case .ended: ""
    }
  }

  /// It and all layers inside, by their titles.
  var outline: String {
    members.isEmpty
      ? title : "\(title) (\(members.map { "\($0.name): \($0.layer.outline)" }.joined(separator: ", ")))"
  }

  /// The number of trained numbers.
  var parameterCount: Int { named.reduce(0) { $0 + $1.parameter.value.count } }
}

extension LayerObject: Trainable {
  /// The parameters in the order of the layers, each once.
  public var parameters: [Tensors.Parameter] { named.map(\.parameter) }
  /// What each is: of a model of several layers the last matrix is the head, as when it is trained.
  var roles: [ParameterRole] {
    if case .operation = content { return parameters.map(\.role) }
    return parameters.roles(outputs: vocabulary?.count)
  }
  /// "layer".
  public static let scriptName = "layer"
  /// What it is and the number of its parameters.
  public var displayText: String {
    named.isEmpty ? title : "\(title), \(parameterCount) parameter\(parameterCount == 1 ? "" : "s")"
  }
  /// `parameters`, then the parts by name.
  public var fieldNames: [String] {
    ["parameters"] + (members.map(\.name) + named.map(\.name)).filter { !$0.contains(".") && Int($0) == nil }
  }
  /// The number of layers one after the other.
  public var length: Int? { if case .sequence = content { members.count } else { nil } }
  /// What the layers take beside their parameters, each of which is counted by itself.
  public var memoryCost: Int { 640 + 256 * named.count }
  /// Its own parameters too, with their gradients; those of the layers inside are counted there.
  public var residentBytes: Int {
    let inner = Set(members.flatMap { $0.layer.parameters.map(ObjectIdentifier.init) })
    return parameters.reduce(memoryCost) { inner.contains(ObjectIdentifier($1)) ? $0 : $0 + $1.bytes }
  }

  /// True for what has functions, parts or layers inside.
  public var holdsValues: Bool {
    switch content {
    case .function, .module: true
    case .operation, .sequence, .ended: !members.isEmpty
    }
  }
  /// Its functions, parts and layers.
  public func forEachHeldValue(_ body: (Value) -> Void) {
    switch content {
    case .function(let function): body(.function(function))
    case .module(let parts, let forward):
      body(parts)
      body(.function(forward))
    case .operation, .sequence, .ended: break
    }
    for member in members { body(.object(member.layer)) }
  }

  /// `parameters` is a map from name to parameter in the order of the file; other names are layers or parameters inside.
  public func field(_ name: String) throws -> Value? {
    if name == "parameters" { return .map(named.map { ($0.name, .object(TensorObject(parameter: $0.parameter))) }) }
    if case .module(.map(let parts), _) = content, let part = parts[name] { return part }
    if let member = members.first(where: { $0.name == name }) { return .object(member.layer) }
    return named.first { $0.name == name }.map { .object(TensorObject(parameter: $0.parameter)) }
  }

  /// `net.parameters = map` copies the values of tensors with the same names and shapes, such as a file's.
  ///
  /// A parameter changes itself by `net.weight -= x`; what is set then is what is there.
  public func setField(_ name: String, to value: Value) throws -> Bool {
    guard name == "parameters" else {
      guard case .object(let part as TensorObject)? = try field(name), let own = part.parameter else { return false }
      // What `net.weight -= x` has changed comes back.
      if case .object(let given as TensorObject) = value, given.parameter === own { return true }
      throw ScriptError(
        .type, "`\(name)` of a layer stays the tensor that it is",
        help:
          "its elements are set by `net.\(name)[:] = ...`; weights are shared by a `module` that uses them in two places"
      )
    }
    try ParameterValues.set(named, buffers, from: value, of: "layer")
    return true
  }

  /// `net[0]` is the first of layers one after the other, `net["head"]` the part of a name.
  public func element(at index: [PixelScript.Index]) throws -> Value? {
    guard index.count == 1 else { return nil }
    switch index[0] {
    case .position(let place):
      guard let length else { return nil }
      return .object(members[try PixelScript.Index.resolve(place, in: length, of: "sequential")].layer)
    case .key(let name):
      if let value = try field(name) { return value }
      throw ScriptError(.key, "the layer has no part \(Display.quoted(name))")
    default: return nil
    }
  }
}
