import Formats
import PixelBytes
import PixelScript

extension LayerObject {
  /// It and the layers inside by their paths, each with all of its settings: an object of JSON.
  func structure() throws -> String {
    var fields: [JSON.Field] = []
    try collect(at: "") { path, layer in
      if let text = layer.settings { fields.append(.init(Self.name(path), .string(text))) }
      guard case .module(let parts, _) = layer.content else { return }
      try Self.collect(modelsIn: parts, at: path) { path, model in
        fields.append(.init("the model \(path)", .string(try model.configuration.encoded())))
      }
    }
    return JSON.object(fields).text()
  }

  /// The functions of the script in it by the paths to them, and the plain values of variables from outside that they read: an object of
  /// JSON.
  func code(_ interpreter: Interpreter) -> String {
    var (functions, values): ([JSON.Field], [JSON.Field]) = ([], [])
    collect(at: "") { path, layer in
      guard let function = layer.function else { return }
      let code = interpreter.code(of: function)
      functions.append(.init("the function of \(Self.name(path))", .string(code.texts.joined(separator: "; "))))
      for (name, text) in code.values {
        let name = "the variable \(name) of \(Self.name(path))"
        values.append(.init(name, .string(text)))
      }
    }
    return JSON.object(functions + values).text()
  }

  /// Tells of it and of all layers inside with the paths to them.
  private func collect(at path: String, _ body: (String, LayerObject) throws -> Void) rethrows {
    try body(path, self)
    for (name, layer) in members { try layer.collect(at: Self.joined(path, name), body) }
  }

  /// Tells of the models of families in the parts of a module.
  private static func collect(modelsIn value: Value, at path: String, _ body: (String, SequenceModel) throws -> Void)
    rethrows
  {
    switch value {
    case .list(let list):
      for (place, part) in list.values.enumerated() { try collect(modelsIn: part, at: joined(path, "\(place)"), body) }
    case .map(let map):
      for (key, part) in map.entries { try collect(modelsIn: part, at: joined(path, key.description), body) }
    case .object(let object as ModelObject): try body(path, object.model)
    default: break
    }
  }

  private static func joined(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  private static func name(_ path: String) -> String { path.isEmpty ? "the model" : "layer \(path)" }

  /// Its function of the script; nil where it has none.
  private var function: ScriptFunction? {
    switch content {
    case .function(let function), .module(_, let function): function.commandName == nil ? function : nil
    case .operation, .sequence, .ended: nil
    }
  }

  /// What it is, with its settings; nil of one that only holds others.
  private var settings: String? {
    switch content {
    case .operation(_, let configuration): Self.text(of: configuration)
    case .function(let function): function.commandName ?? "a function"
    case .sequence(let adds): adds ? "residual" : nil
    case .module(_, let forward): "module" + (forward.commandName.map { " by \($0)" } ?? "")
    case .ended: nil
    }
  }

  /// A layer's name with its settings, but those of first values alone.
  package static func text<Layer: LayerConfiguration>(of layer: Layer) -> String {
    let settings = Layer.settings.filter(\.isStored).compactMap { setting in
      setting.value(of: layer).map { "\(setting.name): \($0.json.text(.spaced))" }
    }
    return "\(Layer.name)(\(settings.joined(separator: ", ")))"
  }
}
