/// Finds the name a writer meant.
package enum Suggestion {
  /// The candidate nearest to a misspelt name, or nil when none is near; equally near ones come in alphabetic order.
  ///
  /// A name that a candidate begins with counts as near.
  package static func best(for name: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    let allowed = wanted.count <= 4 ? 1 : max(2, wanted.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate != name {
      let letters = Array(candidate.lowercased().unicodeScalars)
      let isBeginning = wanted.count >= 3 && letters.starts(with: wanted)
      guard isBeginning || abs(letters.count - wanted.count) <= allowed else { continue }
      let distance = isBeginning ? 1 : self.distance(wanted, letters)
      guard distance <= allowed, distance < max(wanted.count, letters.count) else { continue }
      if let found = best, (found.distance, found.name) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.name
  }

  /// The number of insertions, deletions, replacements and swaps of neighbors between two words.
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, previous) = (previous, row)
    }
    return previous[b.count]
  }
}
