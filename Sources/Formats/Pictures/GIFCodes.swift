import Safepoint

/// Unpacks the pixels of a GIF from codes of growing width for what came before (Lempel, Ziv, Welch).
struct GIFCodes {
  /// What is wrong with the data.
  enum Fault: Equatable {
    /// The data ends before the last pixel.
    case short
    /// A code is beyond those that stand for something so far.
    case unknown(code: Int, count: Int)
  }

  private static let limit = 4096

  private let bits: Int
  private let size: Int
  /// What each code stands for: what another one does, and a pixel behind that.
  private var prefixes = [UInt16](repeating: 0, count: limit)
  private var suffixes = [UInt8](repeating: 0, count: limit)
  private var lengths = [Int32](repeating: 1, count: limit)
  private var next: Int
  private var width: Int
  private var previous: Int?
  private var buffer = 0
  private var filled = 0

  /// The pixels so far.
  private(set) var pixels: [UInt8] = []
  /// Whether the code of the end was found, or the last pixel: what stands behind it is left, as in browsers.
  private var isEnded = false
  /// What was found wrong, if anything.
  private(set) var fault: Fault?

  /// Codes of pixels of `bits` bits, `size` pixels together.
  init(bits: Int, size: Int) {
    (self.bits, self.size) = (bits, size)
    (next, width) = (1 << bits + 2, bits + 1)
    for pixel in 0..<1 << bits { suffixes[pixel] = UInt8(pixel) }
    pixels.reserveCapacity(size)
  }

  /// Takes a byte of the data; nothing behind a fault or the end.
  mutating func take(_ byte: UInt8) {
    buffer |= Int(byte) << filled
    filled += 8
    while filled >= width {
      if fault != nil || isEnded { return filled = 0 }
      let code = buffer & (1 << width - 1)
      buffer >>= width
      filled -= width
      take(code: code)
    }
  }

  /// Notes that there is no more data.
  mutating func finish() {
    if fault == nil, pixels.count < size { fault = .short }
  }

  private mutating func take(code: Int) {
    let clear = 1 << bits
    if code == clear {
      (next, width, previous) = (clear + 2, bits + 1, nil)
    } else if code == clear + 1 {
      isEnded = true
    } else {
      draw(code, clear)
    }
  }

  private mutating func draw(_ code: Int, _ clear: Int) {
    // The first code is a pixel, a later one may stand for what it makes itself.
    let count = previous == nil ? clear : next < Self.limit ? next + 1 : next
    guard code < count else { return fault = .unknown(code: code, count: count) }
    let start = pixels.count
    if let previous {
      let source = code == next ? previous : code
      if next < Self.limit {
        prefixes[next] = UInt16(previous)
        lengths[next] = lengths[previous] + 1
        suffixes[next] = first(source)
        next += 1
        if next == 1 << width, width < 12 { width += 1 }
      }
    }
    let length = min(Int(lengths[code]), size - start)
    isEnded = start + length == size
    pixels.append(contentsOf: repeatElement(0, count: length))
    // From the last pixel back to the first.
    var left = code
    var place = start + Int(lengths[code]) - 1
    while place >= start {
      if place < start + length { pixels[place] = suffixes[left] }
      left = Int(prefixes[left])
      place -= 1
    }
    previous = code
  }

  private func first(_ code: Int) -> UInt8 {
    var code = code
    while lengths[code] > 1 { code = Int(prefixes[code]) }
    return suffixes[code]
  }
}
