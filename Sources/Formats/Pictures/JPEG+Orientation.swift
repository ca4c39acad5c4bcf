import Safepoint

extension JPEG {
  /// How a picture is to be turned, as the camera noted it in the Exif part of the file: 1 to 8, and 1 when it is not noted.
  static func orientation(_ bytes: [UInt8]) -> Int {
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
      if marker == 0xE1, part.starts(with: Array("Exif".utf8) + [0, 0]) {
        return orientation(tiff: Array(part.dropFirst(6)))
      }
      place += 2 + length
    }
    return 1
  }

  /// The orientation in the first directory of a TIFF file, which is what Exif is.
  private static func orientation(tiff bytes: [UInt8]) -> Int {
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
      guard let tag = number(2, at: place), let value = number(2, at: place + 8) else { return 1 }
      if tag == 0x0112 { return 1...8 ~= value ? value : 1 }
    }
    return 1
  }
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
