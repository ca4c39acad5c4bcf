import Foundation
import Formats
import PixelBytes

extension Fixture {
  static func json<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
    try JSONDecoder().decode(type, from: Data(try readFile(path("\(name).json"))))
  }

  /// The picture under `name` in tok2d, of three or four channels.
  static func picture(_ name: String, in file: Safetensors) throws -> RasterImage {
    let entry = try file.entry("img.\(name).pixels")
    let samples = try entry.uint8s()
    let channels = entry.shape[2]
    let rgba = stride(from: 0, to: samples.count, by: channels).flatMap { place -> [UInt8] in
      channels == 4 ? Array(samples[place..<place + 4]) : Array(samples[place..<place + 3]) + [255]
    }
    return RasterImage(width: entry.shape[1], height: entry.shape[0], rgba: rgba)
  }
}

/// Runs `body` with a new empty folder, removed afterwards.
func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}
