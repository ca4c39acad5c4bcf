/// Files that stand where others are expected, because a transfer or a download went another way.
public struct ForeignFile: CustomStringConvertible, Sendable {
  /// What the file is, as in "it is an empty file".
  public let description: String
  /// Whether it is a text in another encoding than UTF-8.
  public private(set) var isOtherText = false

  /// Tells what the bytes of a file, or its beginning, are; nil when it is none of those that are known.
  public init?(_ bytes: [UInt8]) {
    if let pointer = ForeignFile(pointer: bytes) {
      self = pointer
    } else if bytes.isEmpty {
      description = "an empty file"
    } else if let name = Self.picture(bytes) {
      description = "a picture (\(name)), which `read_image` reads"
    } else if bytes.starts(with: [0x50, 0x4B, 3, 4]), let content = Self.content(ofZip: bytes) {
      description = content
    } else if bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6]) {
      description = "a zip archive, which has to be unpacked first"
    } else if bytes.starts(with: [0x1F, 0x8B]) {
      description = "compressed with gzip, which is unpacked where the name ends in .gz"
    } else if let name = Self.packings.first(where: { bytes.starts(with: $0.mark) })?.name {
      description = "packed by \(name), which has to be unpacked first; gzip and zstd are read"
    } else if bytes.count > 2, bytes[0] == 0x80, 2...5 ~= bytes[1],
      bytes[bytes.count - 1] == UInt8(ascii: ".") || bytes[1] > 3
    {
      description =
        "a pickle of Python, which is not read, because it can run code; `to_parquet` writes rows for others"
    } else if TextEncoding.isUTF32(bytes) {
      (description, isOtherText) = ("a text in UTF-32, not in UTF-8", true)
    } else if TextEncoding.isUTF16(bytes) {
      (description, isOtherText) = ("a text in UTF-16, not in UTF-8", true)
    } else if bytes.starts(with: "PARE".utf8) {
      description = "an encrypted parquet file, which is not read; write it without encryption where its keys are"
    } else if bytes.starts(with: "PAR1".utf8) {
      description = "a parquet file, which `read_table` and `load_dataset` read where its name ends in .parquet"
    } else if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
      description = "an array of NumPy, which `load_tensors` reads where its name ends in .npy"
    } else if Self.isSafetensors(bytes) {
      description = "a safetensors file, which `load_tensors` reads where its name ends in .safetensors"
    } else if bytes.starts(with: "ORC".utf8), bytes.dropFirst(3).prefix(32).contains(where: { $0 < 0x09 }) {
      description = "a table of ORC, which is not read; `to_parquet` of Python or Spark writes one that is"
    } else if bytes.starts(with: "ARROW1".utf8) {
      description =
        "a file of Arrow (Feather), of which Python makes parquet: `import pyarrow.feather as f, pyarrow.parquet as p` and "
        + "`p.write_table(f.read_table(\"x.arrow\"), \"x.parquet\")`"
    } else if bytes.count >= 8, bytes.starts(with: [0xFF, 0xFF, 0xFF, 0xFF]), bytes[7] == 0 {
      description =
        "a stream of Arrow, as the Python library `datasets` saves rows, which makes parquet of it: `from datasets import Dataset` "
        + "and `Dataset.from_file(\"x.arrow\").to_parquet(\"x.parquet\")`"
    } else if let text = Self.markup(bytes) {
      description = text
    } else if let name = Self.others.first(where: { $0.fits(bytes) })?.name {
      description = "\(name), which is not read"
    } else {
      return nil
    }
  }

  /// Files that people have beside those that are read: what they are, and the place and text that tells them.
  private struct Other {
    let name: String
    var place = 0
    let mark: [UInt8]

    init(_ name: String, at place: Int = 0, _ mark: String) {
      (self.name, self.place, self.mark) = (name, place, Array(mark.unicodeScalars.map { UInt8($0.value) }))
    }

    /// Behind the length of a part that is no longer than any header the name of the part stands.
    func fits(_ bytes: [UInt8]) -> Bool {
      bytes.dropFirst(place).starts(with: mark) && (place == 0 || bytes.first == 0)
    }
  }

  private static let others = [
    Other("a document (PDF)", "%PDF-"), Other("a picture of Photoshop (PSD)", "8BPS\0"),
    Other("a picture (AVIF)", at: 4, "ftypavif"),
    Other("a picture (HEIC)", at: 4, "ftyphei"), Other("a picture (HEIC)", at: 4, "ftypmif1"),
    Other("a picture (JPEG XL)", "\u{FF}\n"), Other("a picture (JPEG XL)", at: 4, "JXL \r\n"),
    Other("a picture (JPEG 2000)", at: 4, "jP  \r\n"), Other("a picture (QOI)", "qoif\0"),
    Other("a picture of GIMP (XCF)", "gimp xcf"), Other("a video (MP4)", at: 4, "ftyp"),
    Other("a video (Matroska)", "\u{1A}E\u{DF}\u{A3}"), Other("a sound (Ogg)", "OggS\0"),
    Other("a sound (MP3)", "ID3\u{3}"), Other("a sound (MP3)", "ID3\u{4}"), Other("a sound (FLAC)", "fLaC\0"),
    Other("a database (SQLite)", "SQLite format 3\0"), Other("a file of HDF5", "\u{89}HDF\r\n"),
    Other("a table of Avro", "Obj\u{1}"),
    Other("a document of an old office program, such as .xls", "\u{D0}\u{CF}\u{11}\u{E0}"),
    Other("a program (ELF)", "\u{7F}ELF"),
  ]

  /// What other programs pack files with, and how those begin.
  private static let packings: [(name: String, mark: [UInt8])] = [
    ("bzip2", [0x42, 0x5A, 0x68]), ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]), ("7-Zip", [0x37, 0x7A, 0xBC, 0xAF]),
    ("RAR", [0x52, 0x61, 0x72, 0x21, 0x1A, 7]), ("LZ4", [4, 0x22, 0x4D, 0x18]),
  ]

  /// Tells that bytes are what Git LFS keeps in place of a large file, which nobody wants to read; else nil.
  init?(pointer bytes: [UInt8]) {
    guard bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8) else { return nil }
    description =
      "a Git LFS pointer: the file itself was not downloaded; run `git lfs pull`, or download it from the page of the repository"
  }

  /// The kind of a picture, but for those that texts may begin as.
  private static func picture(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: PNGChunk.signature) { return "PNG" }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "JPEG" }
    if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) { return "GIF" }
    if TIFF.isTIFF(bytes) { return "TIFF" }
    return WebP.isWebP(bytes) ? "WebP" : nil
  }

  /// Whether a header of JSON begins behind its length, as in safetensors.
  static func isSafetensors(_ bytes: [UInt8]) -> Bool {
    bytes.count > 9 && bytes[8] == UInt8(ascii: "{")
      && [UInt8(ascii: "\""), UInt8(ascii: "}"), 0x20].contains(bytes[9])
      && bytes[4..<8].allSatisfy { $0 == 0 } && (bytes.littleEndian(at: 0) as UInt32) > 1
  }

  /// What tells that the beginning of a file is a text; nil for other bytes, and for none.
  static func text(_ start: [UInt8]) -> String? {
    // The last character may be cut.
    let whole =
      start.count < 512 ? start : Array(start.dropLast(start.reversed().prefix { $0 & 0xC0 == 0x80 }.count + 1))
    let isText = whole.allSatisfy { $0 >= 0x20 && $0 != 0x7F || 0x09...0x0D ~= $0 }
    guard !whole.isEmpty, isText, String(validating: whole, as: UTF8.self) != nil else { return nil }
    return "a text, which is read where its name ends as its kind says, such as .csv, .json or .jsonl"
  }

  /// Whether the file at a path begins as a text.
  public static func isText(_ path: String) throws(FormatError) -> Bool { text(try readStart(path)) != nil }

  /// What a zip archive is by the name of the first file in it; nil for one like any other.
  private static func content(ofZip bytes: [UInt8]) -> String? {
    guard bytes.count >= 30 else { return nil }
    let name = String(decoding: bytes[30...].prefix(Int(bytes.littleEndian(at: 26) as UInt16)), as: UTF8.self)
    if name == "[Content_Types].xml" || ["_rels/", "docProps/", "xl/"].contains(where: name.hasPrefix) {
      return
        "a file of an office program, such as .xlsx; save its table as CSV there, or in Python: `import pandas as pd` and "
        + "`pd.read_excel(\"x.xlsx\").to_csv(\"x.csv\", index=False)`"
    }
    if name.hasSuffix(".npy") { return "arrays of NumPy, which `load_tensors` reads where the name ends in .npz" }
    if ["/data.pkl", "/.format_version", "/byteorder", "/version"].contains(where: name.hasSuffix) {
      return
        "a file of PyTorch, which is not read, because it can run code; Python makes safetensors of it: `import torch` and "
        + "`from safetensors.torch import save_file` and `save_file(torch.load(\"x.pt\", weights_only=True), \"x.safetensors\")`"
    }
    return nil
  }

  /// What a text of HTML or XML is; nil for another.
  private static func markup(_ bytes: [UInt8]) -> String? {
    let start = bytes.prefix(512).drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    let text = String(decoding: start, as: UTF8.self).lowercased()
    let servers = "as servers send them in place of a file that is not there or needs a login"
    if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") { return "a page of HTML, \(servers)" }
    if text.hasPrefix("<svg") || text.hasPrefix("<?xml") && text.contains("<svg") {
      return "a drawing (SVG), which is not read"
    }
    if text.hasPrefix("<error>") || text.hasPrefix("<?xml") && text.contains("<error>") {
      return "an error message in XML, \(servers)"
    }
    return text.hasPrefix("<?xml") ? "a text of XML, which is not read" : nil
  }

  /// Throws for a file that is none of what `expected` says, as in "a parquet file".
  public static func refuse(_ bytes: [UInt8], in file: String, expected: String) throws(FormatError) {
    guard let found = ForeignFile(bytes) else { return }
    throw found.error(in: file, expected: expected)
  }

  /// Throws for a file that is no script but one of those; a text that may be a script is none, however it begins.
  public static func refuseInPlaceOfScript(_ bytes: [UInt8], in file: String) throws(FormatError) {
    let isText = !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    guard !bytes.isEmpty, !isText || markup(bytes) != nil else { return }
    try refuse(Array(bytes.prefix(512)), in: file, expected: "a script")
  }

  /// The error that a file is this and not what `expected` says.
  public func error(in file: String, expected: String) -> FormatError {
    let message = "is not \(expected); it is \(self)"
    return isOtherText ? .notUTF8(.file, in: file, message) : FormatError(.malformed, in: file, message)
  }
}
