import Foundation
import Formats
import Testing

struct SafetensorsTests {
  /// A file with the given header, its length in front, and `data` zero bytes after it.
  private func file(_ header: String, data: Int, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  private func error(_ bytes: [UInt8]) -> FormatError? {
    do {
      _ = try Safetensors(decoding: bytes, file: "x.safetensors")
      return nil
    } catch { return error }
  }

  @Test func readsAFileOfTheReferenceImplementation() throws {
    let file = try Safetensors(contentsOf: fixtures + "/tok/tok2d.safetensors")
    #expect(file.entries.count == 58)
    let palette = try file.entry("palette_rgb")
    #expect(palette.type == .u8 && palette.shape == [55, 3])
    #expect(try palette.uint8s().prefix(6) == [0, 0, 0, 252, 252, 252])
    let lab = try file.entry("palette_lab").doubles()
    #expect(lab.count == 165 && lab[0] == 0 && abs(lab[3] - 98.97) < 0.05)
    #expect(try file.entry("cap.4.raw").int32s() == [0, 0, 0, 0, 2, 0, 0, 0, 0])
  }

  @Test func keepsOrderMetadataAndEveryType() throws {
    var file = Safetensors(metadata: ["format": "pt", "a \"quoted\" key": "é\n"])
    try file.append("z", shape: [2, 2], floats: [1, -2.5, .infinity, 0x1p-149])
    try file.append("a/b", shape: [], int32s: [.min])
    try file.append("empty", shape: [0, 3], uint8s: [])
    try file.append("d", shape: [1], doubles: [.pi])
    try file.append("é\"", shape: [3], uint8s: [0, 7, 255])
    try file.append("half", .f16, shape: [2], bytes: [0x00, 0x3C, 0x00, 0xC0])
    try file.append("i64", .i64, shape: [1], bytes: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
    try file.append("i16", .i16, shape: [1], bytes: [0xFE, 0xFF])
    try file.append("i8", .i8, shape: [1], bytes: [0x80])
    try file.append("bool", .bool, shape: [2], bytes: [0, 1])
    let bytes = try file.encoded()
    #expect(try file.encoded() == bytes)
    let back = try Safetensors(decoding: bytes)
    #expect(back.metadata == file.metadata)
    #expect(back.entries.map(\.name) == ["z", "a/b", "empty", "d", "é\"", "half", "i64", "i16", "i8", "bool"])
    #expect(back.entries.map(\.shape) == file.entries.map(\.shape))
    #expect(back["z"]?.floats() == [1, -2.5, .infinity, 0x1p-149])
    #expect(try back["a/b"]?.int32s() == [.min])
    #expect(back["d"]?.doubles() == [.pi])
    #expect(try back["é\""]?.uint8s() == [0, 7, 255])
    #expect(back["half"]?.floats() == [1, -2])
    #expect(try back["i64"]?.int32s() == [-1] && back["i16"]?.int32s() == [-2])
    #expect(back["i8"]?.floats() == [-128] && back["bool"]?.doubles() == [0, 1])
    let length = bytes[0..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    #expect((8 + length) % 8 == 0)
  }

  /// The values are those of PyTorch, of complex numbers both parts.
  @Test func readsEveryTypeOfTheFormat() throws {
    var file = Safetensors()
    try file.append("e4m3", .f8E4M3, shape: [5], bytes: [0x38, 0xC4, 0x01, 0x7E, 0xFF])
    try file.append("e5m2", .f8E5M2, shape: [3], bytes: [0x3C, 0x01, 0xFC])
    try file.append("e8m0", .f8E8M0, shape: [3], bytes: [127, 0, 255])
    try file.append("fnuz", .f8E4M3FNUZ, shape: [3], bytes: [0x40, 0x01, 0x80])
    try file.append("fnuz2", .f8E5M2FNUZ, shape: [3], bytes: [0x40, 0x81, 0x80])
    try file.append("c64", .c64, shape: [1], bytes: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    try file.append("u16", .u16, shape: [1], bytes: [0xFF, 0xFF])
    try file.append("u32", .u32, shape: [1], bytes: [0xFF, 0xFF, 0xFF, 0xFF])
    try file.append("u64", .u64, shape: [1], bytes: [255, 255, 255, 255, 255, 255, 255, 255])
    try file.append("f4", .f4, shape: [4], bytes: [0, 0])
    let back = try Safetensors(decoding: file.encoded(), file: "x")
    let e4m3 = try back.entry("e4m3").floats()
    #expect(e4m3.prefix(4) == [1, -3, 0x1p-9, 448] && e4m3[4].isNaN)
    #expect(try back.entry("e5m2").floats() == [1, 0x1p-16, -.infinity])
    #expect(try back.entry("e8m0").floats().prefix(2) == [1, 0x1p-127] && back.entry("e8m0").floats()[2].isNaN)
    #expect(try back.entry("fnuz").floats().prefix(2) == [1, 0x1p-10] && back.entry("fnuz").floats()[2].isNaN)
    #expect(try back.entry("fnuz2").floats().prefix(2) == [1, -0x1p-17] && back.entry("fnuz2").floats()[2].isNaN)
    #expect(try back.entry("c64").floats() == [1, -2] && back.entry("c64").count == 1)
    #expect(try back.entry("u16").int32s() == [65_535] && back.entry("u32").int64s() == [4_294_967_295])
    #expect(try back.entry("u64").doubles() == [0x1p64] && back.entry("f4").count == 4)
    #expect(throws: FormatError(.unsupported, in: "x", "array \"u64\" holds 18446744073709551615, which is no Int64")) {
      try back.entry("u64").int64s()
    }
  }

  @Test func roundsToBFloat16AsPyTorchDoes() throws {
    var file = Safetensors()
    // 1 + 2^-8 is half way between two BF16 values: ties go to the even one.
    try file.append("x", shape: [5], bfloats: [1 + 0x1p-8, 1 + 0x3p-8, 3.14159, -.infinity, .nan])
    let back = try #require(try Safetensors(decoding: file.encoded())["x"]).floats()
    #expect(back.prefix(4) == [1, 1 + 0x1p-6, 3.140625, -.infinity] && back[4].isNaN)
  }

  @Test func accessorsRefuseWhatDoesNotFit() throws {
    var file = Safetensors(file: "w.safetensors")
    try file.append("w", shape: [1], floats: [1])
    try file.append("big", shape: [1], int32s: [256])
    #expect(throws: FormatError(.unsupported, in: "w.safetensors", #"array "w" holds F32, not integers"#)) {
      try file.entry("w").int32s()
    }
    #expect(throws: FormatError(.unsupported, in: "w.safetensors", #"array "big" holds 256, which is no UInt8"#)) {
      try file.entry("big").uint8s()
    }
    #expect(throws: FormatError(.malformed, in: "w.safetensors", #"has no array "v""#)) { try file.entry("v") }
    #expect(throws: FormatError.self) { try file.append("w", shape: [1], floats: [1]) }
    #expect(throws: FormatError.self) { try file.append("n", shape: [2], floats: [1]) }
    #expect(throws: FormatError.self) { try file.append("n", shape: [-1, -1], floats: [1]) }
    #expect(throws: FormatError.self) { try file.append("__metadata__", shape: [1], floats: [1]) }
  }

  @Test(arguments: [
    (
      #"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4,
      #"the header is wrong: array "a", shape: expected a list of whole numbers, found numbers with a point or an exponent"#
    ),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, #"array "a": F32 [2] needs 8 bytes, but it has 4"#),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, #"4 bytes after "a" belong to no array"#),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3,
      #"array "a" ends at byte 4 of the data, but only 3 bytes follow the header"#
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
      #"4 bytes between the header and "a" belong to none"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#, 6,
      #"array "b" overlaps "a""#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2,
      #"the name "a" is given twice"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}"#,
      1, #"the name "a" is given twice"#
    ),
    (
      #"{"a":{"dtype":"Q4","shape":[1],"data_offsets":[0,1]}}"#, 1,
      #"array "a" has the type Q4; expected F64, F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, C64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, 1,
      #"array "a" has the offsets [1, 0]; expected [begin, end]"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}"#, 1,
      #"array "a" has the offsets [0]; expected [begin, end]"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}"#, 1,
      #"array "a" has the offsets [0, 1, 1]; expected [begin, end]"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}"#, 1,
      #"array "a" has the offsets [-1, 0]; expected [begin, end]"#
    ),
    (
      #"{"a":{"dtype":"F8_E9M9","shape":[1],"data_offsets":[0,1]}}"#, 1,
      #"array "a" has the type F8_E9M9; expected F64, F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, C64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}"#, 4,
      #"2 bytes between "a" and "b" belong to none"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 2,
      #"array "b" overlaps "a""#
    ),
    (
      #"{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,8]}}"#, 8,
      #"array "a": its shape [9223372036854775807] is beyond what a file can hold"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[0,9223372036854775807,4],"data_offsets":[0,1]}}"#, 1,
      #"array "a": U8 [0, 9223372036854775807, 4] needs 0 bytes, but it has 1"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,1]}}"#, 1,
      #"array "a": its shape [4611686018427387904, 4] is beyond what a file can hold"#
    ),
    (
      #"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1,
      #"array "a": its shape [-1] has the size -1; sizes are whole numbers from 0 on"#
    ),
    (#"["a"]"#, 0, "the header does not start with {"),
    (
      #"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, 1, #"the header is wrong: array "a": "shape" is missing"#
    ),
  ])
  func namesWhatIsWrong(header: String, data: Int, message: String) {
    #expect(error(file(header, data: data))?.message == message)
  }

  @Test(arguments: [
    #"{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}"#,
    #"{"a":{"dtype":"U8","shape":[1e30],"data_offsets":[0,1]}}"#,
    #"{"a":{"dtype":"U8","shape":[true],"data_offsets":[0,1]}}"#,
    #"{"a":{"dtype":1,"shape":[1],"data_offsets":[0,1]}}"#,
    #"{"a":7}"#, #"{"__metadata__":{"k":1}}"#, #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#, "{}x",
    #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,99999999999999999999]}}"#,
  ])
  func refusesWrongHeaders(header: String) {
    #expect(error(file(header, data: 1))?.message.hasPrefix("the header is wrong: ") == true)
  }

  @Test func refusesDeepNesting() {
    let deep = String(repeating: #"{"a":"#, count: 5000)
    #expect(error(file(deep, data: 0))?.message.hasPrefix("the header is wrong: ") == true)
  }

  @Test func refusesLyingLengths() {
    #expect(error([])?.message == "is not a safetensors file; it is an empty file")
    #expect(error(file("{}", data: 0, length: .max))?.message.contains("at most 100000000 are read") == true)
    #expect(error(file("{}", data: 0, length: 3))?.message.contains("but only 2 bytes follow") == true)
    #expect(error(file("{}", data: 0)) == nil)
    #expect(error(file("{}   ", data: 0)) == nil)
  }

  @Test func truncatedOrDamagedFilesThrowOrDecode() throws {
    var file = Safetensors(metadata: ["k": "v"])
    try file.append("first", shape: [2, 3], floats: [1, 2, 3, 4, 5, 6])
    try file.append("second", shape: [4], uint8s: [1, 2, 3, 4])
    let bytes = try file.encoded()
    for length in 0..<bytes.count { #expect(error(Array(bytes[..<length])) != nil) }
    var generator = SeededGenerator(state: 1)
    for place in bytes.indices {
      for _ in 0..<4 {
        var damaged = bytes
        damaged[place] ^= UInt8.random(in: 1...255, using: &generator)
        guard let read = try? Safetensors(decoding: damaged) else { continue }
        #expect(read.entries.reduce(0) { $0 + $1.floats().count } >= 0)
        #expect(read.entries.reduce(0) { $0 + $1.bytes.count } == 28)
      }
    }
  }
}
