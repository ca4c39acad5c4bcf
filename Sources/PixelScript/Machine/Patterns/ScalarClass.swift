/// Characters that a class such as `[a-z_]` or `\d` stands for.
struct ScalarClass {
  /// Characters by what they are, as in Python.
  enum Kind { case digit, word, space }

  private var low = (UInt64(0), UInt64(0))
  private var ranges: [ClosedRange<UInt32>] = []
  private var kinds: [(kind: Kind, isOpposite: Bool)] = []
  /// Whether it stands for all other characters.
  private(set) var isOpposite = false
  private(set) var ignoresCase = false

  init(ignoresCase: Bool = false) { self.ignoresCase = ignoresCase }

  init(_ kind: Kind, isOpposite: Bool) { add(kind, isOpposite: isOpposite) }

  mutating func add(_ range: ClosedRange<UInt32>) { ranges.append(range) }

  mutating func add(_ kind: Kind, isOpposite: Bool) { kinds.append((kind, isOpposite)) }

  /// Is whole, and stands for what it holds or for all else.
  mutating func finish(isOpposite: Bool) {
    self.isOpposite = isOpposite
    for scalar in UInt32(0)..<128 where isThere(scalar) != isOpposite {
      if scalar < 64 { low.0 |= 1 << UInt64(scalar) } else { low.1 |= 1 << UInt64(scalar - 64) }
    }
  }

  /// The characters of ASCII that it stands for, a bit for each.
  var lowParts: [UInt64] { [low.0, low.1] }

  func contains(_ scalar: UInt32) -> Bool {
    if scalar < 64 { return low.0 >> UInt64(scalar) & 1 != 0 }
    if scalar < 128 { return low.1 >> UInt64(scalar - 64) & 1 != 0 }
    return isThere(scalar) != isOpposite
  }

  private func isThere(_ scalar: UInt32) -> Bool {
    if holds(scalar) { return true }
    guard ignoresCase else { return false }
    let small = ScalarClass.folded(scalar)
    return small != scalar && holds(small) || ScalarClass.largeForms(of: small).contains { holds($0) }
  }

  private func holds(_ scalar: UInt32) -> Bool {
    ranges.contains { $0.contains(scalar) }
      || kinds.contains { ScalarClass.isOf($0.kind, scalar) != $0.isOpposite }
  }

  /// Whether a character is of a kind.
  static func isOf(_ kind: Kind, _ scalar: UInt32) -> Bool {
    guard let character = Unicode.Scalar(scalar) else { return false }
    switch kind {
    case .space:
      if scalar < 128 { return scalar == 32 || 9...13 ~= scalar || 28...31 ~= scalar }
      return character.properties.isWhitespace
    case .digit: return character.properties.generalCategory == .decimalNumber
    case .word:
      if scalar < 128 {
        return scalar == 95 || 48...57 ~= scalar || 65...90 ~= scalar || 97...122 ~= scalar
      }
      switch character.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
        .letterNumber, .otherNumber:
        return true
      default: return false
      }
    }
  }

  /// The small form of a letter, any other character itself.
  @inline(__always) static func folded(_ scalar: UInt32) -> UInt32 {
    if scalar < 128 { return 65...90 ~= scalar ? scalar + 32 : scalar }
    return single(Unicode.Scalar(scalar)?.properties.lowercaseMapping) ?? scalar
  }

  private static func largeForms(of scalar: UInt32) -> [UInt32] {
    if scalar < 128 { return 97...122 ~= scalar ? [scalar - 32] : [] }
    guard let properties = Unicode.Scalar(scalar)?.properties else { return [] }
    return [properties.uppercaseMapping, properties.titlecaseMapping].compactMap { single($0) }
  }

  private static func single(_ text: String?) -> UInt32? {
    guard let scalars = text?.unicodeScalars, let first = scalars.first, scalars.count == 1 else { return nil }
    return first.value
  }
}
