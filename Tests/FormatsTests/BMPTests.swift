import Formats
import Testing

/// Every kind of BMP, written here by the layout of Windows' documentation from a picture of five by three pixels.
struct BMPTests {
  private static let (width, height) = (5, 3)
  private static let colors: [[UInt8]] = (0..<UInt8(16)).map { [$0 * 16, 255 - $0, $0 * 3 + 100] }

  private static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// A file with a header of `size` bytes; masks stand in it where it has room, else behind it.
  private static func file(
    _ size: Int, depth: Int, compression: Int = 0, isTopDown: Bool = false, masks: [Int] = [], table: [[UInt8]] = [],
    stated: Int = 0, _ pixels: [UInt8]
  ) -> [UInt8] {
    var header = bytes(size, 4)
    let side = size == 12 ? 2 : 4
    header += bytes(width, side) + bytes(isTopDown ? -height : height, side) + bytes(1, 2) + bytes(depth, 2)
    if size > 12 {
      header += [compression, pixels.count, 0, 0, stated, 0].flatMap { bytes($0, 4) }
      header += masks.flatMap { bytes($0, 4) }
      header += [UInt8](repeating: 0, count: max(0, size - header.count))
    }
    header += table.flatMap { [$0[2], $0[1], $0[0]] + (size == 12 ? [] : [7]) }
    let start = 14 + header.count
    return [0x42, 0x4D] + bytes(start + pixels.count, 4) + bytes(0, 4) + bytes(start, 4) + header + pixels
  }

  /// Rows of numbers of `depth` bits, each filled up to four bytes.
  private static func rows(_ depth: Int, isTopDown: Bool, _ value: (Int, Int) -> Int) -> [UInt8] {
    (0..<height).flatMap { line -> [UInt8] in
      let y = isTopDown ? line : height - 1 - line
      var row = [UInt8](repeating: 0, count: (width * depth + 31) / 32 * 4)
      for x in 0..<width {
        let number = value(x, y)
        if depth >= 8 {
          for byte in 0..<depth / 8 { row[x * depth / 8 + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
        } else {
          row[x * depth / 8] |= UInt8(number << (8 - depth - x * depth % 8))
        }
      }
      return row
    }
  }

  private static func index(_ x: Int, _ y: Int, _ count: Int) -> Int { (x + 2 * y + x * y) % count }

  private func expect(_ file: [UInt8], _ pixel: (Int, Int) -> [UInt8], _ comment: String = "") throws {
    let image = try RasterImage.decode(file)
    #expect(image.width == Self.width && image.height == Self.height)
    let expected = (0..<Self.height).flatMap { y in (0..<Self.width).flatMap { pixel($0, y) } }
    #expect(image.rgba == expected, "\(comment)")
  }

  @Test(arguments: [1, 2, 4, 8], [(12, false), (40, false), (40, true), (108, false), (124, true)])
  func palettes(depth: Int, kind: (size: Int, isTopDown: Bool)) throws {
    let count = min(1 << depth, 16)
    let rows = Self.rows(depth, isTopDown: kind.isTopDown) { Self.index($0, $1, count) }
    let pixel = { (x: Int, y: Int) in Self.colors[Self.index(x, y, count)] + [255] }
    let whole = Array(Self.colors[..<count]) + [[UInt8]](repeating: [1, 2, 3], count: (1 << depth) - count)
    try expect(Self.file(kind.size, depth: depth, isTopDown: kind.isTopDown, table: whole, rows), pixel)
    guard kind.size > 12 else { return }
    let stated = Self.file(
      kind.size, depth: depth, isTopDown: kind.isTopDown, table: Array(whole[..<count]), stated: count, rows)
    try expect(stated, pixel, "\(count) colors stated")
  }

  @Test(arguments: [12, 40, 124], [false, true]) func samples(size: Int, isTopDown: Bool) throws {
    if size == 12, isTopDown { return }
    let rows = Self.rows(24, isTopDown: isTopDown) { 20 * $0 << 16 | 30 * $1 << 8 | 7 + $0 }
    try expect(Self.file(size, depth: 24, isTopDown: isTopDown, rows)) {
      [UInt8(20 * $0), UInt8(30 * $1), UInt8(7 + $0), 255]
    }
    guard size > 12 else { return }
    // The fourth byte of 32 bits without masks says nothing.
    let wide = Self.rows(32, isTopDown: isTopDown) { 9 << 24 | 20 * $0 << 16 | 30 * $1 << 8 | 7 + $0 }
    try expect(Self.file(size, depth: 32, isTopDown: isTopDown, wide)) {
      [UInt8(20 * $0), UInt8(30 * $1), UInt8(7 + $0), 255]
    }
    let small = Self.rows(16, isTopDown: isTopDown) { (7 * $0) << 10 | (15 * $1) << 5 | 31 - $0 }
    try expect(Self.file(size, depth: 16, isTopDown: isTopDown, small)) {
      [7 * $0, 15 * $1, 31 - $0].map { UInt8($0 * 255 / 31) } + [255]
    }
  }

  /// Masks behind a header of 40 bytes or inside a longer one, with and without one for alpha.
  @Test func masks() throws {
    let small = Self.rows(16, isTopDown: false) { (7 * $0) << 11 | (31 * $1) << 5 | 31 - $0 }
    let smallMasks = [0xF800, 0x7E0, 0x1F]
    for (size, masks) in [(40, smallMasks), (52, smallMasks), (56, smallMasks + [0]), (108, smallMasks + [0])] {
      try expect(
        Self.file(size, depth: 16, compression: 3, masks: masks, small),
        { [UInt8(7 * $0 * 255 / 31), UInt8(31 * $1 * 255 / 63), UInt8((31 - $0) * 255 / 31), 255] }, "\(size)")
    }
    let wide = Self.rows(32, isTopDown: true) { 20 * $0 << 24 | 30 * $1 << 16 | (7 + $0) << 8 | 100 + $1 }
    let wideMasks = [0xFF00_0000, 0xFF_0000, 0xFF00, 0xFF]
    for (size, compression) in [(40, 6), (56, 3), (108, 3), (124, 6)] {
      try expect(
        Self.file(size, depth: 32, compression: compression, isTopDown: true, masks: wideMasks, wide),
        { [UInt8(20 * $0), UInt8(30 * $1), UInt8(7 + $0), UInt8(100 + $1)] }, "\(size), \(compression)")
    }
    // Fewer bits are spread over all 255 steps.
    let ten = Self.rows(32, isTopDown: false) { $0 * 255 << 20 | $1 * 511 << 10 | 1023 }
    try expect(
      Self.file(40, depth: 32, compression: 3, masks: [0x3FF << 20, 0x3FF << 10, 0x3FF], ten),
      { [UInt8($0 * 255 * 255 / 1023), UInt8($1 * 511 * 255 / 1023), 255, 255] })
  }

  /// Runs, ends of rows, numbers as they are (odd and even ones, filled up to two bytes), and places that are passed over,
  /// which have the first color.
  @Test(arguments: [8, 4]) func runs(depth: Int) throws {
    let isWide = depth == 8
    /// Numbers as they are.
    func plain(_ numbers: [Int]) -> [UInt8] {
      let packed =
        isWide
        ? numbers.map { UInt8($0) }
        : stride(from: 0, to: numbers.count, by: 2).map {
          UInt8(numbers[$0] << 4 | ($0 + 1 < numbers.count ? numbers[$0 + 1] : 0))
        }
      return [0, UInt8(numbers.count)] + packed + (packed.count % 2 == 0 ? [] : [0])
    }
    /// The same number over and over.
    func run(_ count: Int, _ number: Int) -> [UInt8] { [UInt8(count), UInt8(isWide ? number : number << 4 | number)] }
    let (row, move, end): ([UInt8], [UInt8], [UInt8]) = ([0, 0], [0, 2], [0, 1])
    func check(_ pixels: [UInt8], _ lines: [[Int]]) throws {
      for isTopDown in [false, true] {
        let file = Self.file(
          40, depth: depth, compression: isWide ? 1 : 2, isTopDown: isTopDown, table: Self.colors, stated: 16, pixels)
        try expect(file, { Self.colors[lines[isTopDown ? $1 : Self.height - 1 - $1][$0]] + [255] }, "\(pixels)")
      }
    }
    try check(
      run(5, 3) + row + plain([1, 2, 3, 4, 5]) + row + run(2, 9) + plain([7, 8, 6]) + end,
      [[3, 3, 3, 3, 3], [1, 2, 3, 4, 5], [9, 9, 7, 8, 6]])
    try check(
      plain([1, 2, 3, 4]) + run(1, 5) + row + plain([4, 5, 6]) + run(1, 7) + run(1, 8) + end,
      [[1, 2, 3, 4, 5], [4, 5, 6, 7, 8], [0, 0, 0, 0, 0]])
    try check(
      run(1, 4) + move + [2, 1] + run(1, 6) + move + [1, 0] + row + row + end,
      [[4, 0, 0, 0, 0], [0, 0, 0, 6, 0], [0, 0, 0, 0, 0]])
    try check(
      move + [1, 2] + run(2, 7) + move + [1, 0] + run(1, 8) + end,
      [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 7, 7, 0, 8]])
    // Rows filled up to four bytes, as ImageMagick writes them, in runs and as numbers; what goes beyond is an error.
    for filled in 5...8 {
      try check(
        run(filled, 3) + row + plain((1...filled).map { $0 }) + row + plain([1, 2, 3]) + run(filled - 3, 9) + row + end,
        [[3, 3, 3, 3, 3], [1, 2, 3, 4, 5], [1, 2, 3, 9, 9]])
    }
    for beyond in [run(9, 3), run(8, 3) + run(1, 3), plain((1...9).map { $0 }), row + row + row + run(1, 3)] {
      let file = Self.file(40, depth: depth, compression: isWide ? 1 : 2, table: Self.colors, stated: 16, beyond + end)
      #expect(throws: FormatError.self) { try RasterImage.decode(file) }
      #expect(try RasterImage.decode(file, keepsDamaged: true).width == Self.width)
    }
    if !isWide {
      try check([5, 0x12] + row + [4, 0x34] + end, [[1, 2, 1, 2, 1], [3, 4, 3, 4, 0], [0, 0, 0, 0, 0]])
    }
  }
}
