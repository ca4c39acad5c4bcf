import Foundation
import Testing

/// Text files that are not UTF-8: the error names the encoding, and the call that it shows reads the file.
@Suite struct EncodingTests {
  @Test(arguments: [
    ("latin-1", [0x63, 0x61, 0x66, 0xE9] as [UInt8], "café"), ("cp1252", [0x80, 0x20, 0x93, 0xFC], "€ “ü"),
    ("utf-16", [0xFF, 0xFE, 0x61, 0, 0x3D, 0xD8, 0, 0xDE], "a😀"), ("utf-16", [0xFE, 0xFF, 0, 0x61, 0x26, 0x3A], "a☺"),
    ("utf-16", [0x61, 0, 0xE9, 0, 0x61, 0, 0x62, 0], "aéab"),
  ])
  func errorsShowTheCallThatReads(_ encoding: String, _ bytes: [UInt8], _ text: String) throws {
    let session = TestSession()
    let name = "encoding-\(encoding)-\(bytes.count)-\(bytes[0])"
    let isWide = encoding == "utf-16"
    func wide(_ letter: String) -> [UInt8] {
      let low = Array(letter.utf8)
      return isWide ? low.flatMap { bytes[0] == 0xFE ? [0, $0] : [$0, 0] } : low
    }
    let mark = isWide && bytes[0] >= 0xFE ? Array(bytes.prefix(2)) : []
    let file = mark + wide("x,y\n") + bytes.dropFirst(mark.count) + wide(",1\n")
    try Data(file).write(to: URL(filePath: "\(TestSession.folder)/\(name).csv"))
    for (command, shown) in [("read_table", "print CALL.x[0]"), ("read_text", "print CALL.split(\"\\n\")[1]")] {
      let refused = session.shown("x = \(command)(\"\(name).csv\")")
      let call = "\(command)(\"\(name).csv\", encoding: \"\(encoding)\")"
      #expect(refused.contains("it may be \(encoding): `\(call)` reads it"), "\(refused)")
      let read = session.run(shown.replacingOccurrences(of: "CALL", with: call))
      #expect(read == (command == "read_table" ? "\(text)\n" : "\(text),1\n"), "\(read)")
    }
  }

  @Test func otherReadersSayHowAFileBecomesUTF8() throws {
    let session = TestSession()
    try Data(Array("f83800 ; caf".utf8) + [0xE9, 0x0A]).write(to: URL(filePath: "\(TestSession.folder)/encoded.hex"))
    let call = "load_palette(\"encoded.hex\")"
    let refused = session.shown(call)
    let help = try #require(refused.split(separator: "`").first { $0.hasPrefix("write_text(") }, "\(refused)")
    #expect(session.run(String(help)) == "")
    #expect(session.run("print \(call).colors") == "[\"f83800\"]\n")
  }

  /// A file that is no text as a whole is never to be written as one.
  @Test func filesThatAreNoTextsKeepTheirBytes() throws {
    let session = TestSession()
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(filePath: "\(TestSession.folder)/\(name)"))
    }
    let header = Array(
      #"{"\u{E4}":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.unicodeScalars.map { UInt8($0.value) })
    try write("binary.safetensors", [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + [0, 0, 0, 0])
    try write("binary.pal", [0x80, 0, 1, 0xFF, 0xE9])
    try write("binary.aseprite", [0xFF, 0x0A, 0xFA, 0x1F, 0x80, 0xE9])
    try write("binary.txt", [0x63, 0xE9, 0, 1, 2])
    for call in [
      "load_tensors(\"binary.safetensors\")", "load_palette(\"binary.pal\")", "load_palette(\"binary.aseprite\")",
      "read_text(\"binary.txt\")",
    ] {
      let refused = session.shown(call)
      #expect(refused.contains("error[") && !refused.contains("encoding:"), "\(refused)")
    }
  }

  /// What is packed is read with the encoding, too.
  @Test func packedTextsAreReadWithTheirEncoding() throws {
    let session = TestSession()
    _ = session.run("write_text \"plain.jsonl\", \"{\\\"a\\\": 1}\"")
    let packed: [UInt8] = [
      31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 84, 178, 82, 122, 169, 84, 203, 5, 0, 154, 30, 93, 241, 10, 0, 0, 0,
    ]
    try Data(packed).write(to: URL(filePath: "\(TestSession.folder)/packed.jsonl.gz"))
    let call = "read_table(\"packed.jsonl.gz\")"
    let refused = session.shown(call)
    let help = try #require(refused.split(separator: "`").first { $0.hasPrefix("read_table(") }, "\(refused)")
    #expect(help.contains("encoding: \"latin-1\"") && !refused.contains("write_text("), "\(refused)")
    #expect(session.run("print \(help).a[0]") == "é\n")
  }

  /// Texts of parquet are UTF-8: an error names the column and the row, and the other columns are read.
  @Test func parquetIsReadWithoutAColumn() throws {
    let session = TestSession()
    let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "FormatsTests/Fixtures/parquet/texts.parquet")
    try Data(contentsOf: fixture).write(to: URL(filePath: "\(TestSession.folder)/texts.parquet"))
    let refused = session.shown("read_table(\"texts.parquet\")")
    #expect(refused.contains("column \"text\": row 2: a text is not UTF-8") && !refused.contains("write_text"))
    let columns = try #require(refused.split(separator: "`").first { $0.hasPrefix("columns:") }, "\(refused)")
    #expect(session.run("print len(read_table(\"texts.parquet\", \(columns)))") == "4\n")
    _ = session.run("d = load_dataset(\"texts.parquet\", image: nil, caption: \"text\")")
    let row = session.shown("d[3]")
    #expect(row.contains("row 2") && row.contains("`columns:`") && !row.contains("write_text"), "\(row)")
    for command in ["read_table(\"texts.parquet\"", "load_dataset(\"texts.parquet\", image: nil, caption: \"text\""] {
      #expect(session.shown(command + ", encoding: \"latin-1\")").contains("UTF-8"))
    }
  }

  @Test func captionsBesidePicturesNameTheEncoding() throws {
    let session = TestSession()
    let folder = "\(TestSession.folder)/encoded-captions"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data([0xE9, 0x74, 0xE9]).write(to: URL(filePath: "\(folder)/a.txt"))
    let refused = session.shown("load_dataset(\"encoded-captions\", image: nil)[0]")
    #expect(refused.contains("it may be latin-1, which `encoding: \"latin-1\"` of `load_dataset` reads"), "\(refused)")
    #expect(
      session.run("print load_dataset(\"encoded-captions\", image: nil, encoding: \"latin-1\")[0].caption") == "été\n")
  }

  @Test func dataSetsAreOpenedInOtherEncodings() throws {
    let session = TestSession()
    let folder = "\(TestSession.folder)/encoded-data"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(Array("caption\ncaf".utf8) + [0xE9, 0x0A]).write(to: URL(filePath: "\(folder)/metadata.csv"))
    let call = "load_dataset(\"encoded-data/metadata.csv\", image: nil"
    #expect(session.shown(call + ")").contains("it may be latin-1, which `encoding: \"latin-1\"` reads"))
    #expect(session.run("print \(call), encoding: \"latin-1\")[0].caption") == "café\n")
    try Data("{\"caption\": \"é\"}\n".data(using: .utf16) ?? Data()).write(to: URL(filePath: "\(folder)/x.jsonl"))
    let lines = "load_dataset(\"encoded-data/x.jsonl\", image: nil, encoding: \"utf-16\")"
    #expect(session.run("print \(lines)[0].caption") == "é\n")
  }

  /// What reads a text tells how one of another encoding is read, whatever that is.
  @Test(arguments: [
    ("read_table(PATH)", "csv", "a,b\n1,été\n2,x\n"), ("read_table(PATH)", "tsv", "a\tb\n1\tété\n2\tx\n"),
    ("read_table(PATH)", "jsonl", "{\"a\": \"été\"}\n{\"a\": \"x\"}\n"),
    ("read_table(PATH)", "json", "[{\"a\": \"été\"}, {\"a\": \"x\"}]"),
    ("read_json(PATH)", "json", "[\"été\", \"x y z\"]"), ("read_text(PATH)", "txt", "été, a text of some length\n"),
    ("load_dataset(PATH, image: nil)", "csv", "caption\nété\nx y z\n"),
    ("load_dataset(PATH, image: nil)", "jsonl", "{\"caption\": \"été\"}\n"),
    ("load_dataset(PATH, image: nil)", "json", "[{\"caption\": \"été\"}]"),
    ("check(PATH, image: nil)", "csv", "caption\nété\nx y z\n"),
    ("load_palette(PATH)", "gpl", "GIMP Palette\nName: été\n1 2 3 x\n"),
  ])
  func everyReaderTellsTheEncoding(call: String, ending: String, text: String) throws {
    let session = TestSession()
    let encodings: [(String.Encoding, String)] = [
      (.utf16, "utf-16"), (.utf16LittleEndian, "utf-16"), (.utf16BigEndian, "utf-16"), (.utf32, "utf-32"),
      (.utf32LittleEndian, "utf-32"), (.utf32BigEndian, "utf-32"), (.isoLatin1, "latin-1"),
    ]
    for (number, (encoding, name)) in encodings.enumerated() {
      let file = "told-\(UUID().uuidString)-\(number).\(ending)"
      try (text.data(using: encoding) ?? Data()).write(to: URL(filePath: "\(TestSession.folder)/\(file)"))
      let shown = session.shown(call.replacing("PATH", with: "\"\(file)\""))
      // The words of a palette beside its numbers may be of any encoding.
      if ending == "gpl", name == "latin-1" { continue }
      #expect(shown.contains("encoding: \"\(name)\""), "\(call) \(name): \(shown)")
    }
  }

  /// Each order of bytes, with its mark and without, under each name that stands for it.
  @Test func theOrderOfBytesIsFound() throws {
    let session = TestSession()
    let texts = ["a,b\n1,é\n", "name,名前\n犬,猫😀\n", "x\n"]
    let big: [(String.Encoding, [UInt8], String, [String])] = [
      (.utf16LittleEndian, [0xFF, 0xFE], "utf-16-be", ["utf-16", "UTF-16LE", "utf_16_le", "Utf-16-Le"]),
      (.utf16BigEndian, [0xFE, 0xFF], "utf-16-le", ["utf-16", "u16", "UTF-16BE", "utf_16_be"]),
      (.utf32LittleEndian, [0xFF, 0xFE, 0, 0], "utf-32-be", ["utf-32", "UTF-32LE"]),
      (.utf32BigEndian, [0, 0, 0xFE, 0xFF], "utf-32-le", ["utf-32", "utf32", "utf-32-be"]),
    ]
    for (encoding, mark, other, names) in big {
      for (number, text) in texts.enumerated() {
        for mark in [[], mark] {
          let file = "order-\(other)-\(number)-\(mark.count).txt"
          try Data(mark + [UInt8](text.data(using: encoding) ?? Data())).write(
            to: URL(filePath: "\(TestSession.folder)/\(file)"))
          for name in names {
            #expect(
              session.run("print read_text(\"\(file)\", encoding: \"\(name)\")") == text + "\n", "\(file) \(name)")
          }
          if !mark.isEmpty {
            #expect(session.shown("read_text(\"\(file)\", encoding: \"\(other)\")").contains("is not UTF-"), "\(file)")
          }
        }
      }
    }
    try Data([0xEF, 0xBB, 0xBF, 0x61]).write(to: URL(filePath: "\(TestSession.folder)/marked.txt"))
    #expect(session.run("print len(read_text(\"marked.txt\", encoding: \"utf-8-sig\"))") == "1\n")
    #expect(session.shown("read_text(\"marked.txt\", encoding: \"utf-17\")").contains("\"utf-16-be\""))
  }

  @Test func halfCharactersAreRefused() throws {
    let session = TestSession()
    for (name, bytes) in [("odd", [0x61, 0, 0x62]), ("half", [0x61, 0, 0, 0xD8]), ("second", [0, 0xDC, 0x61, 0])]
      as [(String, [UInt8])]
    {
      try Data(bytes).write(to: URL(filePath: "\(TestSession.folder)/utf16-\(name).txt"))
      #expect(session.run("read_text(\"utf16-\(name).txt\", encoding: \"utf-16\")").contains("is not UTF-16"))
    }
  }

  /// Columns of numbers in a form other than that in which they are read: the note says which options read them, and they do.
  @Test(
    arguments: [
      ("n;m\n1,5;a\n2,25;b\n", "", ["decimal: \",\""]),
      ("n;m\n1.234,5;a\n2,25;b\n", "", ["decimal: \",\", thousands: \".\""]),
      ("n;m\n1,5;a\n1.234,5;b\n", ", decimal: \",\"", ["decimal: \",\", thousands: \".\""]),
      ("n;m\n1,000;a\n2,500;b\n", "", ["thousands: \",\"", "decimal: \",\""]),
      ("n,m\n\"1,000\",a\n\"2,500\",b\n", "", ["thousands: \",\"", "decimal: \",\""]),
      ("n;m\n1,234.5;a\n2;b\n", ", decimal: \",\"", ["thousands: \",\""]),
      ("n;m\n1 234;a\n2;b\n", "", ["thousands: \" \""]),
      ("n;m\n1\u{202F}234;a\n2;b\n", "", ["thousands: \" \""]),
      ("n;m\n1\u{A0}234,5;a\n", "", ["decimal: \",\", thousands: \" \""]),
      ("n;m\n1\u{2009}234;a\n2;b\n", ", thousands: \"'\"", ["thousands: \" \""]),
      ("n;m\n1\u{2019}234.5;a\n2;b\n", "", ["thousands: \"'\""]),
      ("n;m\n1'234.5;a\nNA;b\n", "", ["thousands: \"'\""]), ("n;m\n1.5;a\n2;b\n", ", decimal: \",\"", [""]),
      ("n;m\n1.234;a\n1.000;b\n", ", decimal: \",\"", ["", "decimal: \",\", thousands: \".\""]),
      ("n;m\n1,5;a\nx;b\n2,5;c\n", "", []), ("n;m\nNA;a\n;b\n", "", []),
    ] as [(String, String, [String])])
  func numbersInOtherFormsAreNoticed(text: String, options: String, advice: [String]) throws {
    let session = TestSession()
    // Cases run beside each other.
    let name = "forms-\(UUID().uuidString).csv"
    try Data(text.utf8).write(to: URL(filePath: "\(TestSession.folder)/\(name)"))
    _ = session.run("t = read_table(\"\(name)\"\(options))")
    let calls = advice.map { "`read_table(\"\(name)\"\($0.isEmpty ? "" : ", " + $0))`" }
    let notes = session.notices.filter { $0.contains("reads numbers") }
    #expect(notes.isEmpty == advice.isEmpty, "\(session.notices)")
    if !advice.isEmpty {
      #expect(notes.allSatisfy { $0.hasSuffix("; " + calls.joined(separator: " or ") + " reads numbers") }, "\(notes)")
    }
    #expect(session.notices.allSatisfy { !$0.contains("missing:") || advice.isEmpty }, "\(session.notices)")
    for call in calls {
      #expect(session.run("print type(\(call.dropFirst().dropLast()).n[0])").contains("number"), "\(call)")
    }
  }

  @Test func decimalCommasAreNoticed() {
    let session = TestSession()
    _ = session.run("write_text \"commas.csv\", \"a;b;c\\n1,5;x;1,2\\n2;y;3,4\\n\"\nt = read_table(\"commas.csv\")")
    #expect(session.notices.contains { $0.contains("\"a\", \"c\" of commas.csv seem to have decimal commas") })
    let before = session.notices.count
    _ = session.run(
      "t = read_table(\"commas.csv\", decimal: \",\")\nt = read_table(\"commas.csv\", texts: [\"a\", \"c\"])")
    #expect(session.notices.count == before)
  }
}
