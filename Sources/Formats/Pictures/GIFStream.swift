import CGIF
import Safepoint

/// A GIF that giflib reads from memory, frame by frame.
@safe
struct GIFStream: ~Copyable {
  /// A frame as it is stored: a part of the picture in colors of a palette, and how it goes on from there.
  struct Frame {
    enum Disposal: Int {
      case none, keep, background, previous
    }

    var left = 0
    var top = 0
    var width = 0
    var height = 0
    /// Red, green and blue of each color.
    var colors: [UInt8] = []
    var transparent: Int?
    var disposal = Disposal.none
    /// How long the frame is shown, in hundredths of a second.
    var delay = 0
    /// A color for each pixel, row by row.
    var pixels: [UInt8] = []
  }

  /// The bytes and how far they were read, at an address that giflib keeps.
  @safe private struct Source {
    let bytes: UnsafeMutableBufferPointer<UInt8>
    var place = 0
  }

  private let source: UnsafeMutablePointer<Source>
  private let gif: UnsafeMutablePointer<GifFileType>
  private let file: String
  private let keepsDamaged: Bool
  /// How many frames were read.
  private var frameCount = 0
  /// Whether nothing behind the last frame can be read.
  private var isCut = false

  /// The size of the whole picture.
  var size: (width: Int, height: Int) { unsafe (Int(gif.pointee.SWidth), Int(gif.pointee.SHeight)) }

  init(_ bytes: [UInt8], file: String, keepsDamaged: Bool = false) throws(FormatError) {
    (self.file, self.keepsDamaged) = (file, keepsDamaged)
    let bytes = keepsDamaged ? GIFEnd.mended(bytes) : bytes
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = unsafe copy.initialize(from: bytes)
    unsafe source = .allocate(capacity: 1)
    unsafe source.initialize(to: Source(bytes: copy))
    var code: Int32 = 0
    let opened = unsafe DGifOpen(
      source,
      { gif, target, count in
        guard let gif = unsafe gif, let target = unsafe target,
          let source = unsafe gif.pointee.UserData?.assumingMemoryBound(to: Source.self)
        else { return 0 }
        let rest = unsafe source.pointee.bytes.count - source.pointee.place
        let given = min(Int(count), rest)
        guard given > 0, let base = unsafe source.pointee.bytes.baseAddress else { return 0 }
        unsafe target.update(from: base + source.pointee.place, count: given)
        unsafe source.pointee.place += given
        return Int32(given)
      }, &code)
    guard let opened = unsafe opened else {
      unsafe copy.deallocate()
      unsafe source.deallocate()
      throw FormatError(.malformed, in: file, "is a broken GIF: \(Self.reason(code))")
    }
    unsafe gif = opened
  }

  deinit {
    var code: Int32 = 0
    _ = unsafe DGifCloseFile(gif, &code)
    unsafe source.pointee.bytes.deallocate()
    unsafe source.deallocate()
  }

  /// Reads the next frame, nil at the end; `check` sees its size before its pixels are read. A broken frame is the end where damaged
  /// pictures are kept and it is not the first.
  mutating func next(check: (Int, Int) throws(FormatError) -> Void) throws(FormatError) -> Frame? {
    do throws(FormatError) { return try nextWhole(check: check) } catch {
      guard keepsDamaged, frameCount > 0, error.kind == .malformed else { throw error }
      isCut = true
      return nil
    }
  }

  private mutating func nextWhole(
    check: (Int, Int) throws(FormatError) -> Void
  ) throws(FormatError) -> Frame? {
    var frame = Frame()
    while !isCut {
      var kind = UNDEFINED_RECORD_TYPE
      guard unsafe DGifGetRecordType(gif, &kind) == GIF_OK else {
        if Safepoint.mustStop(after: 16) { throw broken() }
        // What is no beginning of anything is passed over, as viewers do; where the file ends, the pictures end.
        if unsafe gif.pointee.Error == D_GIF_ERR_WRONG_RECORD { continue }
        if frameCount > 0, unsafe source.pointee.place == source.pointee.bytes.count { return nil }
        throw broken()
      }
      switch kind {
      case TERMINATE_RECORD_TYPE: return nil
      case EXTENSION_RECORD_TYPE: try readExtension(into: &frame)
      case IMAGE_DESC_RECORD_TYPE:
        guard unsafe DGifGetImageDesc(gif) == GIF_OK else { throw broken() }
        try readPlace(into: &frame)
        try check(frame.width, frame.height)
        try readPixels(into: &frame)
        frameCount += 1
        return frame
      default: continue
      }
    }
    return nil
  }

  private func readExtension(into frame: inout Frame) throws(FormatError) {
    var code: Int32 = 0
    var block: UnsafeMutablePointer<GifByteType>?
    guard unsafe DGifGetExtension(gif, &code, &block) == GIF_OK else { throw broken() }
    while let bytes = unsafe block {
      var control = GraphicsControlBlock()
      let count = unsafe Int(bytes[0])
      if code == GRAPHICS_EXT_FUNC_CODE, count == 4, unsafe DGifExtensionToGCB(count, bytes + 1, &control) == GIF_OK {
        frame.disposal = Frame.Disposal(rawValue: Int(control.DisposalMode)) ?? .none
        frame.transparent = control.TransparentColor < 0 ? nil : Int(control.TransparentColor)
        frame.delay = Int(control.DelayTime)
      }
      guard unsafe DGifGetExtensionNext(gif, &block) == GIF_OK else { throw broken() }
    }
  }

  private func readPlace(into frame: inout Frame) throws(FormatError) {
    let place = unsafe gif.pointee.Image
    (frame.left, frame.top) = unsafe (Int(place.Left), Int(place.Top))
    (frame.width, frame.height) = unsafe (Int(place.Width), Int(place.Height))
    guard let map = unsafe place.ColorMap ?? gif.pointee.SColorMap else {
      throw FormatError(.malformed, in: file, "is a broken GIF: a frame has no colors")
    }
    for index in 0..<Int(unsafe map.pointee.ColorCount) {
      let color = unsafe map.pointee.Colors[index]
      frame.colors += [color.Red, color.Green, color.Blue]
    }
  }

  /// Reads the rows, which may be stored every eighth first.
  private mutating func readPixels(into frame: inout Frame) throws(FormatError) {
    let (width, height) = (frame.width, frame.height)
    var bits: Int32 = 0
    var block: UnsafeMutablePointer<GifByteType>?
    guard unsafe DGifGetCode(gif, &bits, &block) == GIF_OK else { throw broken() }
    var codes = GIFCodes(bits: Int(bits), size: width * height)
    var isRead = true
    while isRead, let bytes = unsafe block {
      let count = Int(unsafe bytes[0])
      if Safepoint.mustStop(after: 64 * count) {
        throw FormatError(.io, in: file, "was not read: the work was stopped")
      }
      for place in 0..<count { codes.take(unsafe bytes[place + 1]) }
      isRead = unsafe DGifGetCodeNext(gif, &block) == GIF_OK
    }
    codes.finish()
    isCut = !isRead || codes.fault != nil
    if isCut {
      guard keepsDamaged, frameCount == 0, !codes.pixels.isEmpty else {
        if isRead, let fault = codes.fault { throw broken(fault, width * height, found: codes.pixels.count) }
        throw broken()
      }
    }
    let rest = UInt8(frame.transparent ?? 0)
    frame.pixels = codes.pixels + [UInt8](repeating: rest, count: width * height - codes.pixels.count)
    guard unsafe gif.pointee.Image.Interlace else { return }
    let stored = frame.pixels
    let rows = [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { stride(from: $0.0, to: height, by: $0.1) }
    for (place, row) in rows.enumerated() {
      frame.pixels.replaceSubrange(row * width..<(row + 1) * width, with: stored[place * width..<(place + 1) * width])
    }
  }

  private func broken(_ fault: GIFCodes.Fault, _ size: Int, found: Int) -> FormatError {
    let reason =
      switch fault {
      case .short: "has \(found) of \(size) pixels"
      case .unknown(let code, let count): "has behind \(found) of \(size) pixels the code \(code) of \(count)"
      }
    return FormatError(.malformed, in: file, "is a broken GIF: frame \(frameCount) \(reason)")
  }

  private func broken() -> FormatError {
    FormatError(.malformed, in: file, "is a broken GIF: \(Self.reason(unsafe gif.pointee.Error))")
  }

  private static func reason(_ code: Int32) -> String {
    guard code != D_GIF_ERR_READ_FAILED, let text = unsafe GifErrorString(code) else { return "it ends too early" }
    return unsafe String(cString: text).lowercased()
  }
}
