/// Bodies of spirits, crawlers, plants and people, without their faces.
extension SpriteCanvas {
  /// A dome that spreads on the ground.
  mutating func drawSlime(_ color: SpriteColor) {
    ellipse(80, 112, 55, 50, color.base, bottom: 150)
    ellipse(80, 132, 62, 20, color.base, bottom: 150)
  }

  /// A sheet with arms and a ragged hem.
  mutating func drawGhost(_ color: SpriteColor) {
    ellipse(36, 105, 18, 10, color.base, mirrored: true)
    ellipse(80, 88, 44, 42, color.base)
    rectangle(36, 88, 124, 150, color.base)
    cut(50, 140, 60, 150, mirrored: true)
    cut(75, 140, 85, 150)
  }

  /// A square head with a screen and a lamp over a square body.
  mutating func drawRobot(_ color: SpriteColor) {
    rectangle(70, 30, 90, 50, color.dark)
    rectangle(70, 20, 90, 35, 27)
    flatten(outlined: false)
    rectangle(50, 140, 70, 155, color.base, mirrored: true)
    rectangle(30, 105, 45, 135, color.base, mirrored: true)
    rectangle(45, 100, 115, 142, color.base)
    flatten()
    rectangle(35, 45, 125, 105, color.base)
    rectangle(45, 55, 115, 100, color.pale)
  }

  /// A wide shell with raised claws and legs.
  mutating func drawCrab(_ color: SpriteColor) {
    rectangle(40, 130, 50, 155, color.base, mirrored: true)
    rectangle(60, 130, 70, 155, color.base, mirrored: true)
    ellipse(24, 80, 16, 18, color.base, mirrored: true)
    rectangle(20, 90, 40, 115, color.base, mirrored: true)
    ellipse(80, 112, 52, 30, color.base)
    cut(20, 60, 30, 80, mirrored: true)
  }

  /// A shell in two halves with legs, and a pale head with feelers.
  mutating func drawBeetle(_ color: SpriteColor) {
    for y in [90, 110, 130] { rectangle(20, y, 50, y + 10, color.dark, mirrored: true) }
    rectangle(50, 35, 60, 55, color.dark, mirrored: true)
    flatten(outlined: false)
    ellipse(80, 68, 34, 22, color.pale)
    flatten()
    ellipse(80, 114, 42, 38, color.base)
    rectangle(70, 80, 90, 150, color.dark)
  }

  /// A wide cap over a pale stem, which carries the face.
  mutating func drawMushroom(_ color: SpriteColor) {
    ellipse(80, 118, 32, 34, 25, bottom: 150)
    flatten()
    ellipse(80, 84, 66, 56, color.base, bottom: 92)
  }

  /// A neck and a head over two coils.
  mutating func drawSnake(_ color: SpriteColor) {
    ellipse(80, 138, 64, 15, color.base, bottom: 152)
    flatten()
    ellipse(80, 116, 46, 14, color.base)
    flatten()
    rectangle(62, 70, 98, 106, color.base)
    ellipse(80, 62, 38, 26, color.base)
    flatten()
    rectangle(70, 88, 90, 100, 23)
    flatten(outlined: false)
  }

  /// A helmet with an open face and a plume over a body with arms and boots.
  mutating func drawKnight(_ color: SpriteColor) {
    rectangle(50, 135, 70, 155, color.dark, mirrored: true)
    ellipse(80, 124, 44, 24, color.base)
    rectangle(30, 112, 45, 135, color.base, mirrored: true)
    flatten()
    rectangle(70, 22, 90, 50, 27)
    rectangle(90, 22, 110, 32, 27)
    flatten(outlined: false)
    ellipse(80, 80, 46, 38, color.base)
    rectangle(50, 75, 110, 105, 25)
  }

  /// A tall head on curled arms.
  mutating func drawOctopus(_ color: SpriteColor) {
    ellipse(80, 82, 54, 46, color.base)
    rectangle(25, 105, 40, 140, color.base, mirrored: true)
    rectangle(15, 135, 40, 150, color.base, mirrored: true)
    rectangle(52, 110, 66, 150, color.base, mirrored: true)
  }
}
