import Formats
import PixelScript
import Tensors

/// The arrays of a safetensors, .npz or .npy file, which become tensors.
enum NamedArrays {
  case safetensors(SafetensorsFile)
  case numpy(path: String, bytes: [UInt8], names: [String])

  /// Opens a file.
  init(_ path: String) throws {
    let name = path.lowercased()
    if [".npy", ".npz"].contains(where: name.hasSuffix) {
      let bytes = try readFile(path, limit: NumPyFile.fileLimit)
      self = .numpy(path: path, bytes: bytes, names: try NumPyFile.names(of: bytes, file: path))
    } else {
      self = .safetensors(try SafetensorsFile(path, takesUnknown: true))
    }
  }

  /// The names of the arrays, in the order of the file.
  var names: [String] {
    switch self {
    case .safetensors(let file): file.names
    case .numpy(_, _, let names): names
    }
  }

  private var path: String {
    switch self {
    case .safetensors(let file): file.path
    case .numpy(let path, _, _): path
    }
  }

  /// The tensors of some names in that order, before each of which `reserve` hears of the number of its elements; where they are those of
  /// the whole file, the error about one that is not read says how the others are.
  func tensors(_ names: [String], isWhole: Bool, reserve: (Int) throws -> Void) throws -> ScriptMap {
    do { return try tensors(names, reserve) } catch let error as FormatError where isWhole && error.kind == .unsupported
    {
      let others = try names.filter { name in
        do {
          _ = try tensors([name], reserve)
          return true
        } catch is FormatError { return false }
      }
      if others.isEmpty { throw error }
      let listed = others.prefix(8).map(Display.quoted).joined(separator: ", ") + (others.count > 8 ? ", ..." : "")
      throw FormatError(
        error.kind, in: error.file,
        "\(error.message); `load_tensors(\(Display.quoted(path)), names: [\(listed)])` reads those that can be")
    }
  }

  private func tensors(_ names: [String], _ reserve: (Int) throws -> Void) throws -> ScriptMap {
    let map = ScriptMap()
    switch self {
    case .numpy(let path, let bytes, _):
      let arrays = try NumPyFile.decode(bytes, names: names, file: path)
      for name in names {
        let entry = try arrays.entry(name)
        try reserve(entry.count)
        map[name] = .object(TensorObject(try TensorFile.tensor(entry, of: path)))
      }
    case .safetensors(let file):
      try Safetensors.check(names, among: self.names, file: file.path)
      for name in names {
        try reserve(try file.entry(name).count)
        map[name] = .object(TensorObject(try TensorFile.tensor(name, of: file)))
      }
    }
    return map
  }
}
