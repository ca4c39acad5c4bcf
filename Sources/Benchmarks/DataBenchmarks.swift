import Foundation
import PixelBytes

extension Benchmark {
  /// Sprites of 16 x 16 pixels drawn, turned into tokens, and written into a data folder, on two cores.
  static let building = Benchmark(name: "build", unit: "rows") {
    let data = try DataSet.sprites(count: 4000, size: 16, seed: 1)
    let expected = Tokenizer().encode(try data[3999].indexed, caption: try data[3999].caption)
    var options = BuildOptions()
    (options.maxSize, options.threads) = (25, 2)
    return { [options] in
      let path = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path
      try DataFolder.write(data, to: path, building: options)
      try WrongAnswer.check(try DataSet.load(path).encoded().patches(of: 3999) == expected, "a row changes")
      try FileManager.default.removeItem(atPath: path)
      return 4000
    }
  }
}
