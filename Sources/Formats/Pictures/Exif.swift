import Safepoint

/// What a camera notes beside a picture: how it is to be turned, 1 to 8, and 1 when that is not noted.
enum Exif {
  /// The turn of a JPEG.
  static func orientation(jpeg bytes: [UInt8]) -> Int {
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF {
      let marker = bytes[place + 1]
      // Fill bytes; and markers without contents, or behind which the pixels come.
      if marker == 0xFF {
        place += 1
        continue
      }
      if marker == 0xDA || marker == 0xD9 { return 1 }
      let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      guard length >= 2, place + 2 + length <= bytes.count else { return 1 }
      let part = bytes[place + 4..<place + 2 + length]
      if marker == 0xE1, part.starts(with: start) { return orientation(tiff: part) }
      place += 2 + length
    }
    return 1
  }

  /// The turn of a PNG, in its chunk `eXIf`.
  static func orientation(png bytes: [UInt8]) -> Int {
    var place = 8
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - place - 12 else { return 1 }
      let kind = bytes[place + 4..<place + 8]
      if kind.elementsEqual("eXIf".utf8) { return orientation(tiff: bytes[place + 8..<place + 8 + length]) }
      place += 12 + length
    }
    return 1
  }

  /// The turn of a WebP, in its chunk `EXIF`.
  static func orientation(webP bytes: [UInt8]) -> Int {
    var place = 12
    while place + 8 <= bytes.count {
      let length = Int(bytes.littleEndian(at: place + 4) as UInt32)
      guard length <= bytes.count - place - 8 else { return 1 }
      let kind = bytes[place..<place + 4]
      if kind.elementsEqual("EXIF".utf8) { return orientation(tiff: bytes[place + 8..<place + 8 + length]) }
      place += 8 + length + length % 2
    }
    return 1
  }

  private static let start = Array("Exif".utf8) + [0, 0]

  /// The orientation in the first directory of a TIFF file, which is what Exif is.
  private static func orientation(tiff part: ArraySlice<UInt8>) -> Int {
    let bytes = Array(part.starts(with: start) ? part.dropFirst(start.count) : part)
    let isLittle = bytes.starts(with: [0x49, 0x49])
    guard isLittle || bytes.starts(with: [0x4D, 0x4D]) else { return 1 }
    func number(_ width: Int, at place: Int) -> Int? {
      guard place >= 0, place <= bytes.count - width else { return nil }
      let part = bytes[place..<place + width]
      return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(4, at: 4), let count = number(2, at: directory) else { return 1 }
    for entry in 0..<count {
      let place = directory + 2 + 12 * entry
      guard let tag = number(2, at: place), let kind = number(2, at: place + 2) else { return 1 }
      // A whole number of one, two or four bytes, whatever the standard says of it.
      let widths = [1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4]
      if tag == 0x0112, let value = number(widths[kind] ?? 2, at: place + 8) { return 1...8 ~= value ? value : 1 }
    }
    return 1
  }
}

extension GIF.Frame {
  /// The frame as it is to be seen when Exif notes `orientation`.
  func turned(_ orientation: Int) -> GIF.Frame { GIF.Frame(image: image.turned(orientation), delay: delay) }
}

extension RasterImage {
  /// The picture as it is to be seen when Exif notes `orientation`, 1 to 8: mirrored, turned by quarters, or both.
  func turned(_ orientation: Int) -> RasterImage {
    if orientation == 1 { return self }
    let isSideways = orientation >= 5
    let (newWidth, newHeight) = isSideways ? (height, width) : (width, height)
    let mirrorsX = [2, 3, 7, 8].contains(orientation)
    let mirrorsY = [3, 4, 6, 7].contains(orientation)
    var turned = [UInt8](repeating: 0, count: rgba.count)
    for y in 0..<newHeight {
      if Safepoint.mustStop(after: 8 * newWidth) { break }
      for x in 0..<newWidth {
        let (column, row) = isSideways ? (y, x) : (x, y)
        let place = 4 * ((mirrorsY ? height - 1 - row : row) * width + (mirrorsX ? width - 1 - column : column))
        for sample in 0..<4 { turned[4 * (y * newWidth + x) + sample] = rgba[place + sample] }
      }
    }
    return RasterImage(width: newWidth, height: newHeight, rgba: turned)
  }
}
