import Formats
import Foundation
import Tensors

extension Checkpoint {
  /// What PyTorch's older way to save leaves, which is a program as much as data.
  private static let pickles = ["pytorch_model.bin", "model.bin", "model.pt", "model.pth"]

  /// Opens the tensors of a folder; where there are none in one file, the error says what there is.
  static func tensors(in folder: String) throws(FormatError) -> SafetensorsFile {
    let path = folder + "/" + tensorFile
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }
    if exists(tensorFile) { return try SafetensorsFile(path) }
    for name in [tensorFile + indexEnding] + pickles where exists(name) {
      if let error = unreadFile(folder + "/" + name) { throw error }
    }
    throw FormatError(.io, in: path, "is not there; a checkpoint is a folder with config.json and model.safetensors")
  }

  private static let indexEnding = ".index.json"

  /// What to do with a file of tensors that is not read, or that stands where the folder of a model does; nil for a folder, for nothing,
  /// and for other files.
  static func unreadFile(_ path: String) -> FormatError? {
    guard FileManager.default.fileExists(atPath: path), !FileManager.default.fileExists(atPath: path + "/.") else {
      return nil
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if name.hasSuffix(".safetensors" + indexEnding) {
      return FormatError(
        .unsupported, in: path,
        "spreads the tensors over several files; expected one model.safetensors: in PyTorch, load the model and save it "
          + "with max_shard_size=\"100GB\"")
    }
    if ["bin", "pt", "pth", "ckpt"].contains(where: { name.hasSuffix("." + $0) }) {
      return FormatError(
        .unsupported, in: path,
        "is a pickle, which can run programs and is never read; expected model.safetensors: in Python, "
          + "safetensors.torch.save_file(torch.load(\"\(name)\", weights_only=True), \"model.safetensors\")")
    }
    return FormatError(
      .io, in: path,
      "is a file; a model is a folder with config.json and model.safetensors"
        + (name.hasSuffix(".safetensors") ? ", and `load_tensors` reads the arrays of a file alone" : ""))
  }

  /// Throws unless the file has exactly these tensors, all of floats.
  static func check(
    _ file: SafetensorsFile, against expected: [(name: String, shape: Shape)]
  ) throws(FormatError) {
    for (name, shape) in expected {
      guard let entry = file[name] else {
        throw FormatError(.malformed, in: file.path, "lacks the tensor \"\(name)\" of shape \(shape)")
      }
      guard entry.shape == shape else {
        throw FormatError(
          .malformed, in: file.path,
          "tensor \"\(name)\" should have the shape \(shape) by config.json, found \(entry.shape)")
      }
      guard [.f64, .f32, .f16, .bf16].contains(entry.type) else {
        throw FormatError(
          .malformed, in: file.path,
          "tensor \"\(name)\" should hold F32, F16, BF16 or F64, found \(entry.type.rawValue)")
      }
    }
    let known = Set(expected.map(\.name))
    let strangers = file.entries.filter { !known.contains($0.name) }
    if let first = strangers.first {
      let others = strangers.count > 1 ? ", and so are \(strangers.count - 1) more" : ""
      throw FormatError(
        .malformed, in: file.path,
        "tensor \"\(first.name)\" of shape \(first.shape) is none of this model by config.json\(others)")
    }
  }

  /// Throws unless all values of a tensor are finite.
  static func check(_ tensor: Tensor, called name: String, in file: String) throws(FormatError) {
    guard !tensor.allSatisfy(\.isFinite), let place = tensor.values.firstIndex(where: { !$0.isFinite }) else { return }
    throw FormatError(
      .malformed, in: file,
      "tensor \"\(name)\" should hold finite 32-bit floats, found \(tensor.values[place]) at \(place)")
  }
}
