import PixelScript

/// Texts that stand below or beside each other, cut to a width so that those which differ go on to differ where there is room for it.
struct Elision {
  /// The most places at which texts that look alike are tried to be told apart.
  private static let tries = 16
  /// The most places that are shown of a text, behind the first.
  private static let mostPlaces = 2
  /// The width below which there is no room for more than a start.
  private static let least = 8
  let width: Int
  let unicode: Bool

  /// The texts in at most so many columns: of longer ones the middle is left out; of those that would look alike then, what they have in
  /// common beside the place at which they differ.
  func texts(_ texts: [String]) -> [String] {
    let short = texts.map { TerminalText.shortened($0, to: width, isNumber: false, unicode: unicode) }
    guard width >= Self.least else { return short }
    let cut = Set(zip(texts, short).filter { $0 != $1 }.map(\.0))
    guard Set(zip(texts, short).filter { cut.contains($0.0) }.map(\.1)).count < cut.count else { return short }
    var told: [String: String] = [:]
    tell(cut.sorted(), &told)
    return zip(texts, short).map { told[$0] ?? $1 }
  }

  /// Finds a form for texts that look alike, in order: beside the `known` places, that one is shown which tells most of them apart.
  private func tell(_ group: [String], _ told: inout [String: String], beside known: [Int] = []) {
    let characters = group.map(Array.init)
    let differing = Set(
      zip(characters, characters.dropFirst()).map { zip($0, $1).prefix { $0 == $1 }.count }
    ).subtracting(known)
    var (best, bestPlace): ([String], Int) = ([], 0)
    for place in differing.sorted().prefix(Self.tries) {
      let forms = characters.map { form($0, showing: known + [place]) }
      if Set(forms).count > Set(best).count { (best, bestPlace) = (forms, place) }
    }
    guard Set(best).count > 1 else { return }
    var alike: [String: [String]] = [:]
    for (text, form) in zip(group, best) {
      told[text] = form
      alike[form, default: []].append(text)
    }
    guard known.count < Self.mostPlaces else { return }
    for group in alike.values where group.count > 1 { tell(group, &told, beside: known + [bestPlace]) }
  }

  /// The start, the parts around some places and the end of a text.
  private func form(_ text: [Character], showing places: [Int]) -> String {
    let mark = unicode ? "…" : ".."
    // Wide letters take two columns.
    let isWide = DisplayWidth.columns(of: String(text)) > text.count
    let room = max(width - (places.count + 1) * mark.count, 1) / (isWide ? 2 : 1)
    let end = room / (places.count + 3)
    let length = max((room - 2 * end) / places.count, 1)
    let parts =
      [0..<end] + places.sorted().map { max($0 - length / 4, 0)..<max($0 - length / 4, 0) + length }
      + [max(text.count - end, 0)..<text.count]
    var ranges: [Range<Int>] = []
    for part in parts.map({ $0.clamped(to: 0..<text.count) }) {
      // Nothing is left out of as many signs as the mark has.
      if let last = ranges.last, part.lowerBound <= last.upperBound + mark.count {
        ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, part.upperBound)
      } else {
        ranges.append(part)
      }
    }
    // What is left over goes to what stands before the last gap.
    let spare = room - ranges.reduce(0) { $0 + $1.count }
    if ranges.count > 1, spare > 0 {
      let (part, next) = (ranges[ranges.count - 2], ranges[ranges.count - 1])
      ranges[ranges.count - 2] = part.lowerBound..<min(part.upperBound + spare, next.lowerBound)
    }
    return ranges.map { String(text[$0]) }.joined(separator: mark)
  }
}
