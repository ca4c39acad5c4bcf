import Formats
import Foundation
import Testing

/// TensorBoard's files, read here field by field; that TensorBoard 2.21 reads them was tried by hand.
@Suite struct EventFileTests {
  /// A field of a message: its number, and its value as a number or as bytes.
  private struct Field: Equatable {
    var number: Int
    var value: UInt64 = 0
    var bytes: [UInt8] = []
  }

  @Test func theChecksumIsCastagnolis() {
    // RFC 3720, B.4, and the usual check value.
    #expect(CRC32C.of(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.of([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.of([]) == 0)
  }

  @Test func holdsScalarsPicturesAndTexts() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try EventFile(in: folder, time: 7.5)
    try file.add([("loss/test", 1.25), ("loss/train", .nan)], step: 300, time: 8)
    let picture = RasterImage(width: 2, height: 1, rgba: [1, 2, 3, 255, 4, 5, 6, 255])
    try file.add(picture, tag: "samples/1", step: 300, time: 8)
    try file.add(text: "a cat", tag: "captions/1", step: 300, time: 8)
    try file.add(
      hyperparameters: [("lr", .number(0.5)), ("loss", .string("all"))], metrics: ["loss/test"], time: 8)
    try file.end(time: 9)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names == ["events.out.tfevents.7.pixelbytes"])

    let events = try records(try readFile(folder + "/" + names[0])).map(fields)
    #expect(events.count == 7)
    #expect(events[0].contains(Field(number: 3, bytes: Array("brain.Event:2".utf8))))
    #expect(events[0].first == Field(number: 1, value: (7.5).bitPattern))
    #expect(events[1].contains(Field(number: 2, value: 300)))
    let scalars = try summary(events[1])
    #expect(scalars.map { $0.first { $0.number == 1 }?.bytes } == [Array("loss/test".utf8), Array("loss/train".utf8)])
    #expect(scalars[0].contains(Field(number: 2, value: UInt64(Float(1.25).bitPattern))))
    let image = try fields(try #require(try summary(events[2])[0].first { $0.number == 4 }).bytes)
    #expect(image.prefix(2) == [Field(number: 1, value: 1), Field(number: 2, value: 2)])
    #expect(try PNG.decode(try #require(image.last).bytes) == picture)
    let text = try fields(try #require(try summary(events[3])[0].first { $0.number == 8 }).bytes)
    #expect(text.last == Field(number: 8, bytes: Array("a cat".utf8)))
    // A second file of the same second has a name of its own, and voids what comes from its step on.
    _ = try EventFile(in: folder, time: 7.9, from: 20)
    let second = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder).first { $0 != names[0] })
    let start = try records(try readFile(folder + "/" + second)).map(fields)
    #expect(start.count == 2 && start[1].contains(Field(number: 2, value: 20)))
    #expect(start[1].last == Field(number: 7, bytes: [8, 1]))
  }

  /// The records of a file, whose checksums must be right.
  private func records(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var (rest, found) = (bytes[...], [[UInt8]]())
    func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
      bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    while !rest.isEmpty {
      let length = Int(number(rest.prefix(8)))
      #expect(number(rest.dropFirst(8).prefix(4)) == UInt64(CRC32C.masked(of: Array(rest.prefix(8)))))
      let record = Array(rest.dropFirst(12).prefix(length))
      try #require(record.count == length)
      #expect(number(rest.dropFirst(12 + length).prefix(4)) == UInt64(CRC32C.masked(of: record)))
      found.append(record)
      rest = rest.dropFirst(16 + length)
    }
    return found
  }

  private func summary(_ event: [Field]) throws -> [[Field]] {
    let summary = try #require(event.first { $0.number == 5 })
    return try fields(summary.bytes).map { try fields($0.bytes) }
  }

  private func fields(_ bytes: [UInt8]) throws -> [Field] {
    var (rest, found) = (bytes[...], [Field]())
    func varint() throws -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while true {
        let next = rest.popFirst()
        let byte = try #require(next)
        value |= UInt64(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { return value }
      }
    }
    while !rest.isEmpty {
      let tag = try varint()
      var field = Field(number: Int(tag >> 3))
      switch tag & 7 {
      case 0: field.value = try varint()
      case 2:
        let count = Int(try varint())
        field.bytes = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
      default:
        let count = tag & 7 == 1 ? 8 : 4
        field.value = rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(count)
      }
      found.append(field)
    }
    return found
  }
}
