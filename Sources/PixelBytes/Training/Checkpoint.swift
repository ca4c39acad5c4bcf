import Formats
import Foundation
import Tensors

/// A model in a folder, in the published layout: `model.safetensors` and `config.json`, and what published ones lack: what
/// the tokens stand for, what the model learned from, and a model card.
public enum Checkpoint {
  /// The file that holds the tensors.
  public static let tensorFile = "model.safetensors"
  /// The file that holds the configuration.
  public static let configurationFile = "config.json"
  /// The file that says what the tokens stand for; files of before it, and published ones, have none.
  public static let vocabularyFile = "vocabulary.json"
  /// The file that tells the runs of training, if any are known.
  public static let trainingFile = "training.json"
  /// The files that `load` reads, as far as they are there.
  public static let files = [configurationFile, tensorFile, vocabularyFile, trainingFile]

  /// Writes the folder `path`, or leaves what was there as it was.
  ///
  /// The model card README.md replaces an older one; one that somebody has edited stays, and the card is MODEL_CARD.md.
  /// Other files of the folder stay too. Throws when a weight is no finite number, which could not be loaded again.
  public static func save(_ model: SequenceModel, to path: String) throws {
    // What the model before this one had is not this one's.
    try AtomicFolder.write(try files(of: model, in: path), to: path, dropping: Set(Self.files))
  }

  /// The files that `save` writes into the folder `path`.
  package static func files(of model: SequenceModel, in path: String) throws -> [(name: String, bytes: [UInt8])] {
    var file = Safetensors(metadata: ["format": "pt"], file: path + "/" + tensorFile)
    file.metadata["license"] = model.license
    for parameter in model.parameters {
      try check(parameter.value, called: parameter.name, in: file.file)
      try file.append(parameter.name, shape: parameter.value.shape, floats: parameter.value.values)
    }
    var files = [
      (tensorFile, try file.encoded()), (configurationFile, Array(try model.configuration.encoded().utf8)),
    ]
    if let vocabulary = model.vocabulary { files.append((vocabularyFile, Array(vocabulary.encoded().utf8))) }
    if !model.training.isEmpty {
      files.append((trainingFile, Array(try TrainingRecord.encoded(model.training).utf8)))
    }
    if let card = ModelCard.file(in: path) { files.append((card, Array(ModelCard(model).signed.utf8))) }
    return files
  }

  /// Reads the folder `path`, ours or published.
  ///
  /// Throws a `FormatError` when a file is missing or broken, when config.json describes no model of ours, and when a tensor
  /// is missing, left over, of the wrong shape, of whole numbers, or holds a value that is no finite 32-bit float. Nothing is
  /// allocated for a model before all shapes are known to be those of the file.
  public static func load(_ path: String) throws -> SequenceModel {
    let configuration = try configuration(in: path)
    let file = try tensors(in: path)
    let plan = SequenceModel.plan(of: configuration)
    try check(file, against: plan.entries)
    try plan.reserve(for: "a model")
    let model = SequenceModel(
      configuration,
      values: try plan.entries.map { (name, shape) in
        let tensor = Tensor(try file.floats(name), shape)
        try check(tensor, called: name, in: file.path)
        return tensor
      })
    model.license = file.metadata["license"]
    model.vocabulary = try vocabulary(path + "/" + vocabularyFile, of: configuration)
    let training = path + "/" + trainingFile
    if FileManager.default.fileExists(atPath: training) {
      model.training = try TrainingRecord.decode(contentsOf: training)
    }
    return model
  }

  private static func configuration(in folder: String) throws(FormatError) -> ModelConfiguration {
    let path = folder + "/" + configurationFile
    guard FileManager.default.fileExists(atPath: path) else {
      if let error = unreadFile(folder) { throw error }
      throw FormatError(.io, in: path, "is not there; a checkpoint is a folder with config.json and model.safetensors")
    }
    let text = try utf8Text(
      try readFile(path, limit: 1 << 20, expected: "the configuration of a model"), file: path)
    do { return try ModelConfiguration(decoding: text) } catch {
      throw FormatError(.malformed, in: path, error.description)
    }
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
}
