extension SpriteTraits {
  /// Draws the traits of one sprite at random, those that its kind has no room for left out.
  init(size: Int, combinations: Sprites.Combinations = .all, using random: inout some RandomNumberGenerator) {
    kind = SpriteKind.allCases[random.below(SpriteKind.allCases.count)]
    color = SpriteColor.allCases[random.below(SpriteColor.allCases.count)]
    eyes = SpriteEyes.allCases[random.below(SpriteEyes.allCases.count)]
    pattern = random.pick([.plain: 6, .spots: 3, .stripes: 3, .belly: 3, .cheeks: 3])
    self.size = random.pick([.small: 2, .medium: 5, .large: 4])
    hat = random.pick([.none: 10, .crown: 2, .wizard: 2, .bow: 2, .horns: 2, .flower: 2, .halo: 2])
    item = random.pick([.none: 8, .sword: 2, .staff: 2, .torch: 2, .balloon: 2, .flag: 2])
    mouth = random.pick([.none: 3, .smile: 2, .fangs: 2])
    wings = random.below(5) == 0 ? .yes : .no
    ground = random.pick([.white: 17, .sky: 1, .night: 1, .meadow: 1])
    if size >= 12 {
      pose = random.pick([.standing: 6, .jumping: 2, .leaning: 1, .left: 1, .right: 1])
      shading = random.pick([.flat: 4, .shiny: 1, .shaded: 1])
      if random.below(6) == 0 { pattern = .checks }
    }
    switch combinations {
    case .all: break
    case .seen:
      let other = SpriteColor.allCases[(color.place + 1 + random.below(9)) % 10]
      if color == kind.heldOutColor { color = other }
    case .unseen: color = kind.heldOutColor
    }
    leaveOutWhatHasNoRoom(size: size)
  }

  /// Sets every trait that does not show in a picture of this size to its plainest value.
  mutating func leaveOutWhatHasNoRoom(size: Int) {
    let anatomy = kind.anatomy
    // A picture of fewer than 12 pixels has no room beside the body.
    let isTiny = size < 12
    if anatomy.hat == nil || isTiny { hat = .none }
    if anatomy.hand == nil || isTiny { item = .none }
    if anatomy.mouth == nil || isTiny { mouth = .none }
    if anatomy.wings == nil || isTiny { wings = .no }
    // A rim of white would outdo the main color.
    if shading == .shiny, color.pale == SpriteColor.gray.pale { shading = .flat }
    if anatomy.sideways, pose == .left { pose = .standing }
    if isTiny { (self.size, pose, shading) = (.medium, .standing, .flat) }
    if isTiny, pattern != .stripes { pattern = .plain }
  }
}

extension SpriteColor {
  fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension SpriteKind {
  /// The one color that `Sprites.Combinations.seen` never gives the kind; every color is that of one kind or two.
  var heldOutColor: SpriteColor {
    let place = Self.allCases.firstIndex(of: self) ?? 0
    return SpriteColor.allCases[(3 * place + 4) % 10]
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
