/// The words for a trait of a sprite, any of which states it.
package protocol SpriteWords {
  /// The texts that state the trait, empty where there is nothing to say.
  var words: [String] { get }
}

extension SpriteKind: SpriteWords {
  package var words: [String] {
    switch self {
    case .slime: ["slime", "blob"]
    case .ghost: ["ghost", "spirit"]
    case .cat: ["cat", "kitten"]
    case .rabbit: ["rabbit", "bunny"]
    case .bear: ["bear", "cub"]
    case .bird: ["bird", "chick"]
    case .fish: ["fish"]
    case .dragon: ["dragon", "drake"]
    case .robot: ["robot", "machine"]
    case .crab: ["crab"]
    case .beetle: ["beetle", "bug"]
    case .mushroom: ["mushroom", "toadstool"]
    case .snake: ["snake", "serpent"]
    case .knight: ["knight", "guard"]
    case .frog: ["frog", "toad"]
    case .bat: ["bat"]
    case .octopus: ["octopus"]
    case .owl: ["owl"]
    }
  }
}

extension SpriteSize: SpriteWords {
  package var words: [String] {
    switch self {
    case .small: ["small", "tiny", "little"]
    case .medium: []
    case .large: ["large", "big", "huge"]
    }
  }
}

extension SpriteEyes: SpriteWords {
  package var words: [String] {
    switch self {
    case .round: ["round eyes", "wide eyes", "bright eyes"]
    case .dots: ["dark dots for eyes", "beady eyes", "button eyes"]
    case .sleepy: ["sleepy eyes", "half-closed eyes", "drowsy eyes"]
    case .single: ["one giant eye", "a single eye", "only one eye"]
    case .glowing: ["glowing eyes", "blank eyes", "shining eyes"]
    case .angry: ["angry eyes", "fierce eyes", "a mean look"]
    }
  }
}

extension SpritePattern: SpriteWords {
  package var words: [String] {
    switch self {
    case .plain: ["plain skin", "a smooth body", "skin of one shade"]
    case .spots: ["pale spots", "a spotted body", "light spots all over"]
    case .stripes: ["dark stripes", "a striped body", "stripes all over"]
    case .belly: ["a pale belly", "a light tummy"]
    case .cheeks: ["rosy cheeks", "blushing cheeks"]
    case .checks: ["a checkered body", "a checkered coat", "checks all over"]
    }
  }
}

extension SpritePose: SpriteWords {
  package var words: [String] {
    switch self {
    case .standing: []
    case .jumping: ["jumping", "leaping", "hopping"]
    case .leaning: ["leaning over", "tilting over", "bending over"]
    case .left: ["looking left", "glancing left", "looking to the left"]
    case .right: ["looking right", "glancing right", "looking to the right"]
    }
  }
}

extension SpriteShading: SpriteWords {
  package var words: [String] {
    switch self {
    case .flat: []
    case .shiny: ["a glossy shine", "a bright gleam", "a shiny coat"]
    case .shaded: ["a soft shadow", "deep shading", "a shaded side"]
    }
  }
}

extension SpriteHat: SpriteWords {
  package var words: [String] {
    switch self {
    case .none: []
    case .crown: ["a crown", "a golden crown", "a king's crown"]
    case .wizard: ["a wizard hat", "a pointed hat", "a magic hat"]
    case .bow: ["a ribbon", "a bow", "a pretty bow"]
    case .horns: ["two horns", "curved horns", "a pair of horns"]
    case .flower: ["a flower", "a flower on its head", "a fresh flower"]
    case .halo: ["a halo", "a ring of light"]
    }
  }
}

extension SpriteHat {
  /// What one does with it.
  var verbs: [String] {
    switch self {
    case .none, .horns, .halo: ["with "]
    case .crown, .wizard, .bow, .flower: ["wearing ", "with "]
    }
  }
}

extension SpriteItem: SpriteWords {
  package var words: [String] {
    switch self {
    case .none: []
    case .sword: ["a sword", "a sharp sword", "a blade"]
    case .staff: ["a staff", "a magic staff", "a wand"]
    case .torch: ["a torch", "a burning torch", "a flame on a stick"]
    case .balloon: ["a balloon", "a round balloon"]
    case .flag: ["a flag", "a banner"]
    }
  }
}

extension SpriteMouth: SpriteWords {
  package var words: [String] {
    switch self {
    case .none: []
    case .smile: ["a smile", "a happy smile", "a grin"]
    case .fangs: ["fangs", "sharp fangs", "pointed teeth"]
    }
  }
}

extension SpriteWings: SpriteWords {
  package var words: [String] { self == .yes ? ["wings", "feathered wings", "a pair of wings"] : [] }
}

extension SpriteGround: SpriteWords {
  package var words: [String] {
    switch self {
    case .white: []
    case .sky: ["under a clear sky", "up in the sky"]
    case .night: ["at night", "in the dark"]
    case .meadow: ["in a meadow", "on the grass"]
    }
  }
}
