extension RasterImage {
  /// The largest file of a picture that is read, in bytes.
  public static let fileLimit = 1 << 28
  /// The endings that files of pictures usually have.
  public static let readEndings = [
    "png", "apng", "jpg", "jpeg", "jpe", "jfif", "gif", "webp", "bmp", "dib", "tif", "tiff", "aseprite", "ase",
  ]

  /// The kinds of pictures, told apart by how they begin.
  private enum Kind {
    case png, jpeg, gif, webP, bmp, tiff, aseprite

    init?(_ bytes: [UInt8]) {
      if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
        self = .png
      } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
        self = .jpeg
      } else if bytes.starts(with: "GIF8".utf8) {
        self = .gif
      } else if WebP.isWebP(bytes) {
        self = .webP
      } else if bytes.starts(with: "BM".utf8) {
        self = .bmp
      } else if TIFF.isTIFF(bytes) {
        self = .tiff
      } else if Aseprite.isAseprite(bytes) {
        self = .aseprite
      } else {
        return nil
      }
    }

    static func of(_ bytes: [UInt8], file: String) throws(FormatError) -> Kind {
      if let kind = Kind(bytes) { return kind }
      let found = ForeignFile(bytes).map { "; it is \($0.description)" } ?? ""
      throw FormatError(
        .malformed, in: file,
        "is not a picture that is read: expected PNG, JPEG, GIF, WebP, BMP, TIFF or Aseprite\(found)")
    }
  }

  /// How many bytes tell what a picture is.
  public static let startSize = 128

  /// Whether bytes begin as a picture that is read does.
  public static func isPicture(_ bytes: [UInt8]) -> Bool { Kind(bytes) != nil }

  /// Returns the picture in the bytes of a PNG, JPEG, GIF, WebP, BMP, TIFF or Aseprite file, told apart by how it begins; of several frames
  /// the first.
  ///
  /// `file` is the name that errors give it. A broken picture is an error, unless `keepsDamaged`, which gives what can be read of it.
  public static func decode(
    _ bytes: [UInt8], file: String = "picture", keepsDamaged: Bool = false
  ) throws(FormatError) -> RasterImage {
    switch try Kind.of(bytes, file: file) {
    case .png: try PNG.decode(bytes, file: file, keepsDamaged: keepsDamaged)
    case .jpeg: try JPEG.decode(bytes, file: file, keepsDamaged: keepsDamaged)
    case .gif: try GIF.frames(bytes, limit: 1, file: file, keepsDamaged: keepsDamaged)[0].image
    case .webP: try WebP.decode(bytes, file: file, keepsDamaged: keepsDamaged)
    case .bmp: try BMP.decode(bytes, file: file, keepsDamaged: keepsDamaged)
    case .tiff: try TIFF.decode(bytes, file: file, keepsDamaged: keepsDamaged)
    case .aseprite: try Aseprite(bytes, file: file, keepsDamaged: keepsDamaged).frames(limit: 1)[0].image
    }
  }

  /// Returns the frames in the bytes of a picture that moves, as they are seen; any other picture is one frame.
  ///
  /// A broken frame is an error, unless `keepsDamaged`, which gives the frames before it, or what can be read of the first.
  /// With a `tag` it is the frames of an Aseprite file that are so named; a tag that is not there throws, as does a file of another kind.
  public static func frames(
    _ bytes: [UInt8], file: String = "picture", tag: String? = nil, keepsDamaged: Bool = false
  ) throws(FormatError) -> [GIF.Frame] {
    if let tag { return try frames(of: tag, bytes, file, keepsDamaged: keepsDamaged) }
    return switch try Kind.of(bytes, file: file) {
    case .gif: try GIF.frames(bytes, file: file, keepsDamaged: keepsDamaged)
    case .png: try APNG.frames(bytes, file: file, keepsDamaged: keepsDamaged)
    case .webP: try WebP.frames(bytes, file: file, keepsDamaged: keepsDamaged)
    case .aseprite: try Aseprite(bytes, file: file, keepsDamaged: keepsDamaged).frames()
    case .jpeg, .bmp, .tiff: [GIF.Frame(image: try decode(bytes, file: file, keepsDamaged: keepsDamaged), delay: 0)]
    }
  }

  private static func frames(
    of tag: String, _ bytes: [UInt8], _ file: String, keepsDamaged: Bool
  ) throws(FormatError) -> [GIF.Frame] {
    let kind = try Kind.of(bytes, file: file)
    guard kind == .aseprite else {
      throw FormatError(
        .unsupported, in: file, "has no tags; those of Aseprite are read, and this is a file of another kind")
    }
    let sprite = try Aseprite(bytes, file: file, keepsDamaged: keepsDamaged)
    guard let found = sprite.tags.first(where: { $0.name == tag }) else {
      let names = sprite.tags.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw FormatError(
        .unsupported, in: file, "has no tag \"\(tag)\"; " + (names.isEmpty ? "it has no tags" : "its tags are \(names)")
      )
    }
    let frames = try sprite.frames(limit: found.frames.upperBound + 1)
    let isPart = keepsDamaged && found.frames.lowerBound < frames.count
    guard found.frames.upperBound < frames.count || isPart else {
      throw FormatError(
        .malformed, in: file,
        "is a broken Aseprite file: the tag \"\(tag)\" goes to frame \(found.frames.upperBound) of \(frames.count)")
    }
    return Array(frames[found.frames.clamped(to: 0...frames.count - 1)])
  }

  /// Reads the file of a picture at `path`; throws a `FormatError` when it is missing, broken or too large.
  public static func read(_ path: String, keepsDamaged: Bool = false) throws(FormatError) -> RasterImage {
    try decode(try readFile(path, limit: fileLimit), file: path, keepsDamaged: keepsDamaged)
  }
}
