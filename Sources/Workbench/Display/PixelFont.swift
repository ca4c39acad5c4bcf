/// A font of five by seven pixels for the characters of ASCII; others are drawn as boxes.
enum PixelFont {
  static let width = 5
  static let height = 7
  /// The distance of two characters.
  static let advance = 6

  /// The rows of a character from the top, the leftmost pixel in the highest of five bits.
  static func rows(of character: Character) -> [UInt8] {
    guard let code = character.asciiValue, (32..<127).contains(code) else { return box }
    let start = Int(code - 32) * height
    return glyphs[start..<start + height].map { $0 }
  }

  private static let box: [UInt8] = [31, 17, 17, 17, 17, 17, 31]

  /// Two hexadecimal digits a row, seven rows a character, from the space on.
  private static let glyphs: [UInt8] = digits.utf8.split(separator: UInt8(ascii: "\n")).flatMap { line in
    stride(from: 0, to: line.count, by: 2).map { place in
      let start = line.index(line.startIndex, offsetBy: place)
      return UInt8(String(decoding: line[start..<line.index(start, offsetBy: 2)], as: UTF8.self), radix: 16) ?? 0
    }
  }

  private static let digits = """
    00000000000000
    04040404040004
    0A0A0000000000
    0A0A1F0A1F0A0A
    040F140E051E04
    18190204081303
    0C12140815120D
    04040000000000
    02040808080402
    08040202020408
    0004150E150400
    0004041F040400
    00000000040408
    0000001F000000
    00000000000004
    01010204081010
    0E11131519110E
    040C040404040E
    0E11010204081F
    1F02040201110E
    02060A121F0202
    1F101E0101110E
    0608101E11110E
    1F010204080808
    0E11110E11110E
    0E11110F01020C
    00040000000400
    00040000040408
    02040810080402
    00001F001F0000
    08040201020408
    0E110102040004
    0E11171517100E
    0E11111F111111
    1E11111E11111E
    0E11101010110E
    1C12111111121C
    1F10101E10101F
    1F10101E101010
    0E11101713110F
    1111111F111111
    0E04040404040E
    0702020202120C
    11121418141211
    1010101010101F
    111B1515111111
    11191513111111
    0E11111111110E
    1E11111E101010
    0E11111115120D
    1E11111E141211
    0F10100E01011E
    1F040404040404
    1111111111110E
    11111111110A04
    1111111515150A
    11110A040A1111
    1111110A040404
    1F01020408101F
    0E08080808080E
    10100804020101
    0E02020202020E
    040A1100000000
    0000000000001F
    08040200000000
    00000E010F110F
    1010161911111E
    00000E1010110E
    01010D1311110F
    00000E111F100E
    0609081C080808
    00000F110F010E
    10101619111111
    04000C0404040E
    0200060202120C
    10101214181412
    0C04040404040E
    00001A15151111
    00001619111111
    00000E1111110E
    00001E111E1010
    00000D130F0101
    00001619101010
    00000E100E011E
    08081C08080906
    0000111111130D
    00001111110A04
    0000111115150A
    0000110A040A11
    000011110F010E
    00001F0204081F
    02040408040402
    04040404040404
    08040402040408
    00000815020000
    """
}
