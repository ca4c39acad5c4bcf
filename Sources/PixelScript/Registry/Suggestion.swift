/// Finds the name a writer meant.
package enum Suggestion {
  /// The candidate nearest to a misspelt name, or nil when none is near; of equally near ones the first.
  ///
  /// Swapped letters and neighbors on the keyboard are nearer than other mistakes, one in the first letter is farther. A name
  /// that a candidate begins with counts as near.
  package static func best(for name: String, in candidates: some Sequence<String>) -> String? {
    nearest(to: name, in: candidates)?.name
  }

  private static func nearest(
    to name: String, in candidates: some Sequence<String>
  ) -> (cost: Int, name: String)? {
    guard !isLong(name) else { return nil }
    let wanted = Array(name.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    let allowed = limit(wanted.count)
    var best: (cost: Int, name: String)?
    for candidate in candidates where !isLong(candidate) && candidate != name {
      let letters = Array(candidate.lowercased().unicodeScalars)
      let isBeginning = wanted.count >= 3 && letters.starts(with: wanted)
      guard isBeginning || abs(letters.count - wanted.count) * dropped <= allowed else { continue }
      let cost = isBeginning ? min(cost(wanted, letters), beginning) : cost(wanted, letters)
      guard isBeginning || cost <= allowed, cost < edit * max(wanted.count, letters.count) else { continue }
      if let found = best, found.cost <= cost { continue }
      best = (cost, candidate)
    }
    return best
  }

  /// What to ask about a name that is none of the candidates: whether one was meant from which it differs by an edit, else those of
  /// which it is a word, as `loss` of `train_loss`, or the initials, as `lr` of `learning_rate`, or which are a word of it, as `batch` of
  /// `batch_size`, or its initials; else the nearest.
  package static func question(
    about name: String, in candidates: [String], quoted: (String) -> String = { "`\($0)`" }
  ) -> String? {
    guard !isLong(name) else { return nil }
    let candidates = candidates.filter { !isLong($0) }
    let near = nearest(to: name, in: candidates)
    let related =
      near.map { $0.cost > edit + first && $0.cost != beginning } ?? true ? related(to: name, in: candidates) : []
    let found = related.isEmpty ? near.map { [$0.name] } ?? [] : related
    guard let last = found.last else { return nil }
    let others = found.dropLast().map(quoted).joined(separator: ", ")
    return "did you mean \(others.isEmpty ? "" : others + " or ")\(quoted(last))?"
  }

  private static func related(to name: String, in candidates: [String]) -> [String] {
    func words(_ text: String) -> [Substring] { text.lowercased().split(separator: "_") }
    let own = words(name)
    if own.count == 1, name.count >= 3 {
      let wider = candidates.filter { words($0).count > 1 && words($0).contains(own[0]) }
      if (1...4).contains(wider.count) { return wider }
    }
    if own.count == 1,
      let whole = candidates.first(where: { words($0).count > 1 && words($0).compactMap(\.first).elementsEqual(name) })
    {
      return [whole]
    }
    guard own.count > 1 else { return [] }
    let initials = own.compactMap(\.first)
    let narrower = candidates.first { $0.elementsEqual(initials) } ?? candidates.first { own.contains($0[...]) }
    return narrower.map { [$0] } ?? []
  }

  /// True for a text that nobody types as a name: it is near to none, and comparing it would take long.
  private static func isLong(_ text: String) -> Bool { text.utf8.count > 256 }

  // MARK: Costs

  /// A letter too much, too few or another one.
  private static let edit = 10
  /// A letter twice, or once where the name has it twice.
  private static let dropped = 8
  /// A neighbor on the keyboard.
  private static let neighbor = 8
  private static let swap = 7
  /// What a mistake in the first letter costs on top.
  private static let first = 3
  /// A name that goes on.
  private static let beginning = 15

  /// The highest cost at which a name of some length counts as near: one edit of a short name, two of a longer one.
  private static func limit(_ length: Int) -> Int {
    switch length {
    case ...4: edit + first
    case 5: 2 * edit
    default: max(2, length / 3) * edit + first
    }
  }

  /// The cost of the edits that make the one word of the other.
  private static func cost(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count).map { $0 == 0 ? 0 : $0 * edit + first }
    for i in a.indices {
      var row = [(i + 1) * edit + first]
      for j in b.indices {
        let extra = i == 0 && j == 0 ? first : 0
        var best = previous[j] + (a[i] == b[j] ? 0 : (areNeighbors(a[i], b[j]) ? neighbor : edit) + extra)
        best = min(best, previous[j + 1] + (i > 0 && a[i] == a[i - 1] ? dropped : edit))
        best = min(best, row[j] + (j > 0 && b[j] == b[j - 1] ? dropped : edit))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + swap) }
        row.append(best)
      }
      (before, previous) = (previous, row)
    }
    return previous[b.count]
  }

  private static let rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"].map { Array($0.unicodeScalars) }

  /// True for letters beside each other in a row of the keyboard, or one above the other.
  private static func areNeighbors(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool {
    for (number, row) in rows.enumerated() {
      guard let place = row.firstIndex(of: a) else { continue }
      for (other, letters) in rows.enumerated() where abs(other - number) <= 1 {
        guard let neighbor = letters.firstIndex(of: b) else { continue }
        // Each row stands half a key to the right of the one above it.
        let shift = neighbor - place
        return other == number ? abs(shift) == 1 : other > number ? shift == 0 || shift == -1 : shift == 0 || shift == 1
      }
    }
    return false
  }
}
