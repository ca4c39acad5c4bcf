import Formats
import Testing

/// What other files are told to be by how they begin: as Python's modules and pyarrow write them, and what nearly begins so.
@Suite struct ForeignFileTests {
  private func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
  }

  @Test(arguments: [
    ("a zip archive", "504b030414000000000061387e5df9efbe71010000000100"),
    ("a zip archive", "504b0506000000000000000000000000000000000000"),
    ("compressed with gzip", "1f8b08000000000002034b4c4a0600c241243503000000"),
    ("packed by bzip2", "425a6839314159265359648cbb7300000001003800200021"),
    ("packed by xz", "fd377a585a000004e6d6b4460200210116000000742fe5a3"),
    ("a pickle of Python", "80025d7100284b015801000000617101652e"),
    ("a pickle of Python", "80035d7100284b015801000000617101652e"),
    ("a pickle of Python", "8004950b000000000000005d94284b018c016194652e"),
    ("a pickle of Python", "8005950b000000000000005d94284b018c016194652e"),
    ("a text in UTF-16", "fffe61002c0062000a0031002c0032000a00"),
    ("a text in UTF-16", "61002c0062000a0031002c0032000a00"),
    ("a text in UTF-16", "0061002c0062000a0031002c0032000a"),
    ("a text in UTF-32", "fffe0000610000002c000000620000000a00000031000000"),
    ("a text in UTF-32", "610000002c000000620000000a000000310000002c000000"),
    ("a text in UTF-32", "000000610000002c000000620000000a000000310000002c"),
    ("a parquet file", "504152311504151015144c15021500120000081c01000000"),
    ("a file of Arrow", "4152524f57310000ffffffff780000001000000000000a00"),
    ("a stream of Arrow", "ffffffff780000001000000000000a000c00060005000800"),
    ("a page of HTML", "3c21444f43545950452068746d6c3e3c703e"),
    ("a page of HTML", "3c68746d6c206c616e673d656e3e"),
    ("a page of HTML", "0a20090d0a3c21646f63747970652048544d4c3e"),
    ("a page of HTML", "efbbbf3c48544d4c3e"),
    ("a Git LFS pointer", "76657273696f6e2068747470733a2f2f6769742d6c66732e6769746875622e636f6d2f737065632f76310a"),
    ("an empty file", ""),
    ("packed by 7-Zip", "377abcaf271c0004"),
    ("packed by RAR", "526172211a070078"),
    ("packed by LZ4", "04224d186440"),
    ("a document (PDF)", "255044462d312e340a"),
    ("a picture of Photoshop (PSD)", "384250530001"),
    ("a picture (AVIF)", "000000206674797061766966"),
    ("a picture (HEIC)", "000000186674797068656963"),
    ("a picture (JPEG XL)", "ff0afa"),
    ("a picture (JPEG XL)", "0000000c4a584c200d0a870a"),
    ("a video (MP4)", "000000206674797069736f6d"),
    (
      "an error message in XML",
      "3c3f786d6c2076657273696f6e3d22312e30223f3e3c4572726f723e3c436f64653e41636365737344656e696564"
    ),
    ("an error message in XML", "3c4572726f723e3c436f64653e"),
    ("a drawing (SVG)", "3c73766720786d6c6e733d"),
    ("a text of XML", "3c3f786d6c2076657273696f6e3d22312e30223f3e3c613e"),
    ("arrays of NumPy", "504b03041400000000000000000000000000000000000000000005000000612e6e7079"),
    ("an array of NumPy", "934e554d50590100"),
    ("a safetensors file", "28000000000000007b2261223a7b226474797065"),
    ("a table of ORC", "4f52430a061204080150000a120a020000120c0801120608021002180250"),
    ("a database (SQLite)", "53514c69746520666f726d6174203300"),
  ])
  func filesAreTold(kind: String, hex: String) throws {
    let told = try #require(ForeignFile(bytes(hex))).description
    #expect(told.hasPrefix(kind), "\(told)")
  }

  @Test(arguments: [
    "504b010261626364",
    "4944332c6e616d650a312c320a",
    "6162632c667479700a",
    "255044462c780a",
    "49492c780a",
    "384250532c780a",
    "53514c69746520666f726d617420332c780a",
    "3c6572726f72733e2c780a",
    "616263646674797069736f6d0a",
    "50",
    "504b",
    "1f",
    "425a",
    "612c620a312c320a",
    "504152",
    "4152524f57",
    "526172211a",
    "7b2261223a20317d",
    "3c21646f637479706520786d6c3e",
    "3c703e3c68746d6c3e",
    "76657273696f6e2068747470733a2f2f6578616d706c652e6f72672f",
    "286c70300a49310a612e",
    "5d71004b01612e",
    "80025d71004b0161",
    "80062e",
    "8002",
    "ffffffff100000",
    "ffffffff10000001",
    "fd377a585a",
    "3c68746d",
  ])
  func othersAreNot(hex: String) { #expect(ForeignFile(bytes(hex)).map(\.description) == nil) }
}
