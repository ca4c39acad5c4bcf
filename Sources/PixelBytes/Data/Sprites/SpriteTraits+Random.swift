extension SpriteTraits {
  /// Draws the traits of one sprite; only those that its kind has room for are drawn at all.
  init(size: Int, using random: inout some RandomNumberGenerator) {
    kind = SpriteKind.allCases[random.below(SpriteKind.allCases.count)]
    color = SpriteColor.allCases[random.below(SpriteColor.allCases.count)]
    eyes = SpriteEyes.allCases[random.below(SpriteEyes.allCases.count)]
    pattern = random.pick([.plain: 6, .spots: 3, .stripes: 3, .belly: 3, .cheeks: 3])
    self.size = random.pick([.small: 2, .medium: 5, .large: 4])
    let anatomy = kind.anatomy
    hat = random.pick([.none: 10, .crown: 2, .wizard: 2, .bow: 2, .horns: 2, .flower: 2, .halo: 2])
    item = random.pick([.none: 8, .sword: 2, .staff: 2, .torch: 2, .balloon: 2, .flag: 2])
    mouth = random.pick([.none: 3, .smile: 2, .fangs: 2])
    wings = random.below(5) == 0
    ground = random.pick([.white: 17, .sky: 1, .night: 1, .meadow: 1])
    // A picture of fewer than 12 pixels has no room beside the body.
    let isTiny = size < 12
    if anatomy.hat == nil || isTiny { hat = .none }
    if anatomy.hand == nil || isTiny { item = .none }
    if anatomy.mouth == nil || isTiny { mouth = .none }
    if anatomy.wings == nil || isTiny { wings = false }
    if isTiny { self.size = .medium }
    if isTiny, pattern != .stripes { pattern = .plain }
  }
}

extension RandomNumberGenerator {
  /// A whole number in 0 ..< bound by integer arithmetic that no library version can change.
  mutating func below(_ bound: Int) -> Int { Int(((next() >> 32) * UInt64(bound)) >> 32) }

  /// One of the choices, each as likely as its weight says.
  mutating func pick<T>(_ choices: KeyValuePairs<T, Int>) -> T {
    var place = below(choices.reduce(0) { $0 + $1.value })
    for (choice, weight) in choices {
      if place < weight { return choice }
      place -= weight
    }
    preconditionFailure("the weights of the choices do not add up")
  }

  /// One of the texts.
  mutating func pick(_ texts: [String]) -> String { texts[below(texts.count)] }
}
