import Foundation
import PixelBytes
import PixelScript

/// A model that `compare` measures, under the name that its table gives it.
struct ComparedModel {
  /// The name.
  let name: String
  /// The model, read where it is in a folder.
  let load: () throws -> Predictor

  /// Models with their names, or with what they are and their number in the list, or those that a folder keeps.
  static func all(
    _ value: Value, _ which: StoredModel.Which, _ environment: Environment
  ) throws -> [ComparedModel] {
    let parts: [(name: String?, value: Value)]
    switch value {
    case .string(let path):
      return try StoredModel.all(in: path.description, which, environment).map { model in
        ComparedModel(name: model.name) { .model(try model.load(environment)) }
      }
    case .list(let list): parts = list.values.map { (nil, $0) }
    case .map(let map): parts = map.entries.map { ($0.key.description, $0.value) }
    default: parts = [(nil, value)]
    }
    guard !parts.isEmpty else { throw ScriptError(.value, "there are no models to compare", argument: "models") }
    return try parts.enumerated().map { index, part in
      guard let net = Predictor.convert(part.value) else {
        throw ScriptError(
          .type, "\(part.name ?? "number \(index + 1)") is \(describe(part.value)), expected a model or layers",
          argument: "models")
      }
      return ComparedModel(name: part.name ?? "\(net.familyName) \(index + 1)") { net }
    }
  }

  /// What was published of the model: by its name, or of one that is made of the same.
  func published(_ net: Predictor) -> PublishedModel? {
    guard case .model(let model) = net else { return PublishedModel.find(name, nil) }
    return PublishedModel.find(name, model.configuration)
  }
}

/// A model that a folder keeps.
struct StoredModel {
  /// Which weights of a run.
  enum Which: String, CaseIterable {
    case last, best
  }

  /// The folder's name, or its path where two have one name.
  private(set) var name: String
  /// Where its weights are.
  let path: String

  /// How deep folders are looked through.
  private static let depth = 3

  /// The models that are kept in a folder and those below it, by name; throws where there are none.
  static func all(in folder: String, _ which: Which, _ environment: Environment) throws -> [StoredModel] {
    let place = try environment.files.existing(folder)
    var found: [StoredModel] = []
    try look(place, depth: depth, which, environment, &found)
    guard !found.isEmpty else {
      throw ScriptError(
        .value, "there are no models in \(Display.quoted(folder))",
        help: "`save net, \"folder/name\"` or `train` with checkpoint: \"folder/name\" puts one there",
        argument: "models")
    }
    let names = found.map(\.name)
    return found.map { model in
      guard names.filter({ $0 == model.name }).count > 1 else { return model }
      var model = model
      model.name = model.path
      return model
    }
  }

  private static func look(
    _ path: String, depth: Int, _ which: Which, _ environment: Environment, _ found: inout [StoredModel]
  ) throws {
    func isModel(_ path: String) -> Bool {
      [Checkpoint.configurationFile, Checkpoint.tensorFile].allSatisfy {
        FileManager.default.fileExists(atPath: path + "/" + $0)
      }
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if isModel(path) { return found.append(StoredModel(name: name, path: path)) }
    let folders = try FileAccess.subfolders(of: path)
    let weights = which == .best ? "best" : folders.last { $0.hasPrefix("step-") && Int($0.dropFirst(5)) != nil }
    if folders.contains(where: { $0 == "best" || $0.hasPrefix("step-") }) {
      guard let weights, isModel(path + "/" + weights) else {
        throw ScriptError(
          .value,
          "the run in \(Display.quoted(path)) keeps no model that is no layers of a script, or not its \(which) one",
          argument: "models")
      }
      return found.append(StoredModel(name: name, path: path + "/" + weights))
    }
    guard depth > 0 else { return }
    for folder in folders {
      let inner = path + "/" + folder
      // A link may lead out of what may be read.
      _ = try environment.files.readable(inner)
      try look(inner, depth: depth - 1, which, environment, &found)
    }
  }

  /// Reads the model.
  func load(_ environment: Environment) throws -> SequenceModel {
    for file in [""] + Checkpoint.files.map({ "/" + $0 }) { _ = try environment.files.readable(path + file) }
    return try Checkpoint.load(path)
  }
}
