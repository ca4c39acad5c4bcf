/// The main colors of sprites, each with the palette indices of its base, its dark outline and its pale marks.
package enum SpriteColor: String, CaseIterable {
  case red, orange, yellow, green, cyan, blue, purple, pink, brown, gray

  var base: UInt8 {
    switch self {
    case .red: 27
    case .orange: 30
    case .yellow: 33
    case .green: 39
    case .cyan: 50
    case .blue: 7
    case .purple: 14
    case .pink: 21
    case .brown: 35
    case .gray: 3
    }
  }

  var dark: UInt8 {
    switch self {
    case .red: 28
    case .orange: 31
    case .yellow: 34
    case .green: 44
    case .cyan: 51
    case .blue: 12
    case .purple: 16
    case .pink: 22
    case .brown: 36
    case .gray: 4
    }
  }

  var pale: UInt8 {
    switch self {
    case .red: 26
    case .orange: 29
    case .yellow: 2
    case .green: 38
    case .cyan: 45
    case .blue: 6
    case .purple: 13
    case .pink: 53
    case .brown: 25
    case .gray: 2
    }
  }
}

/// What kind of creature a sprite shows.
package enum SpriteKind: String, CaseIterable {
  case slime, ghost, cat, rabbit, bear, bird, fish, dragon, robot, crab, beetle, mushroom, snake, knight, frog, bat,
    octopus, owl
}

/// How the eyes of a sprite look.
package enum SpriteEyes: String, CaseIterable { case round, dots, sleepy, single, glowing, angry }

/// What a sprite's skin shows.
package enum SpritePattern: String, CaseIterable { case plain, spots, stripes, belly, cheeks, checks }

/// How a sprite holds itself.
package enum SpritePose: String, CaseIterable { case standing, jumping, leaning, left, right }

/// How light falls on a sprite's skin.
package enum SpriteShading: String, CaseIterable { case flat, shiny, shaded }

/// How large a sprite is drawn.
package enum SpriteSize: String, CaseIterable { case small, medium, large }

/// What a sprite wears on its head.
package enum SpriteHat: String, CaseIterable { case none, crown, wizard, bow, horns, flower, halo }

/// What a sprite holds.
package enum SpriteItem: String, CaseIterable { case none, sword, staff, torch, balloon, flag }

/// What a sprite's mouth does.
package enum SpriteMouth: String, CaseIterable { case none, smile, fangs }

/// Whether a sprite has wings.
package enum SpriteWings: String, CaseIterable { case no, yes }

/// What lies behind a sprite.
package enum SpriteGround: String, CaseIterable {
  case white, sky, night, meadow

  /// The palette index of the background.
  var color: UInt8 {
    switch self {
    case .white: 1
    case .sky: 5
    case .night: 52
    case .meadow: 41
    }
  }
}

/// Everything that a sprite's picture and caption are made from.
package struct SpriteTraits: Equatable {
  var kind = SpriteKind.slime
  var color = SpriteColor.red
  var eyes = SpriteEyes.round
  var pattern = SpritePattern.plain
  var size = SpriteSize.medium
  var hat = SpriteHat.none
  var item = SpriteItem.none
  var mouth = SpriteMouth.none
  var wings = SpriteWings.no
  var ground = SpriteGround.white
  var pose = SpritePose.standing
  var shading = SpriteShading.flat

  /// The traits by name, in a fixed order.
  package var named: [NamedText] {
    [
      NamedText("kind", kind.rawValue), NamedText("color", color.rawValue), NamedText("eyes", eyes.rawValue),
      NamedText("pattern", pattern.rawValue), NamedText("size", size.rawValue), NamedText("hat", hat.rawValue),
      NamedText("item", item.rawValue), NamedText("mouth", mouth.rawValue), NamedText("wings", wings.rawValue),
      NamedText("background", ground.rawValue), NamedText("pose", pose.rawValue),
      NamedText("shading", shading.rawValue),
    ]
  }
}
