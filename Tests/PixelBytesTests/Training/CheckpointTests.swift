import Foundation
import Formats
import PixelBytes
import Tensors
import Testing

@Suite struct CheckpointTests {
  /// A folder of this test alone: what is left behind beside the model is found here.
  private let parent = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path
  private var folder: String { parent + "/model" }

  private func model(_ seed: UInt64) throws -> SequenceModel {
    try SequenceModel(try ModelConfiguration(width: 20, state: 6, depth: 2, bidirectional: seed % 2 == 0), seed: seed)
  }

  @Test(arguments: [1, 2] as [UInt64]) func roundTripKeepsEveryBit(seed: UInt64) throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let model = try model(seed)
    try Checkpoint.save(model, to: folder + "/deep/er")
    let loaded = try Checkpoint.load(folder + "/deep/er")
    #expect(loaded.configuration == model.configuration)
    #expect(loaded.parameters.map(\.name) == model.parameters.map(\.name))
    #expect(loaded.parameters.map(\.value.values) == model.parameters.map(\.value.values))
  }

  @Test func whatTheTokensStandForIsKept() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let vocabulary = try Vocabulary.pixelbytes.replacing(text: Array("ab ".utf8))
    let model = try SequenceModel(
      try ModelConfiguration(width: 9, state: 4, depth: 1, vocabulary: vocabulary.count), seed: 1)
    try Checkpoint.save(model, to: folder)
    #expect(try Checkpoint.load(folder).vocabulary == nil)
    model.vocabulary = vocabulary
    try Checkpoint.save(model, to: folder)
    #expect(try Checkpoint.load(folder).vocabulary == vocabulary && model.copy().vocabulary == vocabulary)
    try Vocabulary.pixelbytes.write(to: folder + "/vocabulary.json")
    #expect(
      throws: FormatError(
        .malformed, in: folder + "/vocabulary.json", "holds 113 tokens; config.json says \(vocabulary.count)")
    ) { try Checkpoint.load(folder) }
  }

  /// A vocabulary or a record of the model that was there before would be taken for the new model's.
  @Test func savingAgainLeavesNothingOfTheModelBefore() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let old = try model(1)
    (old.vocabulary, old.license) = (.pixelbytes, "mit")
    _ = try Trainer(old, training: TokenSequences([Tokenizer().encode(text: "abc")]), testing: nil, .init()).run { _ in
    }
    try Checkpoint.save(old, to: folder)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == (["README.md"] + Checkpoint.files).sorted())
    try Checkpoint.save(try model(3), to: folder)
    let loaded = try Checkpoint.load(folder)
    #expect(loaded.vocabulary == nil && loaded.license == nil && loaded.training.isEmpty)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names == ["README.md", "config.json", "model.safetensors"])
  }

  @Test func savingAgainReplacesTheModelAndKeepsOtherFiles() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    try Checkpoint.save(try model(1), to: folder)
    try Data("notes".utf8).write(to: URL(filePath: folder + "/notes.txt"))
    try Checkpoint.save(try model(3), to: folder + "/")
    #expect(try Checkpoint.load(folder).parameters[0].value.values == model(3).parameters[0].value.values)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "README.md", "config.json", "model.safetensors", "notes.txt",
      ])
    try FileManager.default.createDirectory(atPath: folder + "/inner", withIntermediateDirectories: false)
    #expect(throws: FormatError.self) { try Checkpoint.save(try model(1), to: folder) }
    #expect(try Checkpoint.load(folder).parameters[0].value.values == model(3).parameters[0].value.values)
    #expect(try !FileManager.default.contentsOfDirectory(atPath: parent).contains { $0.hasPrefix(".pixelbytes-") })
  }

  @Test func writesThePublishedConfiguration() throws {
    let text = try ModelConfiguration(width: 36, embedding: .center).encoded()
    let published = try String(contentsOfFile: Fixture.path("models/rnn_center/config.json"), encoding: .utf8)
    #expect(try ModelConfiguration(decoding: published) == ModelConfiguration(embedding: .center))
    #expect(try ModelConfiguration(decoding: text) == ModelConfiguration(width: 36, embedding: .center))
  }

  /// What the first version of this program wrote stays readable.
  @Test func olderConfigurationsKeepLoading() throws {
    let first = """
      {
        "architectures" : [ "SimpleRNNModel" ], "bidirectional" : false, "d_state" : 6, "depth" : 3, "dim" : 20,
        "model_type" : "sequence-generator", "pembed" : false, "pixelbytes_version" : 1, "pxby_embed" : true,
        "torch_dtype" : "float32", "vocab_size" : 113
      }
      """
    let expected = try ModelConfiguration(width: 20, state: 6, depth: 3, bidirectional: false, embedding: .linear)
    #expect(try ModelConfiguration(decoding: first) == expected)
    #expect(try ModelConfiguration(decoding: #"{"dim": 81, "depth": null}"#) == ModelConfiguration())
  }

  @Test func wrongSettingsOfAFamilyAreTold() {
    func message(_ fields: String) -> String {
      do {
        _ = try ModelConfiguration(decoding: "{\"dim\": 16, \(fields)}")
        return "no error"
      } catch { return "\(error)" }
    }
    let mamba = "\"architectures\": [\"bMamba\"]", transformer = "\"architectures\": [\"SimpleTransformerModel\"]"
    #expect(message("\(mamba)") == "no error")
    #expect(message("\(mamba), \"d_conv\": 0") == "conv must be from 1 to 64, found 0")
    #expect(message("\(mamba), \"expand\": 2.5").contains("expand should be a whole number"))
    #expect(message("\(transformer), \"heads\": 17") == "heads must be from 1 to 16, found 17")
    #expect(message("\(transformer), \"dropout\": 1").contains("dropout must be at least 0 and less than 1"))
    #expect(message("\"architectures\": [\"CausalResNet\"], \"layers\": 51") == "layers must be 26 or 50, found 51")
    #expect(
      message("\"architectures\": [\"MambaLMHeadModel\"], \"tie_embeddings\": true").contains("a tied head needs"))
    #expect(message("\(transformer), \"positions\": \"x\"").contains("one of none, learned, sinusoidal, found x"))
  }
}
