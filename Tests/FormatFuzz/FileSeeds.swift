import Formats
import Foundation
import PixelBytes

/// A kind of file that is read.
public enum FileKind: String, CaseIterable, Sendable {
  case png, apng, jpg, gif, webp, bmp, aseprite, parquet, safetensors, csv, jsonl, vocabulary, palette, config
}

/// Whole files that damaged ones are made from.
enum FileSeeds {
  /// The files below a folder by kind, and some made here; a kind without any throws.
  static func load(_ folder: String) throws -> [FileKind: [[UInt8]]] {
    var seeds: [FileKind: [[UInt8]]] = try made()
    seeds[.palette, default: []] += [riffPalette, swatches]
    let root = URL(filePath: folder)
    let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    for path in paths.sorted() {
      guard let kind = FileKind(rawValue: (path as NSString).pathExtension) else { continue }
      seeds[kind, default: []].append([UInt8](try Data(contentsOf: root.appending(path: path))))
    }
    for kind in FileKind.allCases where seeds[kind, default: []].isEmpty {
      throw FormatError(.io, in: folder, "has no file of the kind \(kind)")
    }
    return seeds
  }

  private static func made() throws -> [FileKind: [[UInt8]]] {
    var tensors = Safetensors(metadata: ["format": "pt", "a \"key\"": "é"])
    try tensors.append("a", shape: [2, 3], floats: [1, 2, 3, 4, 5, 6])
    try tensors.append("b.c", shape: [], int32s: [7])
    try tensors.append("empty", shape: [0, 3], uint8s: [])
    try tensors.append("d", .i64, shape: [2], bytes: [1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255])
    let configuration = try ModelConfiguration(width: 32)
    return [
      .safetensors: [try tensors.encoded(), try Safetensors(metadata: [:]).encoded()],
      .csv: [
        "file_name,caption\n", "file_name,caption,n\n1.png,\"a, \"\"b\"\"\n c\",1\r\n2.png,é,\n", "\u{FEFF}a,b\n1,2\n",
        "text\n\"\"\n\"\n\"\n",
      ].map { Array($0.utf8) },
      .jsonl: [
        "{\"file_name\": \"1.png\", \"caption\": \"a \\\"b\\\" \\u00e9\\ud83d\\ude00\", \"n\": 1.5e3}\n{\"a\": null, \"b\": true}\n",
        "\n{}\n{\"a\": -0, \"b\": \"\"}",
      ].map { Array($0.utf8) },
      .vocabulary: [
        Array(Vocabulary.pixelbytes.encoded().utf8),
        Array("[{\"bytes\": \"0a\"}, {\"rgb\": [1, 2, 3]}, {\"f64\": 0.5}]".utf8),
      ],
      .palette: [
        "#000000\nf83800, 00ff7F ; red\n\n// none\n #123456", "FFFFFF",
        "; paint.net Palette File\nFF0000FF\n80123456\n",
        "GIMP Palette\nName: a\nColumns: 2\n# b\n  0   0   0\tblack\n255 0 9 red\n",
        "JASC-PAL\r\n0100\r\n2\r\n0 0 0\r\n9 8 7\r\n",
      ].map { Array($0.utf8) },
      .config: [Array(try configuration.encoded().utf8), Array("{\"dim\": 8}".utf8)],
    ]
  }

  private static let riffPalette: [UInt8] = {
    var bytes = Array("RIFF".utf8)
    bytes += [24, 0, 0, 0]
    bytes += Array("PAL data".utf8)
    bytes += [12, 0, 0, 0, 0, 3, 2, 0, 1, 2, 3, 0, 4, 5, 6, 0]
    return bytes
  }()

  /// A color in red, green and blue, and one of print.
  private static let swatches: [UInt8] = {
    var bytes = Array("ASEF".utf8)
    bytes += [0, 1, 0, 0, 0, 0, 0, 2]
    bytes += [0, 1, 0, 0, 0, 22, 0, 1, 0, 0]
    bytes += Array("RGB ".utf8)
    bytes += [0x3F, 0x80, 0, 0, 0, 0, 0, 0, 0x3F, 0, 0, 0, 0, 0]
    bytes += [0, 1, 0, 0, 0, 26, 0, 1, 0, 0]
    bytes += Array("CMYK".utf8)
    bytes += [0x3F, 0x80, 0, 0, 0, 0, 0, 0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    return bytes
  }()
}
