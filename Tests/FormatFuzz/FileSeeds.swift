import Formats
import Foundation
import PixelBytes

/// A kind of file that is read.
public enum FileKind: String, CaseIterable, Sendable {
  case png, apng, jpg, gif, webp, bmp, tif, aseprite, parquet, lz4, brotli, safetensors, npy, npz, csv, jsonl,
    vocabulary,
    palette
  case config, ipynb, gz, zst
}

/// Whole files that damaged ones are made from.
enum FileSeeds {
  /// The files below a folder by kind, and some made here; a kind without any throws.
  static func load(_ folder: String) throws -> [FileKind: [[UInt8]]] {
    var seeds: [FileKind: [[UInt8]]] = try made()
    seeds[.palette, default: []] += [riffPalette, swatches, (0..<768).map { UInt8($0 % 251) }]
    let root = URL(filePath: folder)
    let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    for path in paths.sorted() {
      guard let kind = FileKind(rawValue: (path as NSString).pathExtension) else { continue }
      let bytes = [UInt8](try Data(contentsOf: root.appending(path: path)))
      let name = (path as NSString).lastPathComponent
      for kind in [kind] + [.lz4, .brotli].filter({ kind == .parquet && name.hasPrefix($0.rawValue) }) {
        seeds[kind, default: []].append(bytes)
      }
      // What moves or has a table of colors serves as a palette too.
      if kind == .aseprite || kind == .bmp { seeds[.palette, default: []].append(bytes) }
    }
    seeds[.gif, default: []] += seeds[.gif, default: []].map { Array($0.dropLast()) } + [junk]
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
    // Eight elements of each type: as many bytes as an element has bits, which its name says but for truth values.
    let sizes = SafetensorsElement.allCases.map { type in
      (type.rawValue, Int(type.rawValue.drop { !$0.isNumber }.prefix { $0.isNumber }) ?? 8)
    }
    var (lines, types): ([String], [UInt8]) = ([], [])
    for (name, bits) in sizes {
      let start = types.count
      types += (0..<bits).map { UInt8(truncatingIfNeeded: 37 * $0 + 120) }
      lines.append(
        "\"\(name)\": {\"dtype\": \"\(name)\", \"shape\": [8], \"data_offsets\": [\(start), \(types.count)]}")
    }
    let header = Array("{\(lines.joined(separator: ", "))}".utf8)
    types = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + types
    let configuration = try ModelConfiguration(width: 32)
    return [
      .safetensors: [try tensors.encoded(), try Safetensors(metadata: [:]).encoded(), types],
      .csv: [
        "file_name,caption\n", "file_name,caption,n\n1.png,\"a, \"\"b\"\"\n c\",1\r\n2.png,é,\n", "\u{FEFF}a,b\n1,2\n",
        "text\n\"\"\n\"\n\"\n", "a;b\r1;\"x;\"\"y\"\r\r\n2;\n", "a\tb\n1\t\"\n\"\n",
        "\u{FEFF}sep=;\r\na;b\r\n1;\"2\"\r\n",
      ].map { Array($0.utf8) },
      .jsonl: [
        "{\"file_name\": \"1.png\", \"caption\": \"a \\\"b\\\" \\u00e9\\ud83d\\ude00\", \"n\": 1.5e3}\n{\"a\": null, \"b\": true}\n",
        "\n{}\n{\"a\": -0, \"b\": \"\"}", "{\"a\": [True, None, 'x', 01]}\n",
        "\u{FEFF}{\"a\": [NaN, [], {\"b\": -Infinity}], \"a\": 1E-5}\r\n{\"caption\": \"\\ud83d\", \"n\": 12345678901234567890}\r\n",
      ].map { Array($0.utf8) },
      .vocabulary: [
        Array(Vocabulary.pixelbytes.encoded().utf8),
        Array("[{\"bytes\": \"0a\"}, {\"rgb\": [1, 2, 3]}, {\"f64\": 0.5}]".utf8),
      ],
      .palette: [
        "#000000\nf83800, 00ff7F ; red\n\n// none\n #123456", "FFFFFF",
        "; paint.net Palette File\nFF0000FF\n80123456\n",
        "GIMP Palette\nName: a\nColumns: 2\n# b\n  0   0   0\tblack\n255 0 9 red\n",
        "JASC-PAL\r\n0100\r\n2\r\n0 0 0\r\n9 8 7\r\n", "\u{FEFF}GIMP Palette\n#\n1 2 3\n",
      ].map { Array($0.utf8) },
      .ipynb: [notebook, "{\"nbformat\": 4, \"cells\": []}"].map { Array($0.utf8) },
      .config: [Array(try configuration.encoded().utf8), Array("{\"dim\": 8}".utf8)],
    ]
  }

  /// A GIF of three frames with bytes between them that belong to nothing.
  private static let junk: [UInt8] = {
    let frame: [UInt8] = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]
    let pause: [UInt8] = [0x21, 0xF9, 4, 4, 10, 0, 0, 0]
    return Array("GIF89a".utf8) + [2, 0, 2, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255] + frame + [0, 0, 7]
      + pause + frame + [0x21, 0xFE, 2, 65, 66, 0, 9] + frame
  }()

  /// A cell of each kind, with outputs.
  private static let notebook = """
    {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "pixelbytes"}, "title": "é"},
     "cells": [{"id": "a", "cell_type": "markdown", "metadata": {"tags": ["x"]}, "source": ["# a\\n", "b"]},
      {"cell_type": "raw", "metadata": {}, "source": "r \\u00e9"},
      {"id": "c", "cell_type": "code", "execution_count": 1, "metadata": {"pixelbytes": {"title": true}},
       "source": ["print 1\\n", "# %% no marker\\n", "\\"\\"\\""],
       "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1\\n"]}]}]}
    """

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
    bytes += [0, 1, 0, 0, 0, 0, 0, 3]
    bytes += [0, 1, 0, 0, 0, 22, 0, 1, 0, 0]
    bytes += Array("RGB ".utf8)
    bytes += [0x3F, 0x80, 0, 0, 0, 0, 0, 0, 0x3F, 0, 0, 0, 0, 0]
    bytes += [0, 1, 0, 0, 0, 26, 0, 1, 0, 0]
    bytes += Array("CMYK".utf8)
    bytes += [0x3F, 0x80, 0, 0, 0, 0, 0, 0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    bytes += [0, 1, 0, 0, 0, 22, 0, 1, 0, 0]
    bytes += Array("LAB ".utf8)
    bytes += [0x3F, 0, 0, 0, 0x41, 0xA0, 0, 0, 0xC1, 0xF0, 0, 0, 0, 0]
    return bytes
  }()
}
