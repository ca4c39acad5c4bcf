import Formats
import Foundation
import FuzzInputs
import Testing

/// Small files of every format with any one byte changed: what is read of each, or how it is refused.
///
/// `Fixtures/changed-bytes.txt` holds digests of the answers, one for each part of a file; with `RECORD` in the environment it is written
/// anew. What the answers are is told where they are others.
@Suite struct ChangedByteTests {
  private static let fixtures = URL(filePath: #filePath).appending(path: "../Fixtures").standardized
  private static let golden = fixtures.appending(path: "changed-bytes.txt")
  private static let path = FileManager.default.temporaryDirectory.path + "/changed-\(UUID().uuidString).parquet"
  /// The positions of a part.
  private static let part = 48

  static let files = [
    "numpy/deflated.npz", "numpy/stored.npz", "numpy/fortran_int16.npy", "numpy/big_float32.npy", "numpy/complex64.npy",
    "numpy/bool.npy", "numpy/object.npy", "numpy/record.npy", "numpy/scalar.npy", "numpy/text.npy",
    "parquet/levels.parquet", "parquet/old-lists.parquet", "parquet/unread.parquet", "parquet/empty.parquet",
    "pictures/changes.aseprite", "pictures/color.aseprite", "pictures/groups.aseprite", "pictures/tiles.aseprite",
    "pictures/masks.bmp", "pictures/one.bmp", "pictures/palette.bmp", "pictures/runs.bmp", "pictures/sparse.gif",
    "pictures/still.gif", "pictures/moving-2.gif", "tensors.safetensors", "table.csv", "separated.csv", "lines.jsonl",
  ]

  /// The bytes of a file; texts and tensors stand here.
  private static func bytes(of file: String) throws -> [UInt8] {
    switch file {
    case "tensors.safetensors":
      var tensors = Safetensors(metadata: ["format": "pt", "a \"key\"": "é"])
      try tensors.append("a", shape: [2, 3], floats: [1, 2, 3, 4, 5, 6])
      try tensors.append("b.c", shape: [], int32s: [7])
      try tensors.append("empty", shape: [0, 3], uint8s: [])
      return try tensors.encoded()
    case "table.csv": return Array("file,caption,n\n1.png,\"a, \"\"b\"\"\n c\",1\r\n2.png,é,\n".utf8)
    case "separated.csv": return Array("\u{FEFF}sep=;\r\na;b\r\n1;\"2\"\r\n".utf8)
    case "lines.jsonl":
      return Array(
        "{\"a\": \"b \\\"c\\\" \\u00e9\\ud83d\\ude00\", \"n\": 1.5e3}\n\n{\"a\": null, \"b\": [true, -0, {}]}\n".utf8)
    default: return Array(try Data(contentsOf: fixtures.appending(path: file)))
    }
  }

  @Test func areAnsweredAsBefore() throws {
    var kept = KeptAnswers(Self.golden)
    for file in Self.files {
      let bytes = try Self.bytes(of: file)
      let ending = String(file.split(separator: ".").last ?? "")
      kept.add(
        file,
        stride(from: 0, to: bytes.count, by: Self.part).map { start in
          (start..<min(start + Self.part, bytes.count)).flatMap { place in
            [1, 0x80, 0xFF].map { (sign: UInt8) in
              var changed = bytes
              changed[place] ^= sign
              return "\(place) ^ \(sign): \(Self.answer(changed, ending))"
            }
          }.joined(separator: "\n")
        })
    }
    #expect(try kept.changes() == [])
  }

  private static func answer(_ bytes: [UInt8], _ ending: String) -> String {
    do {
      return try content(bytes, ending)
    } catch let error as FormatError {
      return error.message
    } catch { return "\(error)" }
  }

  private static func content(_ bytes: [UInt8], _ ending: String) throws -> String {
    switch ending {
    case "npz", "npy":
      return try NumPyFile.decode(bytes, file: "x").entries.map { "\($0.name) \($0.shape) \($0.doubles())" }.joined()
    case "safetensors":
      let file = try Safetensors(decoding: bytes, file: "x")
      return file.entries.map { "\($0.name) \($0.shape) \($0.doubles())" }.joined()
        + "\(file.metadata.sorted { $0.key < $1.key })"
    case "csv":
      let table = try CSV(decoding: bytes, file: "x")
      return "\(table.columns) \(table.rows.map { "\($0.line) \($0.fields)" })"
    case "jsonl":
      return try JSONLine.decode(bytes, file: "x").map { line in
        "\(line.number)" + line.fields.map { "\($0.name): \($0.value.text(writesEndless: true))" }.joined()
      }.joined()
    case "parquet":
      try Data(bytes).write(to: URL(filePath: path))
      defer { _ = unsafe unlink(path) }
      let file = try ParquetFile(path)
      return try file.groups.indices.flatMap { group in
        try file.columns.map { column in
          let values = try file.values(group: group, columns: [column.name])[0]
          return "\(column.name) \(column.type) \((0..<values.count).map { values[$0].text ?? "-" })"
        }
      }.joined()
    default:
      return try RasterImage.frames(bytes, file: "x").map { frame in
        "\(frame.image.width) \(frame.image.height) \(frame.delay) \(KeptAnswers.digest("\(frame.image.rgba)"))"
      }.joined()
    }
  }
}
