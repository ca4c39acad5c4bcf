import CCairo
import Safepoint

extension Drawing {
  /// The most pixels of a page.
  private static let pixelLimit = RasterImage.pixelLimit

  /// The page as pixels, so many to an inch, drawn by cairo; throws where cairo is missing or the page is too large.
  public func picture(dotsPerInch: Double) throws -> RasterImage {
    let scale = dotsPerInch / 72
    let columns = max((width * scale).rounded(), 1)
    let rows = max((height * scale).rounded(), 1)
    guard columns <= Double(RasterImage.sideLimit), rows <= Double(RasterImage.sideLimit),
      columns * rows <= Double(Self.pixelLimit)
    else {
      throw FormatError(
        .limit, in: "PNG",
        "would have \(Int(columns)) x \(Int(rows)) pixels; at most \(Self.pixelLimit >> 20) megapixels are drawn")
    }
    let (width, height) = (Int(columns), Int(rows))
    try Safepoint.reserve(8, times: width, height, for: "a picture")
    let page = try CairoPage(pixels: width, height, scale: scale)
    let bytes = try page.finished(self)
    // Bytes are blue, green, red and nothing.
    var rgba = [UInt8](repeating: 255, count: bytes.count)
    for place in stride(from: 0, to: bytes.count, by: 4) {
      if place.isMultiple(of: 1 << 20) { try Safepoint.check() }
      rgba[place] = bytes[place + 2]
      rgba[place + 1] = bytes[place + 1]
      rgba[place + 2] = bytes[place]
    }
    return RasterImage(width: width, height: height, rgba: rgba)
  }

  /// The letters of some texts that the font of PNG and PDF has no signs for, each once; they are drawn as boxes.
  public static func lettersLacking(in texts: [String]) throws -> [Character] {
    let letters = texts.reduce(into: Set<Character>()) { $0.formUnion($1.filter { !$0.isASCII }) }
    guard !letters.isEmpty else { return [] }
    let page = try CairoPage(pixels: 1, 1, scale: 1)
    return letters.filter { page.lacks($0) }.sorted()
  }

  /// The page as a PDF file with real text, drawn by cairo; throws where cairo is missing.
  public func pdf() throws -> [UInt8] { try CairoPage(width: width, height: height).finished(self) }
}

/// A page that cairo draws on.
@safe private final class CairoPage {
  private let page: OpaquePointer

  init(pixels width: Int, _ height: Int, scale: Double) throws(FormatError) {
    try Self.open()
    guard let page = unsafe pb_page_pixels(Int32(width), Int32(height), scale) else { throw Self.noMemory }
    unsafe self.page = page
  }

  init(width: Double, height: Double) throws(FormatError) {
    try Self.open()
    guard let page = unsafe pb_page_pdf(width, height) else { throw Self.noMemory }
    unsafe self.page = page
  }

  deinit { unsafe pb_page_free(page) }

  private static let noMemory = FormatError(.limit, in: "the drawing", "has no memory to be drawn")

  private static func open() throws(FormatError) {
    var message = [CChar](repeating: 0, count: 256)
    guard unsafe pb_cairo_open(&message) != 0 else {
      let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw FormatError(
        .unsupported, in: "the drawing",
        "needs the library cairo (`apt-get install libcairo2 fonts-dejavu-core`): \(reason); .svg needs none")
    }
  }

  /// Draws all and gives the bytes.
  func finished(_ drawing: Drawing) throws -> [UInt8] {
    let frame = Drawing.Frame(0, 0, drawing.width, drawing.height)
    try draw(.path(frame.corners, isClosed: true, pen: nil, fill: drawing.background))
    for element in drawing.elements { try draw(element) }
    var count = 0
    guard let bytes = unsafe pb_page_finish(page, &count) else { throw Self.noMemory }
    try Safepoint.reserve(count, for: "a picture")
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  private func draw(_ element: Drawing.Element) throws {
    switch element {
    case .path(let points, let isClosed, let pen, let fill):
      let flat = try Self.flat(points)
      unsafe pb_page_path(page, flat, points.count, isClosed ? 1 : 0)
      paint(pen, fill)
    case .discs(let points, let radius, let pen, let fill):
      // In parts, so that it can be stopped between them.
      for start in stride(from: 0, to: points.count, by: 4096) {
        try Safepoint.check()
        let part = points[start..<min(start + 4096, points.count)]
        unsafe pb_page_discs(page, try Self.flat(Array(part)), part.count, radius)
        paint(pen, fill)
      }
    case .text(let line):
      let anchor: Int32 = line.anchor == .start ? 0 : line.anchor == .middle ? 1 : 2
      let string = String(line.string.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
      unsafe pb_page_text(
        page, string, line.place.x, line.place.y, line.size, anchor, line.isBold ? 1 : 0, line.isUpright ? 1 : 0,
        Self.parts(line.ink))
    case .picture(let picture, let frame):
      try Safepoint.reserve(4, times: picture.width, picture.height, for: "a picture")
      var pixels: [UInt32] = []
      pixels.reserveCapacity(picture.width * picture.height)
      for place in stride(from: 0, to: picture.rgba.count, by: 4) {
        let alpha = UInt32(picture.rgba[place + 3])
        func part(_ offset: Int) -> UInt32 { (UInt32(picture.rgba[place + offset]) * alpha + 127) / 255 }
        pixels.append(alpha << 24 | part(0) << 16 | part(1) << 8 | part(2))
      }
      unsafe pb_page_picture(
        page, pixels, Int32(picture.width), Int32(picture.height), [frame.x, frame.y, frame.width, frame.height])
    case .clipped(let elements, let frame):
      unsafe pb_page_clip(page, [frame.x, frame.y, frame.width, frame.height])
      for element in elements { try draw(element) }
      unsafe pb_page_unclip(page)
    }
  }

  func lacks(_ letter: Character) -> Bool { unsafe pb_page_lacks(page, String(letter)) != 0 }

  private func paint(_ pen: Drawing.Pen?, _ fill: Drawing.Ink?) {
    if let fill { unsafe pb_page_fill(page, Self.parts(fill), pen == nil ? 0 : 1) }
    if let pen {
      unsafe pb_page_stroke(page, Self.parts(pen.ink), pen.width, pen.dashes, Int32(pen.dashes.count))
    }
  }

  private static func flat(_ points: [Drawing.Point]) throws -> [Double] {
    try Safepoint.check(after: 4 * points.count)
    var flat: [Double] = []
    flat.reserveCapacity(2 * points.count)
    for point in points {
      flat.append(point.x)
      flat.append(point.y)
    }
    return flat
  }

  private static func parts(_ ink: Drawing.Ink) -> [Double] {
    [Double(ink.red) / 255, Double(ink.green) / 255, Double(ink.blue) / 255, ink.alpha]
  }
}
