import Formats
import Foundation
import PixelBytes
import Tensors
import Testing

/// Checkpoints that others have written, well or badly.
@Suite struct CheckpointReadingTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path

  /// A folder with one small model, its tensors as `change` leaves them.
  private func write(_ change: (inout [String: Safetensors.Entry]) throws -> Void = { _ in }) throws {
    let model = try SequenceModel(try ModelConfiguration(width: 9, state: 4, depth: 1, bidirectional: false), seed: 1)
    try Checkpoint.save(model, to: folder)
    let path = folder + "/model.safetensors"
    let whole = try Safetensors(contentsOf: path)
    var entries = Dictionary(uniqueKeysWithValues: whole.entries.map { ($0.name, $0) })
    try change(&entries)
    var file = Safetensors()
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      try file.append(name, entry.type, shape: entry.shape, bytes: entry.bytes)
    }
    try file.write(to: path)
  }

  private func error() -> FormatError? {
    do {
      _ = try Checkpoint.load(folder)
      return nil
    } catch { return error as? FormatError }
  }

  private static func entry(_ type: SafetensorsElement, _ shape: [Int], _ bytes: [UInt8]) throws -> Safetensors.Entry {
    var file = Safetensors()
    try file.append("x", type, shape: shape, bytes: bytes[...])
    return try file.entry("x")
  }

  private static func floats(_ shape: [Int], _ values: [Float]) throws -> Safetensors.Entry {
    var file = Safetensors()
    try file.append("x", shape: shape, floats: values)
    return try file.entry("x")
  }

  /// What is done to the tensors, and what is said of it.
  struct Fault: CustomTestStringConvertible {
    let message: String
    let change: @Sendable (inout [String: Safetensors.Entry]) throws -> Void
    var testDescription: String { message }
  }

  static let faults: [Fault] = [
    Fault(message: #"lacks the tensor "fc.weight" of shape [113, 4]"#) { $0["fc.weight"] = nil },
    Fault(message: #"tensor "fc.scale" of shape [2] is none of this model by config.json"#) {
      $0["fc.scale"] = try floats([2], [1, 2])
    },
    Fault(message: #"tensor "a" of shape [] is none of this model by config.json, and so are 2 more"#) {
      for name in ["a", "b", "c"] { $0[name] = try floats([], [1]) }
    },
    Fault(message: #"tensor "fc.bias" should have the shape [113] by config.json, found [112]"#) {
      $0["fc.bias"] = try floats([112], .init(repeating: 0, count: 112))
    },
    Fault(message: #"tensor "fc.bias" should have the shape [113] by config.json, found [113, 1]"#) {
      $0["fc.bias"] = try floats([113, 1], .init(repeating: 0, count: 113))
    },
    Fault(message: #"tensor "fc.bias" should have the shape [113] by config.json, found [0]"#) {
      $0["fc.bias"] = try floats([0], [])
    },
    Fault(message: #"tensor "fc.bias" should hold F32, F16, BF16 or F64, found I32"#) {
      $0["fc.bias"] = try entry(.i32, [113], .init(repeating: 1, count: 452))
    },
    Fault(message: #"tensor "fc.bias" should hold F32, F16, BF16 or F64, found BOOL"#) {
      $0["fc.bias"] = try entry(.bool, [113], .init(repeating: 1, count: 113))
    },
    Fault(message: #"tensor "embedding.norm.bias" should hold finite 32-bit floats, found nan at 8"#) {
      $0["embedding.norm.bias"] = try floats([9], [0, 0, 0, 0, 0, 0, 0, 0, .nan])
    },
    Fault(message: #"tensor "embedding.norm.bias" should hold finite 32-bit floats, found -inf at 0"#) {
      $0["embedding.norm.bias"] = try floats([9], [-.infinity, 0, 0, 0, 0, 0, 0, 0, 0])
    },
    // A number of 64 bits beyond the range of 32.
    Fault(message: #"array "embedding.norm.bias" holds 1e+300 at [1], which is beyond what numbers of 32 bits hold"#) {
      var file = Safetensors()
      try file.append("x", shape: [9], doubles: [1, 1e300, 0, 0, 0, 0, 0, 0, 0])
      $0["embedding.norm.bias"] = try file.entry("x")
    },
  ]

  @Test(arguments: faults) func namesTheTensorThatIsWrong(_ fault: Fault) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write(fault.change)
    #expect(error()?.file == folder + "/model.safetensors" && error()?.message == fault.message)
  }

  /// Half of the published checkpoints are of 16 bits: every float is read as one of 32 bits, rounded where it is longer.
  @Test func readsFloatsOfEveryWidth() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let values = [0.5, -2, 1.0 / 3, 0x1p-14, 0, 1, -1, 7, 3.25]
    try write { entries in
      var file = Safetensors()
      try file.append("embedding.norm.weight", shape: [9], doubles: values)
      try file.append("embedding.norm.bias", shape: [9], bfloats: values.map { Float($0) })
      let halves = values.flatMap { value in
        (0..<2).map { UInt8(truncatingIfNeeded: Float16(value).bitPattern >> (8 * UInt16($0))) }
      }
      try file.append("embedding.projection.bias", .f16, shape: [9], bytes: halves[...])
      for entry in file.entries { entries[entry.name] = entry }
    }
    let model = try Checkpoint.load(folder)
    func found(_ name: String) -> [Float]? { model.parameters.first { $0.name == name }?.value.values }
    #expect(found("embedding.norm.weight") == values.map { Float($0) })
    #expect(found("embedding.projection.bias") == values.map { Float(Float16($0)) })
    #expect(found("embedding.norm.bias")?[0..<2] == [0.5, -2] && found("embedding.norm.bias")?[2] == 0.33398438)
  }

  @Test func foldersWithoutOneFileOfTensorsAreTold() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let expected = "is not there; a checkpoint is a folder with config.json and model.safetensors"
    #expect(error() == FormatError(.io, in: folder + "/config.json", expected))
    try write()
    let tensors = folder + "/model.safetensors"
    try FileManager.default.removeItem(atPath: tensors)
    #expect(error() == FormatError(.io, in: tensors, expected))
    try AtomicFile.write("not read", to: folder + "/pytorch_model.bin")
    let pickle = error()
    #expect(pickle?.file == folder + "/pytorch_model.bin" && pickle?.kind == .unsupported)
    #expect(pickle?.message.contains("can run programs and is never read; expected model.safetensors") == true)
    #expect(pickle?.message.contains(#"torch.load("pytorch_model.bin", weights_only=True)"#) == true)
    try AtomicFile.write("{}", to: tensors + ".index.json")
    let index = error()
    #expect(index?.file == tensors + ".index.json" && index?.kind == .unsupported)
    #expect(index?.message.hasPrefix("spreads the tensors over several files; expected one model.safetensors") == true)
    try FileManager.default.createDirectory(atPath: tensors, withIntermediateDirectories: false)
    #expect(error() == FormatError(.io, in: tensors, "is a folder, not a file"))
  }

  @Test func brokenFilesAreToldApart() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write()
    func message(_ name: String, _ change: (inout [UInt8]) -> Void) throws -> String {
      let path = folder + "/" + name
      let whole = try readFile(path)
      var bytes = whole
      change(&bytes)
      try AtomicFile.write(bytes, to: path)
      defer { try? AtomicFile.write(whole, to: path) }
      let found = try #require(error())
      #expect(found.file == path)
      return found.message
    }
    func replaced(_ old: String, _ new: String) throws -> String {
      try message("config.json") { bytes in
        bytes = Array(String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: old, with: new).utf8)
      }
    }
    #expect(try message("model.safetensors") { $0.removeLast(100) }.contains("bytes follow the header"))
    #expect(try message("model.safetensors") { $0 += [0, 0] }.hasPrefix("2 bytes after"))
    #expect(try message("model.safetensors") { $0[7] = 1 }.contains("at most 100000000 are read"))
    #expect(try message("model.safetensors") { $0 = [] } == "is not a safetensors file; it is an empty file")
    #expect(try message("config.json") { $0.removeLast(10) } == "is not JSON")
    #expect(
      try message("config.json") { $0 += .init(repeating: 32, count: 1 << 20) }.contains("at most 1048576 are read"))
    #expect(try replaced("SimpleRNNModel", "OtherModel").contains("OtherModel"))
    #expect(try replaced("\"dim\" : 9", "\"dim\" : \"x\"").contains("dim should be a whole number, found x"))
    #expect(try replaced("\"dim\" : 9,", "").contains("lacks dim"))
    #expect(
      try replaced("\"pixelbytes_version\" : 1", "\"pixelbytes_version\" : 9")
        == "is of version 9; this program reads up to 1")
    #expect(error() == nil)
  }

  /// A few bytes of configuration ask for a model of 550 GB: its tensors are looked for before it is made.
  @Test func aConfigurationThatLiesAboutItsSizeIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write()
    let path = folder + "/config.json"
    let text = try readTextFile(path).replacingOccurrences(of: "\"dim\" : 9", with: "\"dim\" : 8192")
      .replacingOccurrences(of: "\"d_state\" : 4", with: "\"d_state\" : 8192")
      .replacingOccurrences(of: "\"depth\" : 1", with: "\"depth\" : 64")
    try AtomicFile.write(text, to: path)
    let expected =
      #"tensor "embedding.linear_embedding.weight" should have the shape [113, 910] by config.json, found [113, 9]"#
    #expect(error() == FormatError(.malformed, in: folder + "/model.safetensors", expected))
  }

  @Test func aRecordOfTrainingThatIsNoneIsTold() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write()
    let path = folder + "/training.json"
    func message(_ text: String) throws -> String? {
      try AtomicFile.write(text, to: path)
      let found = error()
      #expect(found?.file == path)
      return found?.message
    }
    #expect(try message("{").map { $0.hasPrefix("is no record of training: the text") } == true)
    #expect(try message("{\"runs\": []}") == "is no record of training: pixelbytes_version is missing")
    #expect(try message("{\"pixelbytes_version\": 2}") == "is of version 2; this program reads up to 1")
    let run = "{\"data\": {\"rows\": \"x\"}}"
    #expect(
      try message("{\"pixelbytes_version\": 1, \"runs\": [\(run)]}")?.hasPrefix(
        "is no record of training: runs[0].data.rows: ")
        == true)
  }

  /// Weights that are no numbers could not be loaded again, so they are not written over a model that can.
  @Test func weightsThatAreNoNumbersAreNotSaved() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write()
    let model = try Checkpoint.load(folder)
    let before = try readFile(folder + "/model.safetensors")
    model.parameters[0].update { $0[1] = .nan }
    let expected = "tensor \"\(model.parameters[0].name)\" should hold finite 32-bit floats, found nan at 1"
    #expect(throws: FormatError(.malformed, in: folder + "/model.safetensors", expected)) {
      try Checkpoint.save(model, to: folder)
    }
    #expect(try readFile(folder + "/model.safetensors") == before)
  }

  /// The folder that version 1 of the layout wrote, with all its files, stays readable.
  @Test func versionOneKeepsLoading() throws {
    let model = try Checkpoint.load(Fixture.path("checkpoints/version-1"))
    #expect(model.configuration == (try ModelConfiguration(width: 9, state: 4, depth: 1)))
    #expect(model.vocabulary == .pixelbytes && model.license == "cc0-1.0")
    #expect(model.training.map(\.steps) == [20, 2])
    let first = try #require(model.training.first)
    #expect(first.data.name == "sprites" && first.data.rows == 9 && first.data.tokens == 1304)
    #expect(first.options["lr"] == .fraction(0.01) && first.options["clip"] == .count(1))
    #expect(first.evaluations.map(\.epoch) == [1, 5, 10] && first.evaluations.last?.test != nil)
    let expected = try Fixture.tensors("checkpoints/version-1-logits.safetensors").entry("tensor").floats()
    let logits = model.logits(ContextBatch(Tokenizer().encode(text: "a red cat"))).values
    #expect(logits.count == 113)
    for (a, b) in zip(logits, expected) { #expect(abs(a - b) <= 1e-5) }
    // Saved again, every file is as it was written then.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Checkpoint.save(model, to: folder)
    for name in ["README.md"] + Checkpoint.files {
      #expect(try readFile(folder + "/" + name) == readFile(Fixture.path("checkpoints/version-1/" + name)), "\(name)")
    }
  }
}
