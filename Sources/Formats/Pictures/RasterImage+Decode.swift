extension RasterImage {
  /// The largest file of a picture that is read, in bytes.
  public static let fileLimit = 1 << 28
  /// The endings that files of pictures usually have.
  public static let readEndings = ["png", "jpg", "jpeg", "gif"]

  /// Returns the picture in the bytes of a PNG, JPEG or GIF file, told apart by how it begins; of a GIF the first frame.
  ///
  /// `file` is the name that errors give it.
  public static func decode(_ bytes: [UInt8], file: String = "picture") throws(FormatError) -> RasterImage {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return try PNG.decode(bytes, file: file) }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return try JPEG.decode(bytes, file: file) }
    if bytes.starts(with: Array("GIF8".utf8)) { return try GIF.frames(bytes, limit: 1, file: file)[0].image }
    throw FormatError(.malformed, in: file, "is not a picture that is read: expected PNG, JPEG or GIF")
  }

  /// Reads the PNG, JPEG or GIF file at `path`; throws a `FormatError` when it is missing, broken or too large.
  public static func read(_ path: String) throws(FormatError) -> RasterImage {
    try decode(try readFile(path, limit: fileLimit), file: path)
  }
}
