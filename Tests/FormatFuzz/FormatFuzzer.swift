import Formats
import Foundation
import FuzzInputs
import PixelBytes
import PixelScript
import Workbench

/// Gives the readers of files damaged files, one after the other, and says what went wrong.
///
/// A file follows from its number alone. A crash the process itself tells; what comes back as a fault is an error that does not
/// name the file, or has no text, and a reader that took more time or memory than a file of this size may.
public final class FormatFuzzer: FuzzSubject {
  /// The most that reading a damaged file may take of the processor's time.
  public static let timeLimit = Duration.seconds(3)
  /// The most memory that the process may have in use while it reads a damaged file, in bytes.
  public static let memoryLimit = 1 << 30

  private let seeds: [FileKind: [[UInt8]]]
  private let kinds: [FileKind]
  private let path: String
  private let scratch: FileHandle

  /// Creates a fuzzer that damages the files below a folder; it writes those that are read from the disk to `scratch`.
  public init(corpus: String, scratch: String, kinds: [FileKind] = FileKind.allCases) throws {
    seeds = try FileSeeds.load(corpus)
    self.kinds = kinds
    try Data().write(to: URL(filePath: scratch))
    self.scratch = try FileHandle(forUpdating: URL(filePath: scratch))
    // The file is gone with the process, however that ends; until then it is reached by its number.
    try FileManager.default.removeItem(atPath: scratch)
    path = "/proc/self/fd/\(self.scratch.fileDescriptor)"
  }

  /// The kind of a number.
  public func kind(of number: Int) -> FileKind { kinds[number % kinds.count] }

  /// The file with a number, and the kind of file that it was.
  public func input(_ number: Int) -> (kind: FileKind, bytes: [UInt8]) {
    var random = FuzzRandom(UInt64(number))
    _ = random.next()
    let kind = kind(of: number)
    let files = seeds[kind] ?? []
    let (file, other) = (files[random.below(files.count)], files[random.below(files.count)])
    let mends = random.below(4) != 0
    var mutator = FileMutator(random: random)
    let bytes = mutator.damaged(file, with: other)
    return (kind, (kind == .png || kind == .apng) && mends ? PNGChecksums.mended(bytes) : bytes)
  }

  /// The input as a file named after its kind.
  public func file(of number: Int) -> (ending: String, bytes: [UInt8]) {
    let (kind, bytes) = input(number)
    return (".\(kind)", bytes)
  }

  /// The error that reading an input ends with, or nil.
  public func answer(to number: Int) -> (any Error)? {
    let (kind, bytes) = input(number)
    do {
      try read(bytes, kind)
      return nil
    } catch { return error }
  }

  /// What is wrong with how an input is answered, or nil.
  public func fault(of number: Int) -> String? {
    let start = ProcessUse.now()
    let error = answer(to: number)
    let use = ProcessUse.now()
    if use.time - start.time > Self.timeLimit { return "took \(use.time - start.time)" }
    if use.memory > Self.memoryLimit {
      ProcessUse.forgetPeak()
      return "took \(use.memory >> 20) MB"
    }
    return switch error {
    case nil: nil
    case let error as FormatError where !error.message.isEmpty && !error.file.isEmpty: nil
    case let error as DataError where !"\(error)".isEmpty: nil
    case let error as ConfigurationError where !error.description.isEmpty: nil
    case let error as ScriptError where kind(of: number) == .ipynb && error.message.hasPrefix("x "): nil
    case let error?: "an error without text or of an unknown kind: \(error)"
    }
  }

  private func read(_ bytes: [UInt8], _ kind: FileKind) throws {
    switch kind {
    case .png, .jpg, .gif, .webp, .bmp, .tif, .apng, .aseprite:
      var failure: FormatError?
      do throws(FormatError) { _ = try RasterImage.frames(bytes, file: "x") } catch { failure = error }
      do throws(FormatError) {
        _ = try RasterImage.decode(bytes, file: "x", keepsDamaged: true)
        _ = try RasterImage.frames(bytes, file: "x", keepsDamaged: true)
      } catch { failure = error }
      if let failure { throw failure }
    case .parquet, .lz4, .brotli: try readParquet(bytes)
    case .safetensors:
      for entry in try Safetensors(decoding: bytes, file: "x").entries { _ = entry.doubles() }
    case .npy, .npz: for entry in try NumPyFile.decode(bytes, file: "x").entries { _ = entry.doubles() }
    case .csv, .jsonl:
      try RowTrial(bytes, isTable: kind == .csv).readBothWays {
        try write(bytes); return path
      }
    case .gz, .zst:
      try write(bytes)
      _ = try PackedFile.read(path, kind == .gz ? .gzip : .zstd, limit: 1 << 28)
    case .vocabulary: _ = try Vocabulary(decoding: bytes, file: "x")
    case .palette:
      // A table of Adobe's is known by its name alone.
      _ = try Palette(decoding: bytes, file: bytes.count == 768 || bytes.count == 772 ? "x.act" : "x")
    case .ipynb: _ = try JupyterFile.script(of: bytes, path: "x")
    case .config: _ = try ModelConfiguration(decoding: String(decoding: bytes, as: UTF8.self))
    }
  }

  private func readParquet(_ bytes: [UInt8]) throws {
    try write(bytes)
    let file = try ParquetFile(path)
    var failure: FormatError?
    for group in file.groups.indices.prefix(20) {
      for column in file.columns.prefix(40) {
        readPictures(column, of: file, group)
        do throws(FormatError) {
          let values = try file.values(group: group, columns: [column.name])[0]
          for row in [0, values.count / 2, values.count - 1] where values.count > row && row >= 0 {
            _ = values[row].text
          }
          _ = values.ids(inner: [3, 3])
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }

  /// Reads what a column has of pictures, at any place in its values.
  private func readPictures(_ column: ParquetColumn, of file: ParquetFile, _ group: Int) {
    guard let pictures = PictureColumn(column, ColumnBytes(column, in: file), in: file) else { return }
    do {
      let values = pictures.prepared(try file.values(group: group, columns: [column.name])[0])
      for row in 0..<min(values.count, 3) {
        for picture in try pictures.pictures(values, row, at: "row").pictures { _ = try picture.image(column: "x") }
      }
    } catch { return }
  }

  private func write(_ bytes: [UInt8]) throws {
    try scratch.truncate(atOffset: 0)
    try scratch.seek(toOffset: 0)
    try scratch.write(contentsOf: Data(bytes))
  }
}
