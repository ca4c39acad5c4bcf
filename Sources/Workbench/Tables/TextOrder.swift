import Safepoint

/// The order of the entries of texts by code point: by eight bytes at a time, and among those that have these alike by the next eight.
struct TextOrder {
  private struct Entry: BitwiseCopyable {
    var bytes: UInt64
    let place: Int
  }

  private let texts: PackedTexts
  private let bytes: [UInt8]
  /// Fewer are compared with each other.
  private static let few = 1 << 10

  init(_ texts: PackedTexts) { (self.texts, bytes) = (texts, texts.bytes) }

  /// A whole number for each entry, which order as the texts do; the same for equal ones.
  func ranks() throws -> [UInt64] {
    let places = try sorted()
    var ranks = [UInt64](repeating: 0, count: places.count)
    try Pieces.forEach(places.count) { piece in
      for rank in piece where rank > 0 {
        let isSame = order(places[rank - 1], places[rank], from: 0) == 0
        ranks[places[rank]] = ranks[places[rank - 1]] + (isSame ? 0 : 1)
      }
    }
    return ranks
  }

  private func sorted() throws -> [Int] {
    var entries = try Pieces.filled(texts.entryCount) { Entry(bytes: 0, place: $0) }
    var longest = 0
    try Pieces.forEach(entries.count) { piece in
      for place in piece { longest = max(longest, texts.range(ofEntry: place).count) }
    }
    // Runs of entries that are alike before a byte.
    var runs = [(places: 0..<entries.count, byte: 0)]
    while let (run, byte) = runs.popLast() {
      // Behind the last byte only texts that end in zeros differ, by their length.
      let isBehind = byte >= longest
      var part = try Pieces.filled(run.count) { place in
        let entry = entries[run.lowerBound + place].place
        let length = texts.range(ofEntry: entry).count
        return Entry(bytes: isBehind ? UInt64(length) : eight(of: entry, from: byte), place: entry)
      }
      if part.count < Self.few {
        try part.sort { a, b in
          try Safepoint.check(after: 20)
          return a.bytes != b.bytes ? a.bytes < b.bytes : order(a.place, b.place, from: byte) < 0
        }
      } else {
        try RadixSort.sort(&part) { $0.bytes }
        try Pieces.forEach(part.count) { piece in
          for place in piece where !isBehind && (place == 0 || part[place].bytes != part[place - 1].bytes) {
            var end = place + 1
            while end < part.count, part[end].bytes == part[place].bytes { end += 1 }
            if end - place > 1 { runs.append((run.lowerBound + place..<run.lowerBound + end, byte + 8)) }
          }
        }
      }
      for place in part.indices { entries[run.lowerBound + place] = part[place] }
    }
    return try Pieces.filled(entries.count) { entries[$0].place }
  }

  /// Eight bytes of an entry as a number, zeros behind its end.
  @inline(__always) private func eight(of entry: Int, from byte: Int) -> UInt64 {
    let range = texts.range(ofEntry: entry)
    var number: UInt64 = 0
    for place in range.lowerBound + byte..<range.lowerBound + byte + 8 {
      number = number << 8 | (place < range.upperBound ? UInt64(bytes[place]) : 0)
    }
    return number
  }

  /// Below 0 where the first entry comes first, 0 where both are the same; they are alike before a byte.
  private func order(_ first: Int, _ second: Int, from byte: Int) -> Int {
    let (a, b) = (texts.range(ofEntry: first), texts.range(ofEntry: second))
    var offset = byte
    while offset < min(a.count, b.count) {
      let (x, y) = (bytes[a.lowerBound + offset], bytes[b.lowerBound + offset])
      if x != y { return x < y ? -1 : 1 }
      offset += 1
    }
    return a.count - b.count
  }
}
