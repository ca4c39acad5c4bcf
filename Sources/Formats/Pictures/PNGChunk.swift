import Safepoint

/// A part of a PNG file.
struct PNGChunk {
  let kind: String
  /// Its contents among the bytes of the file.
  let range: Range<Int>

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether its bytes have the sum that stands behind them.
  func isSound(in bytes: [UInt8]) -> Bool {
    PageCompression.checksum(Array(bytes[range.lowerBound - 4..<range.upperBound]))
      == bytes.bigEndian(at: range.upperBound)
  }

  /// The chunks of a file, as far as they are whole.
  static func all(_ bytes: [UInt8], file: String) throws(FormatError) -> [PNGChunk] {
    var (chunks, place): ([PNGChunk], Int) = ([], 8)
    while place + 12 <= bytes.count {
      if Safepoint.mustStop(after: 50) { throw FormatError(.io, in: file, "was not read: the work was stopped") }
      let length = Int(bytes.bigEndian(at: place) as UInt32)
      guard length <= bytes.count - place - 12 else { break }
      let kind = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
      chunks.append(PNGChunk(kind: kind, range: place + 8..<place + 8 + length))
      place += 12 + length
    }
    return chunks
  }

  /// A chunk as it is written.
  static func bytes(_ kind: String, _ contents: [UInt8]) -> [UInt8] {
    var chunk: [UInt8] = []
    chunk.appendBigEndian(UInt32(contents.count))
    let body = Array(kind.utf8) + contents
    chunk += body
    chunk.appendBigEndian(PageCompression.checksum(body))
    return chunk
  }
}
