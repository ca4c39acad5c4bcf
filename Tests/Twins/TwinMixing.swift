import Foundation
import PixelBytes

/// What a sequence says of its next token, each time worked out from all of its tokens.
struct TwinCounts {
  /// The tokens so far.
  let tokens: [Int]

  private func before(_ distance: Int) -> Int { distance < tokens.count ? tokens[tokens.count - 1 - distance] : 0 }

  /// Where the rows of a picture begin, the present one first, that of the next token; one alone in a text.
  private var rows: [Int] {
    var starts: [Int] = []
    for place in tokens.indices.reversed() where tokens[place] == 1 || tokens[place] == 2 {
      starts.append(place + 1)
      if tokens[place] == 2 { break }
    }
    return starts
  }

  /// The token of the row `above` rows up, `step` columns right of the next one.
  private func cell(above: Int, step: Int) -> Int {
    let starts = rows
    guard above < starts.count else { return 0 }
    let column = tokens.count - starts[0] + step
    let place = starts[above] + column
    return column >= 0 && place < starts[above - 1] ? tokens[place] : 0
  }

  private var isPicture: Bool { rows.count > 1 }

  var neighbors: [Int] {
    isPicture
      ? [cell(above: 1, step: 1), cell(above: 1, step: 2), cell(above: 2, step: 0), before(2)]
      : (2...5).map(before)
  }

  /// Sine and cosine of row and column of the next token, counted from the last newline.
  var waves: [Double] {
    let line = tokens.split(separator: 2, omittingEmptySubsequences: false).last ?? []
    let rows = line.split(separator: 1, omittingEmptySubsequences: false)
    return [rows.count - 1, rows.last?.count ?? 0].flatMap { number in
      (2...7).flatMap { power -> [Double] in
        let angle = 2 * Double.pi * Double(number) / pow(2, Double(power))
        return [sin(angle), cos(angle)]
      }
    }
  }

  /// The contexts, each with a number of its own before the tokens that make it.
  var contexts: [[Int]] {
    let w = before(0), ww = before(1)
    guard isPicture else {
      func last(_ kind: Int, _ count: Int) -> [Int] { [kind] + (0..<count).map(before) }
      return (0...6).map { last($0, $0) }
        + [[7, ww, before(2)], [8, w, before(2)], [9, ww, before(3)], last(10, 8), last(11, 12)]
    }
    let nn = cell(above: 2, step: 0), nee = cell(above: 1, step: 2)
    let nw = cell(above: 1, step: -1), n = cell(above: 1, step: 0), ne = cell(above: 1, step: 1)
    return [
      [0], [1, w], [12, n], [13, w, n], [14, w, n, ne], [15, w, nw, n, ne], [16, w, ww, nw, n, ne, nn],
      [17, tokens.count - rows[0]], [18, n, ne], [2, w, ww], [19, n, nn], [20, w, ww, before(2), nw, n, ne, nee, nn],
    ]
  }
}

extension TwinWeights {
  /// The levels behind which attention stands: as many parts of the blocks as there are layers, and one more, are about as long.
  private static func attended(_ family: MixMambaFamily, _ depth: Int) -> [Int] {
    if family.attention == 0 { return [] }
    if family.attentionLayers == depth { return Array(0..<depth) }
    return (1...family.attentionLayers).map { Int(Double(depth * $0) / Double(family.attentionLayers + 1)) - 1 }
  }

  /// Residual blocks over patches with neighbors, and logits with what the gates let through of the counts.
  func mixMamba(_ family: MixMambaFamily, _ configuration: ModelConfiguration, _ patches: [[Int]]) -> Rows {
    let tokens = patches.map { $0[4] }
    let counts = tokens.indices.map { TwinCounts(tokens: Array(tokens[...$0])) }
    let filled = zip(patches, counts).map { family.neighbors ? $0.prefix(5) + $1.neighbors : $0 }
    var x = self["embedding"].embedding(filled, configuration.embedding)
    let contexts = counts.map(\.contexts)
    var hits = [Double](repeating: 0, count: contexts[0].count)
    var notes: [(measures: [Double], followers: [[Int]])] = []
    for t in tokens.indices {
      let followers = contexts[t].map { context in
        (0..<t).filter { contexts[$0].contains(context) }.map { tokens[$0 + 1] }
      }
      if t > 0 {
        for (k, before) in notes[t - 1].followers.enumerated() where !before.isEmpty {
          hits[k] = 0.9 * hits[k] + (before.last == tokens[t] ? 0.1 : 0)
        }
      }
      let measures = followers.indices.flatMap {
        [log(1 + Double(followers[$0].count)), log(1 + Double(Set(followers[$0]).count)), hits[$0]]
      }
      notes.append((measures, followers))
    }
    let measures = tokens.indices.map {
      (family.counts ? notes[$0].measures : []) + (family.places ? counts[$0].waves : [])
    }
    if family.counts || family.places { x = x + self["mixing.measures"].linear(measures) }
    for level in 0..<configuration.depth {
      let layer = self["layers.\(level)"]
      x = x + layer["mixer"].mamba(layer["norm"].rmsNorm(x))
      if let number = Self.attended(family, configuration.depth).firstIndex(of: level) {
        let attention = self[number == 0 ? "attention" : "attention\(number + 1)"]
        x = x + attention["self_attn"].attention(attention["norm"].rmsNorm(x), heads: family.attention) { $1 <= $0 }
      }
    }
    x = self["norm"].rmsNorm(x)
    var logits = self["lm_head"].linear(x)
    guard family.counts else { return logits }
    for (t, gates) in self["mixing.gates"].linear(x).enumerated() {
      for (k, followers) in notes[t].followers.enumerated() {
        for token in Set(followers) {
          let count = Double(followers.count { $0 == token })
          logits[t][token] += gates[3 * k] * log(1 + count) + gates[3 * k + 1]
        }
        if let last = followers.last { logits[t][last] += gates[3 * k + 2] }
      }
    }
    return logits
  }
}
