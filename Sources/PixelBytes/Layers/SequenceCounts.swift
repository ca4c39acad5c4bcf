import Foundation
import Tensors

/// What a sequence has said so far about its next token: the tokens around it, and how often each followed in the same contexts.
///
/// The contexts are those of a text, its last tokens, where the last separator is no tab; else those of a picture: the tokens left
/// of the next one, above it, and around. A step costs the same at any length, but for the contexts themselves, which are kept.
struct SequenceCounts {
  /// The contexts whose followers are counted.
  static let contexts = 12
  /// The numbers that each context has for a gate: the logarithm of a count, that there is one, and that it was the last.
  static let kinds = 3

  /// How often a token followed a context.
  private struct Node {
    let token: UInt8
    var count: Int32
    /// The next token that followed the same context; negative where there is none.
    let next: Int32
  }

  /// All that is known of a context.
  private struct Context {
    var first: Int32 = -1
    var last: UInt8 = 0
    var total: Int32 = 0
    var distinct: Int32 = 0
  }

  private var tokens: [UInt8] = []
  private var places: [UInt64: Int32] = [:]
  private var known: [Context] = []
  private var nodes: [Node] = []
  /// The known contexts that the next token follows.
  private var present: [Int32] = []
  /// The share of its last tokens that each context foretold, as its last follower.
  private var hits = [Float](repeating: 0, count: contexts)
  /// Where the present row, the one above and the one above that begin; nil where that is not known, or where there is none.
  private var row, above, higher: Int?
  /// The row and the column of the next token, both counted from the beginning of the sequence or of its last picture or text.
  private var place = (row: 0, column: 0)

  /// The token in a row `column` places from its start, or padding.
  private func cell(_ start: Int?, _ end: Int?, _ column: Int) -> UInt8 {
    guard let start, let end, column >= 0, start + column < end else { return Vocabulary.padding }
    return tokens[start + column]
  }

  private func before(_ distance: Int) -> UInt8 {
    distance < tokens.count ? tokens[tokens.count - 1 - distance] : Vocabulary.padding
  }

  /// Goes on with a token.
  mutating func take(_ token: UInt8) {
    for (context, place) in present.enumerated() { count(token, at: Int(place), context) }
    tokens.append(token)
    if token == Vocabulary.tab {
      (higher, above, row) = (above, row, tokens.count)
      place = (place.row + 1, 0)
    } else if token == Vocabulary.newline {
      (higher, above, row) = (nil, nil, tokens.count)
      place = (0, 0)
    } else {
      place.column += 1
    }
    present = keys().map { find($0) }
  }

  private mutating func count(_ token: UInt8, at place: Int, _ context: Int) {
    if known[place].total > 0 { hits[context] += (known[place].last == token ? 0.1 : 0) - 0.1 * hits[context] }
    known[place].last = token
    known[place].total += 1
    var node = known[place].first
    while node >= 0, nodes[Int(node)].token != token { node = nodes[Int(node)].next }
    if node >= 0 {
      nodes[Int(node)].count += 1
    } else {
      nodes.append(Node(token: token, count: 1, next: known[place].first))
      known[place].first = Int32(nodes.count - 1)
      known[place].distinct += 1
    }
  }

  private mutating func find(_ key: UInt64) -> Int32 {
    if let place = places[key] { return place }
    known.append(Context())
    places[key] = Int32(known.count - 1)
    return Int32(known.count - 1)
  }

  /// The column of the next token in a picture whose row above is known.
  private var column: Int? {
    guard above != nil, let row else { return nil }
    return tokens.count - row
  }

  /// The keys of the contexts of the next token: a number for the kind of context, and the tokens in it.
  private func keys() -> [UInt64] {
    func key(_ kind: UInt8, _ cells: UInt8...) -> UInt64 { cells.reduce(Self.joined(Self.empty, kind), Self.joined) }
    func last(_ kind: UInt8, _ count: Int) -> UInt64 {
      (0..<count).reduce(Self.joined(Self.empty, kind)) { Self.joined($0, before($1)) }
    }
    let (w, ww, www) = (before(0), before(1), before(2))
    guard let column else {
      return (0...6).map { last(UInt8($0), $0) } + [
        key(7, ww, www), key(8, w, www), key(9, ww, before(3)), last(10, 8), last(11, 12),
      ]
    }
    let (nw, n, ne) = (cell(above, row, column - 1), cell(above, row, column), cell(above, row, column + 1))
    let (nee, nn) = (cell(above, row, column + 2), cell(higher, above, column))
    return [
      key(0), key(1, w), key(12, n), key(13, w, n), key(14, w, n, ne), key(15, w, nw, n, ne),
      key(16, w, ww, nw, n, ne, nn), key(17, UInt8(column & 255), UInt8(column >> 8 & 255)), key(18, n, ne),
      key(2, w, ww),
      key(19, n, nn), key(20, w, ww, www, nw, n, ne, nee, nn),
    ]
  }

  /// What a key is before it stands for anything.
  private static let empty: UInt64 = 0xcbf2_9ce4_8422_2325

  /// A number for all that a key stands for and one token more (FNV-1a).
  private static func joined(_ key: UInt64, _ token: UInt8) -> UInt64 {
    (key ^ UInt64(token) ^ 0x100) &* 0x100_0000_01b3 ^ key >> 47
  }

  /// Four tokens near the next one that a 3x3 patch of the last one does not hold: two right of above, one above that, and one
  /// left; of a text the third to the sixth last.
  var neighbors: [UInt8] {
    guard let column else { return [before(2), before(3), before(4), before(5)] }
    return [cell(above, row, column + 1), cell(above, row, column + 2), cell(higher, above, column), before(2)]
  }

  /// How much is known of each context, `measures` numbers each.
  static let measures = 3

  /// Appends the logarithms of how many tokens followed each context, and how many different ones, and the hits.
  func appendMeasures(to values: inout [Float]) {
    for (context, place) in present.enumerated() {
      values.append(Self.logarithm(known[Int(place)].total))
      values.append(Self.logarithm(known[Int(place)].distinct))
      values.append(hits[context])
    }
  }

  /// How many numbers tell the place of the next token.
  static let places = 4 * wavelengths.count
  private static let wavelengths = [4, 8, 16, 32, 64, 128]

  /// Sine and cosine at each wavelength of a number, which are those of the number less any multiple of the longest.
  private static let waves = (0..<128).map { number in
    wavelengths.flatMap { wavelength in
      let angle = 2 * Double.pi * Double(number) / Double(wavelength)
      return [Float(sin(angle)), Float(cos(angle))]
    }
  }

  /// Appends sine and cosine of the row and of the column of the next token at each wavelength (Vaswani et al. 2017).
  func appendPlace(to values: inout [Float]) {
    for number in [place.row, place.column] { values += Self.waves[number % Self.waves.count] }
  }

  /// Adds a row with what the tokens that followed each context have for its gates.
  func addRow(to features: inout SparseFeatures) {
    for (context, place) in present.enumerated() {
      var node = known[Int(place)].first
      let gate = Self.kinds * context
      while node >= 0 {
        let (token, count, next) = (Int(nodes[Int(node)].token), nodes[Int(node)].count, nodes[Int(node)].next)
        features.add(Self.logarithm(count), gate: gate, column: token)
        features.add(1, gate: gate + 1, column: token)
        node = next
      }
      if known[Int(place)].total > 0 { features.add(1, gate: gate + 2, column: Int(known[Int(place)].last)) }
    }
    features.endRow()
  }

  private static let logarithms = (0..<4096).map { log(Float($0 + 1)) }

  /// log(1 + count)
  private static func logarithm(_ count: Int32) -> Float {
    Int(count) < logarithms.count ? logarithms[Int(count)] : log(Float(count) + 1)
  }
}
