import PixelBytes
import PixelScript
import Tensors

/// A model in a script: called on patches it gives logits.
public final class ModelObject {
  /// The model.
  public let model: SequenceModel
  let session: LayerSession

  /// Wraps a model.
  init(_ model: SequenceModel, _ session: LayerSession) { (self.model, self.session) = (model, session) }

  /// Makes a model, with first values of a seed or of the session's.
  convenience init(_ configuration: ModelConfiguration, seed: Int?, _ environment: Environment) throws {
    let first = environment.withRandom("initialization", seed: seed) { $0.next() }
    self.init(try SequenceModel(configuration, seed: first), environment.layers)
    model.isSeeded = seed != nil
  }

  private var settings: [(String, Value)] {
    let it = model.configuration
    let family = it.family.settings.map { ($0.name, $0.value.scriptValue) }
    return [("model", .string(type(of: it.family).name)), ("dim", .number(it.width)), ("depth", .number(it.depth))]
      + family + [("embedding", .string(it.embedding.rawValue)), ("vocabulary", .number(it.vocabulary))]
  }
}

extension ModelObject: Trainable {
  /// The parameters in the order of the checkpoint.
  public var parameters: [Tensors.Parameter] { model.parameters }
  /// "model".
  public static let scriptName = "model"
  /// The configuration and the number of parameters.
  public var displayText: String {
    let words = settings.dropFirst().map { name, value in
      if case .string(let text) = value { return "\(name) \(text)" }
      return "\(name) \(Display.text(of: value))"
    }
    return "model \(type(of: model.configuration.family).name): \(words.joined(separator: ", ")), "
      + "\(model.parameterCount) parameters"
  }
  /// What all models have.
  public var fieldNames: [String] { ["config", "parameters"] }
  /// What the model takes beside its parameters, each of which is counted by itself.
  public var memoryCost: Int { 4096 + 256 * parameters.count }
  /// Its parameters too, with their gradients.
  public var residentBytes: Int { parameters.reduce(memoryCost) { $0 + $1.bytes } }

  /// `config` is a map, `parameters` a map from name to parameter in the order of the checkpoint.
  public func field(_ name: String) throws -> Value? {
    switch name {
    case "config": .map(settings)
    case "parameters": .map(parameters.map { ($0.name, .object(TensorObject(parameter: $0))) })
    default: nil
    }
  }

  /// `net.parameters = map` copies the values of tensors with the same names and shapes.
  public func setField(_ name: String, to value: Value) throws -> Bool {
    guard name == "parameters" else { return false }
    try ParameterValues.set(parameters.map { ($0.name, $0) }, from: value, of: "model")
    return true
  }

  /// Yes.
  public var isCallable: Bool { true }

  /// `net(x)`: patches [B, L, 3, 3] to logits [B, V], or with `all: true` to [B, L, V]; recorded for gradients, and with
  /// `training: true` under dropout.
  public func call(_ arguments: Arguments, _ context: CallContext) throws -> Value? {
    var all = false
    var training: Bool?
    for (name, value) in arguments.named {
      guard ["all", "training"].contains(name) else {
        throw ScriptError(.name, "a model has no parameter `\(name)` but `all` and `training`", culprit: .label(name))
      }
      guard let given = Bool.convert(value) else {
        throw ScriptError(.type, "`\(name)` is true or false", culprit: .label(name))
      }
      if name == "all" { all = given } else { training = given }
    }
    guard arguments.positional.count == 1 else {
      throw ScriptError(.type, "a model is called with one argument, patches [B, L, 3, 3]")
    }
    if all, model.configuration.bidirectional {
      throw ScriptError(
        .value, "all: true needs a model of one direction: one that reads both ways sees what comes next")
    }
    let batch = try patches(arguments.positional[0])
    try context.reserve(bytes: model.workBytes(positions: batch.count * batch.length))
    let logits = session.training(training) {
      model.logits(batch, all ? .all : .last, in: session.pass(recordedOn: Tape()))
    }
    let shaped = all ? logits.reshaped([batch.count, batch.length, model.configuration.vocabulary]) : logits
    return .object(TensorObject(shaped))
  }

  private func patches(_ value: Value) throws -> ContextBatch {
    if let tokens = TokensObject.convert(value), tokens.patches.shape == model.contextShape {
      return ContextBatch(tokens.patches)
    }
    let cells = model.contextShape.dimensions
    let expected = "patches [\((["B", "L"] + cells.map { "\($0)" }).joined(separator: ", "))]"
    guard let tensor = try TensorObject.convert(value)?.tensor else {
      throw ScriptError(.type, "a model expects \(expected) or tokens, found \(value.typeName)")
    }
    guard tensor.shape.count == 4, tensor.shape[2...] == cells[...], tensor.count > 0 else {
      throw ScriptError(.shape, "a model expects \(expected), found \(tensor.shape)")
    }
    let tokens = Float(model.configuration.vocabulary)
    if let wrong = tensor.values.first(where: { !($0 >= 0 && $0 < tokens && $0.rounded() == $0) }) {
      throw ScriptError(.value, "patches hold token ids from 0 to \(Int(tokens) - 1), found \(wrong)")
    }
    return ContextBatch(
      ids: tensor.values.map { UInt8($0) }, count: tensor.shape[0], length: tensor.shape[1], shape: model.contextShape)
  }

  /// True for the same configuration with the same values.
  public func isEqual(to other: any ScriptObject) -> Bool {
    guard let other = (other as? ModelObject)?.model, other.configuration == model.configuration else { return false }
    return zip(model.parameters, other.parameters).allSatisfy { $0.value.equals($1.value) }
  }
}

extension ModelObject: Savable {
  /// A model is saved as a folder.
  public static let fileEndings: [String] = []
  /// Writes model.safetensors, config.json, README.md and what else is known of the model.
  public func save(to path: String, ending: String) throws { try Checkpoint.save(model, to: path) }
}
