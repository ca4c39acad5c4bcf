import Formats
import Foundation
import Tensors

/// A model in a folder, in the published layout: `model.safetensors` and `config.json`.
public enum Checkpoint {
  /// The file that holds the tensors.
  public static let tensorFile = "model.safetensors"
  /// The file that holds the configuration.
  public static let configurationFile = "config.json"
  /// The file that says what the tokens stand for; files of before it, and published ones, have none.
  public static let vocabularyFile = "vocabulary.json"

  /// Writes the folder `path`, or leaves what was there as it was.
  public static func save(_ model: SequenceModel, to path: String) throws {
    var file = Safetensors(metadata: ["format": "pt"])
    for parameter in model.parameters {
      try file.append(parameter.name, shape: parameter.value.shape, floats: parameter.value.values)
    }
    var files = [
      (tensorFile, try file.encoded()), (configurationFile, Array(try model.configuration.encoded().utf8)),
    ]
    if let vocabulary = model.vocabulary { files.append((vocabularyFile, Array(vocabulary.encoded().utf8))) }
    try AtomicFolder.write(files, to: path)
  }

  /// Reads the folder `path`, ours or published.
  ///
  /// Throws when a file is missing or broken, when config.json describes no model of ours, and when a tensor is missing,
  /// left over, of the wrong shape, or holds a value that is no number.
  public static func load(_ path: String) throws -> SequenceModel {
    let configurationPath = path + "/" + configurationFile
    let configuration: ModelConfiguration
    do {
      configuration = try ModelConfiguration(decoding: try readTextFile(configurationPath, limit: 1 << 20))
    } catch let error as ConfigurationError {
      throw FormatError(.malformed, in: configurationPath, error.description)
    }
    let file = try Safetensors(contentsOf: path + "/" + tensorFile)
    let model = SequenceModel(configuration, seed: 0)
    try fill(model, from: file)
    model.vocabulary = try vocabulary(path + "/" + vocabularyFile, of: configuration)
    return model
  }

  private static func vocabulary(_ path: String, of configuration: ModelConfiguration) throws -> Vocabulary? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let vocabulary = try Vocabulary(contentsOf: path)
    guard vocabulary.count == configuration.vocabulary else {
      throw FormatError(
        .malformed, in: path, "holds \(vocabulary.count) tokens; config.json says \(configuration.vocabulary)")
    }
    return vocabulary
  }

  private static func fill(_ model: SequenceModel, from file: Safetensors) throws(FormatError) {
    for parameter in model.parameters {
      let entry = try file.entry(parameter.name)
      guard entry.shape == parameter.value.shape else {
        throw FormatError(
          .malformed, in: file.file,
          "\(parameter.name) should have the shape \(parameter.value.shape) by config.json, found \(entry.shape)")
      }
      let values = entry.floats()
      guard values.allSatisfy(\.isFinite) else {
        throw FormatError(.malformed, in: file.file, "\(parameter.name) holds values that are not finite numbers")
      }
      parameter.value = Tensor(values, entry.shape)
    }
    let known = Set(model.parameters.map(\.name))
    if let stranger = file.entries.first(where: { !known.contains($0.name) }) {
      throw FormatError(.malformed, in: file.file, "\(stranger.name) is no tensor of this model")
    }
  }
}
