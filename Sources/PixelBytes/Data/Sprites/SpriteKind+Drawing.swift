extension SpriteKind {
  /// Draws the creature without its face, in layers of its main color.
  func draw(_ canvas: inout SpriteCanvas, _ color: SpriteColor) {
    switch self {
    case .slime: canvas.drawSlime(color)
    case .ghost: canvas.drawGhost(color)
    case .cat: canvas.drawCat(color)
    case .rabbit: canvas.drawRabbit(color)
    case .bear: canvas.drawBear(color)
    case .bird: canvas.drawBird(color)
    case .fish: canvas.drawFish(color)
    case .dragon: canvas.drawDragon(color)
    case .robot: canvas.drawRobot(color)
    case .crab: canvas.drawCrab(color)
    case .beetle: canvas.drawBeetle(color)
    case .mushroom: canvas.drawMushroom(color)
    case .snake: canvas.drawSnake(color)
    case .knight: canvas.drawKnight(color)
    case .frog: canvas.drawFrog(color)
    case .bat: canvas.drawBat(color)
    case .octopus: canvas.drawOctopus(color)
    case .owl: canvas.drawOwl(color)
    }
  }

  /// Where the creature's face, hat, hand and wings go.
  var anatomy: Anatomy {
    switch self {
    case .slime: Anatomy(eyes: (20, 105), mouth: 132, hat: 65, belly: (132, 30, 14), hand: nil, wings: (48, 100))
    case .ghost: Anatomy(eyes: (20, 80), mouth: 107, hat: 48, hand: (135, 105), wings: (48, 90))
    case .cat: Anatomy(eyes: (25, 85), mouth: 112, hat: 52, belly: (135, 18, 14), hand: (28, 130), wings: (42, 118))
    case .rabbit:
      Anatomy(eyes: (20, 90), mouth: 117, hat: nil, belly: (136, 20, 14), hand: (132, 130), wings: (42, 118))
    case .bear: Anatomy(eyes: (25, 85), mouth: 112, hat: 52, belly: (134, 26, 16), hand: (138, 125), wings: (46, 112))
    case .bird: Anatomy(eyes: (25, 85), mouth: nil, hat: 45, belly: (122, 28, 20), hand: nil, wings: (52, 100))
    case .fish:
      Anatomy(eyes: (35, 88), sideways: true, mouth: nil, hat: nil, belly: (118, 34, 14), hand: nil, wings: nil)
    case .dragon: Anatomy(eyes: (20, 72), mouth: 98, hat: nil, belly: (132, 20, 18), hand: nil, wings: nil)
    case .robot: Anatomy(eyes: (20, 70), mouth: 96, hat: nil, belly: (122, 20, 12), hand: (138, 120), wings: (45, 110))
    case .crab: Anatomy(eyes: (20, 105), mouth: 130, hat: 82, belly: (128, 30, 10), hand: nil, wings: nil)
    case .beetle: Anatomy(eyes: (20, 70), mouth: nil, hat: 52, belly: (130, 30, 14), hand: nil, wings: (52, 95))
    case .mushroom: Anatomy(eyes: (20, 112), mouth: 138, hat: nil, belly: (50, 20, 10), hand: (125, 130), wings: nil)
    case .snake: Anatomy(eyes: (20, 62), mouth: nil, hat: 38, belly: (98, 12, 14), hand: nil, wings: (35, 95))
    case .knight:
      Anatomy(eyes: (20, 90), mouth: nil, hat: nil, belly: (124, 24, 16), hand: (138, 120), wings: (46, 112))
    case .frog: Anatomy(eyes: (25, 66), mouth: 104, hat: nil, belly: (128, 34, 16), hand: (145, 120), wings: nil)
    case .bat: Anatomy(eyes: (20, 88), mouth: 114, hat: 58, belly: (120, 20, 14), hand: nil, wings: nil)
    case .octopus: Anatomy(eyes: (20, 82), mouth: 108, hat: 40, belly: (112, 26, 10), hand: (142, 130), wings: nil)
    case .owl: Anatomy(eyes: (20, 85), mouth: nil, hat: nil, belly: (130, 26, 18), hand: nil, wings: (48, 105))
    }
  }
}
