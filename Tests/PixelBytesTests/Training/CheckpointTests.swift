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
    SequenceModel(try ModelConfiguration(width: 20, state: 6, depth: 2, bidirectional: seed % 2 == 0), seed: seed)
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
    let model = SequenceModel(
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

  @Test func savingAgainReplacesTheModelAndKeepsOtherFiles() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    try Checkpoint.save(try model(1), to: folder)
    try Data("notes".utf8).write(to: URL(filePath: folder + "/notes.txt"))
    try Checkpoint.save(try model(3), to: folder + "/")
    #expect(try Checkpoint.load(folder).parameters[0].value.values == model(3).parameters[0].value.values)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "config.json", "model.safetensors", "notes.txt",
      ])
    try FileManager.default.createDirectory(atPath: folder + "/inner", withIntermediateDirectories: false)
    #expect(throws: FormatError.self) { try Checkpoint.save(try model(1), to: folder) }
    #expect(try Checkpoint.load(folder).parameters[0].value.values == model(3).parameters[0].value.values)
    #expect(try !FileManager.default.contentsOfDirectory(atPath: parent).contains { $0.hasPrefix(".pixelbytes-") })
  }

  @Test func brokenFoldersAreToldApart() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    #expect(throws: FormatError.self) { try Checkpoint.load(folder) }
    try Checkpoint.save(try model(1), to: folder)
    func message(_ name: String, _ change: (inout [UInt8]) -> Void) throws -> String {
      let path = folder + "/" + name
      let whole = try readFile(path)
      var bytes = whole
      change(&bytes)
      try AtomicFile.write(bytes, to: path)
      defer { try? AtomicFile.write(whole, to: path) }
      do {
        _ = try Checkpoint.load(folder)
        return "no error"
      } catch { return "\(error)" }
    }
    func replaced(_ old: String, _ new: String) throws -> String {
      try message("config.json") { bytes in
        bytes = Array(String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: old, with: new).utf8)
      }
    }
    #expect(try message("model.safetensors") { $0.removeLast(100) }.contains("model.safetensors"))
    #expect(try message("config.json") { $0.removeLast(10) }.contains("config.json is not JSON"))
    #expect(try replaced("\"dim\" : 20", "\"dim\" : 21").contains("should have the shape"))
    #expect(try replaced("SimpleRNNModel", "OtherModel").contains("OtherModel"))
    #expect(try replaced("\"dim\" : 20", "\"dim\" : \"x\"").contains("dim should be a whole number, found x"))
    #expect(try replaced("\"dim\" : 20,", "").contains("lacks dim"))
    #expect(try replaced("\"depth\" : 2", "\"depth\" : 1").contains("is no tensor of this model"))
    #expect(try replaced("\"depth\" : 2", "\"depth\" : 3").contains("lstm.weight_ih_l1"))
    #expect(try replaced("\"pixelbytes_version\" : 1", "\"pixelbytes_version\" : 9").contains("version 9"))
    let nan = try message("model.safetensors") { bytes in
      for k in bytes.count - 4..<bytes.count { bytes[k] = 0xFF }
    }
    #expect(nan.contains("not finite"))
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
