extension SpriteKind {
  /// Draws the creature without its face, in layers of its main color.
  func draw(_ canvas: inout SpriteCanvas, _ color: SpriteColor) {
    let (base, dark, pale) = (color.base, color.dark, color.pale)
    switch self {
    case .slime:
      canvas.ellipse(80, 112, 55, 50, base, bottom: 150)
      canvas.ellipse(80, 132, 62, 20, base, bottom: 150)
    case .ghost:
      canvas.ellipse(36, 105, 18, 10, base, mirrored: true)
      canvas.ellipse(80, 88, 44, 42, base)
      canvas.rectangle(36, 88, 124, 150, base)
      canvas.cut(50, 140, 60, 150, mirrored: true)
      canvas.cut(75, 140, 85, 150)
    case .cat:
      canvas.ellipse(126, 122, 9, 26, base)
      canvas.ellipse(80, 134, 34, 20, base, bottom: 152)
      canvas.flatten()
      canvas.triangle((30, 22), (36, 80), (74, 62), base, mirrored: true)
      canvas.ellipse(80, 88, 48, 32, base)
    case .rabbit:
      canvas.ellipse(80, 134, 36, 20, base, bottom: 152)
      canvas.flatten()
      canvas.rectangle(40, 22, 60, 80, base, mirrored: true)
      canvas.rectangle(50, 32, 60, 60, pale, mirrored: true)
      canvas.ellipse(80, 94, 44, 30, base)
    case .bear:
      canvas.ellipse(80, 130, 44, 24, base, bottom: 152)
      canvas.flatten()
      canvas.ellipse(38, 54, 17, 17, base, mirrored: true)
      canvas.ellipse(80, 88, 50, 34, base)
      canvas.ellipse(80, 102, 22, 14, pale)
    case .bird:
      canvas.rectangle(60, 140, 70, 155, 31, mirrored: true)
      canvas.flatten(outlined: false)
      canvas.ellipse(80, 98, 52, 48, base)
      canvas.ellipse(34, 108, 14, 26, dark, mirrored: true)
      canvas.triangle((80, 30), (68, 60), (92, 60), base)
      canvas.flatten()
      canvas.triangle((64, 95), (96, 95), (80, 118), 31)
      canvas.flatten(outlined: false)
    case .fish:
      canvas.triangle((100, 95), (150, 58), (150, 132), base)
      canvas.triangle((60, 60), (100, 60), (92, 38), base)
      canvas.ellipse(68, 95, 54, 40, base)
    case .dragon:
      canvas.triangle((8, 60), (20, 118), (66, 100), pale, mirrored: true)
      canvas.flatten()
      canvas.triangle((105, 150), (152, 150), (150, 112), base)
      canvas.ellipse(80, 126, 36, 28, base, bottom: 150)
      canvas.flatten()
      canvas.triangle((46, 28), (46, 62), (66, 56), base, mirrored: true)
      canvas.ellipse(80, 76, 40, 28, base)
      canvas.ellipse(80, 92, 26, 16, base)
    case .robot:
      canvas.rectangle(70, 30, 90, 50, dark)
      canvas.rectangle(70, 20, 90, 35, 27)
      canvas.flatten(outlined: false)
      canvas.rectangle(50, 140, 70, 155, base, mirrored: true)
      canvas.rectangle(30, 105, 45, 135, base, mirrored: true)
      canvas.rectangle(45, 100, 115, 142, base)
      canvas.flatten()
      canvas.rectangle(35, 45, 125, 105, base)
      canvas.rectangle(45, 55, 115, 100, pale)
    case .crab:
      canvas.rectangle(40, 130, 50, 155, base, mirrored: true)
      canvas.rectangle(60, 130, 70, 155, base, mirrored: true)
      canvas.ellipse(24, 80, 16, 18, base, mirrored: true)
      canvas.rectangle(20, 90, 40, 115, base, mirrored: true)
      canvas.ellipse(80, 112, 52, 30, base)
      canvas.cut(20, 60, 30, 80, mirrored: true)
    case .beetle:
      for y in [90, 110, 130] { canvas.rectangle(20, y, 50, y + 10, dark, mirrored: true) }
      canvas.rectangle(50, 35, 60, 55, dark, mirrored: true)
      canvas.flatten(outlined: false)
      canvas.ellipse(80, 68, 34, 22, pale)
      canvas.flatten()
      canvas.ellipse(80, 114, 42, 38, base)
      canvas.rectangle(70, 80, 90, 150, dark)
    case .mushroom:
      canvas.ellipse(80, 118, 32, 34, 25, bottom: 150)
      canvas.flatten()
      canvas.ellipse(80, 84, 66, 56, base, bottom: 92)
    case .snake:
      canvas.ellipse(80, 138, 64, 15, base, bottom: 152)
      canvas.flatten()
      canvas.ellipse(80, 116, 46, 14, base)
      canvas.flatten()
      canvas.rectangle(62, 70, 98, 106, base)
      canvas.ellipse(80, 62, 38, 26, base)
      canvas.flatten()
      canvas.rectangle(70, 88, 90, 100, 23)
      canvas.flatten(outlined: false)
    case .knight:
      canvas.rectangle(50, 135, 70, 155, dark, mirrored: true)
      canvas.ellipse(80, 124, 44, 24, base)
      canvas.rectangle(30, 112, 45, 135, base, mirrored: true)
      canvas.flatten()
      canvas.rectangle(70, 22, 90, 50, 27)
      canvas.rectangle(90, 22, 110, 32, 27)
      canvas.flatten(outlined: false)
      canvas.ellipse(80, 80, 46, 38, base)
      canvas.rectangle(50, 75, 110, 105, 25)
    case .frog:
      canvas.ellipse(38, 138, 26, 14, base, mirrored: true, bottom: 152)
      canvas.ellipse(54, 66, 19, 18, base, mirrored: true)
      canvas.ellipse(80, 108, 56, 40, base)
    case .bat:
      canvas.triangle((4, 62), (20, 118), (70, 108), base, mirrored: true)
      canvas.triangle((4, 62), (60, 80), (70, 108), base, mirrored: true)
      canvas.flatten()
      canvas.triangle((52, 40), (52, 78), (74, 66), base, mirrored: true)
      canvas.ellipse(80, 96, 36, 38, base)
    case .octopus:
      canvas.ellipse(80, 82, 54, 46, base)
      canvas.rectangle(25, 105, 40, 140, base, mirrored: true)
      canvas.rectangle(15, 135, 40, 150, base, mirrored: true)
      canvas.rectangle(52, 110, 66, 150, base, mirrored: true)
    case .owl:
      canvas.triangle((34, 30), (38, 80), (74, 60), base, mirrored: true)
      canvas.ellipse(80, 100, 48, 50, base)
      canvas.ellipse(34, 115, 12, 26, dark, mirrored: true)
      canvas.ellipse(58, 86, 22, 20, pale, mirrored: true)
      canvas.flatten()
      canvas.rectangle(70, 108, 90, 118, 31)
      canvas.flatten(outlined: false)
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
