/// What the names of files may be: `*` stands for any letters, `?` for one, and, where a pattern has sets, `[a-c]` for one of some and
/// `[!a-c]` for one of all others.
public struct NamePattern: Sendable {
  private enum Sign {
    case any, one
    case letter(Character)
    case set([ClosedRange<Character>], isNegated: Bool)

    func fits(_ letter: Character) -> Bool {
      switch self {
      case .any, .one: true
      case .letter(let own): own == letter
      case .set(let ranges, let isNegated): ranges.contains { $0.contains(letter) } != isNegated
      }
    }
  }

  private let signs: [Sign]

  /// Reads a pattern; a bracket that is never closed is a letter.
  public init(_ pattern: some StringProtocol, hasSets: Bool = true) {
    var rest = Substring(pattern)
    var signs: [Sign] = []
    while let letter = rest.popFirst() {
      switch letter {
      case "*": signs.append(.any)
      case "?": signs.append(.one)
      case "[" where hasSets: signs.append(Self.set(&rest) ?? .letter("["))
      default: signs.append(.letter(letter))
      }
    }
    self.signs = signs
  }

  /// The set behind a bracket; a closing one that comes first is in it.
  private static func set(_ rest: inout Substring) -> Sign? {
    let isNegated = rest.first == "!"
    let inside = isNegated ? rest.dropFirst() : rest
    guard !inside.isEmpty, let end = inside.dropFirst().firstIndex(of: "]") else { return nil }
    let letters = Array(inside[..<end])
    rest = rest[inside.index(after: end)...]
    var (ranges, place): ([ClosedRange<Character>], Int) = ([], 0)
    while place < letters.count {
      if place + 2 < letters.count, letters[place + 1] == "-" {
        // A range from a later letter to an earlier one has none.
        if letters[place] <= letters[place + 2] { ranges.append(letters[place]...letters[place + 2]) }
        place += 3
      } else {
        ranges.append(letters[place]...letters[place])
        place += 1
      }
    }
    return .set(ranges, isNegated: isNegated)
  }

  /// Whether a name fits: a star that failed is tried again one letter further, so that nothing grows beyond length times length.
  public func fits(_ name: some StringProtocol) -> Bool {
    let name = Array(name)
    var (place, at) = (0, 0)
    var star: (place: Int, at: Int)?
    while place < name.count {
      if at < signs.count, case .any = signs[at] {
        star = (place, at)
        at += 1
      } else if at < signs.count, signs[at].fits(name[place]) {
        (place, at) = (place + 1, at + 1)
      } else if let last = star {
        star = (last.place + 1, last.at)
        (place, at) = (last.place + 1, last.at + 1)
      } else {
        return false
      }
    }
    return signs[at...].allSatisfy { if case .any = $0 { true } else { false } }
  }
}
