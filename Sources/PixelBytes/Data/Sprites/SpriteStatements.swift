extension Sprites {
  /// Returns the traits that a text states in the words of captions, by name, in the order of a row's traits.
  ///
  /// Where two values of a trait are stated, the one of the longest phrase counts, then the first.
  public static func traits(statedIn text: String) -> [NamedText] {
    let words = text.lowercased().split { !($0.isLetter || $0 == "'" || $0 == "-") }
    let padded = " " + words.joined(separator: " ") + " "
    func stated<T: SpriteWords & CaseIterable & RawRepresentable>(_ name: String, _ type: T.Type) -> NamedText?
    where T.RawValue == String {
      var best: (value: T, length: Int)?
      for value in T.allCases {
        for phrase in value.words where phrase.utf8.count > best?.length ?? 0 && padded.contains(" \(phrase) ") {
          best = (value, phrase.utf8.count)
        }
      }
      return best.map { NamedText(name, $0.value.rawValue) }
    }
    let color = ColorFamily.named(in: text).flatMap { SpriteColor(rawValue: $0.rawValue) }
    return [
      stated("kind", SpriteKind.self), color.map { NamedText("color", $0.rawValue) },
      stated("eyes", SpriteEyes.self), stated("pattern", SpritePattern.self), stated("size", SpriteSize.self),
      stated("hat", SpriteHat.self), stated("item", SpriteItem.self), stated("mouth", SpriteMouth.self),
      stated("wings", SpriteWings.self), stated("background", SpriteGround.self), stated("pose", SpritePose.self),
      stated("shading", SpriteShading.self),
    ].compactMap(\.self)
  }

  /// Returns the share of the traits stated in a text that are among `traits`, nil when the text states none.
  public static func agreement(of traits: [NamedText], with text: String) -> Double? {
    let stated = Self.traits(statedIn: text)
    return stated.isEmpty ? nil : Double(stated.filter(traits.contains).count) / Double(stated.count)
  }
}
