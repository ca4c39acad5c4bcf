/// Bodies of animals with fur, feathers or scales, without their faces.
extension SpriteCanvas {
  /// A wide head with pointed ears over a small body with a tail.
  mutating func drawCat(_ color: SpriteColor) {
    ellipse(126, 122, 9, 26, color.base)
    ellipse(80, 134, 34, 20, color.base, bottom: 152)
    flatten()
    triangle((30, 22), (36, 80), (74, 62), color.base, mirrored: true)
    ellipse(80, 88, 48, 32, color.base)
  }

  /// A head with long ears over a small body.
  mutating func drawRabbit(_ color: SpriteColor) {
    ellipse(80, 134, 36, 20, color.base, bottom: 152)
    flatten()
    rectangle(40, 22, 60, 80, color.base, mirrored: true)
    rectangle(50, 32, 60, 60, color.pale, mirrored: true)
    ellipse(80, 94, 44, 30, color.base)
  }

  /// A head with round ears and a snout over a body.
  mutating func drawBear(_ color: SpriteColor) {
    ellipse(80, 130, 44, 24, color.base, bottom: 152)
    flatten()
    ellipse(38, 54, 17, 17, color.base, mirrored: true)
    ellipse(80, 88, 50, 34, color.base)
    ellipse(80, 102, 22, 14, color.pale)
  }

  /// A ball with wings, a beak, feet and a tuft.
  mutating func drawBird(_ color: SpriteColor) {
    rectangle(60, 140, 70, 155, 31, mirrored: true)
    flatten(outlined: false)
    ellipse(80, 98, 52, 48, color.base)
    ellipse(34, 108, 14, 26, color.dark, mirrored: true)
    triangle((80, 30), (68, 60), (92, 60), color.base)
    flatten()
    triangle((64, 95), (96, 95), (80, 118), 31)
    flatten(outlined: false)
  }

  /// A body seen from its side, with a tail and a fin.
  mutating func drawFish(_ color: SpriteColor) {
    triangle((100, 95), (150, 58), (150, 132), color.base)
    triangle((60, 60), (100, 60), (92, 38), color.base)
    ellipse(68, 95, 54, 40, color.base)
  }

  /// A horned head over a body with wings and a tail.
  mutating func drawDragon(_ color: SpriteColor) {
    triangle((8, 60), (20, 118), (66, 100), color.pale, mirrored: true)
    flatten()
    triangle((105, 150), (152, 150), (150, 112), color.base)
    ellipse(80, 126, 36, 28, color.base, bottom: 150)
    flatten()
    triangle((46, 28), (46, 62), (66, 56), color.base, mirrored: true)
    ellipse(80, 76, 40, 28, color.base)
    ellipse(80, 92, 26, 16, color.base)
  }

  /// A wide body with feet and bumps for the eyes.
  mutating func drawFrog(_ color: SpriteColor) {
    ellipse(38, 138, 26, 14, color.base, mirrored: true, bottom: 152)
    ellipse(54, 66, 19, 18, color.base, mirrored: true)
    ellipse(80, 108, 56, 40, color.base)
  }

  /// A head with ears between spread wings.
  mutating func drawBat(_ color: SpriteColor) {
    triangle((4, 62), (20, 118), (70, 108), color.base, mirrored: true)
    triangle((4, 62), (60, 80), (70, 108), color.base, mirrored: true)
    flatten()
    triangle((52, 40), (52, 78), (74, 66), color.base, mirrored: true)
    ellipse(80, 96, 36, 38, color.base)
  }

  /// A body with feather ears, wings, discs around the eyes and a beak.
  mutating func drawOwl(_ color: SpriteColor) {
    triangle((34, 30), (38, 80), (74, 60), color.base, mirrored: true)
    ellipse(80, 100, 48, 50, color.base)
    ellipse(34, 115, 12, 26, color.dark, mirrored: true)
    ellipse(58, 86, 22, 20, color.pale, mirrored: true)
    flatten()
    rectangle(70, 108, 90, 118, 31)
    flatten(outlined: false)
  }
}
