/// Where on a creature its face, hat, hands and wings go, in units of the canvas.
struct Anatomy {
  /// Half the distance between the eyes, and their height.
  var eyes = (x: 20, y: 90)
  /// Whether the creature is seen from its side, with one eye.
  var sideways = false
  /// The height of the mouth, nil where none fits.
  var mouth: Int? = 110
  /// The height at which a hat ends, nil where none fits.
  var hat: Int? = 50
  /// The middle and radii of the pale belly.
  var belly = (y: 125, rx: 22, ry: 18)
  /// The place of the hand that holds something, nil where there is none.
  var hand: (x: Int, y: Int)? = (135, 115)
  /// The height of the wings' roots and their distance from the middle, nil where none fit.
  var wings: (x: Int, y: Int)? = (45, 100)
}

extension SpriteTraits {
  /// Returns the palette indices of the picture, row by row.
  func drawn(size: Int) -> [UInt8] {
    var canvas = SpriteCanvas(
      size: size, scale: size < 12 ? 100 : self.size.scale * pose.scale / 100, outline: color.dark)
    let anatomy = kind.anatomy
    if wings == .yes, let place = anatomy.wings { drawWings(&canvas, place) }
    kind.draw(&canvas, color)
    canvas.flatten()
    drawShading(&canvas)
    drawPattern(&canvas, anatomy)
    let isLarge = size * canvas.scale >= 16 * 85
    if !anatomy.sideways { canvas.shift = pose == .left ? -canvas.pixel : pose == .right ? canvas.pixel : 0 }
    drawFace(&canvas, anatomy, isLarge: isLarge)
    canvas.shift = 0
    if let top = anatomy.hat { drawHat(&canvas, top, isLarge: isLarge) }
    if let hand = anatomy.hand { drawItem(&canvas, hand) }
    if pose == .leaning { canvas.lean() }
    if pose == .right, anatomy.sideways { canvas.mirror() }
    canvas.raise()
    if pose == .jumping { canvas.drawShadow() }
    return canvas.cells.map { $0 == SpriteCanvas.clear ? ground.color : $0 }
  }

  private func drawWings(_ canvas: inout SpriteCanvas, _ place: (x: Int, y: Int)) {
    canvas.ellipse(80 - place.x - 12, place.y - 12, 16, 12, 2, mirrored: true)
    canvas.ellipse(80 - place.x - 8, place.y + 2, 14, 10, 2, mirrored: true)
    canvas.flatten()
  }

  private func drawPattern(_ canvas: inout SpriteCanvas, _ anatomy: Anatomy) {
    let unit = max(1, canvas.size / 16)
    switch pattern {
    case .plain, .cheeks: break
    case .spots:
      canvas.recolor(color.base, to: color.pale) { outward, row in
        row / unit % 3 == 1 && (outward / unit + row / unit / 3) % 3 == 1
      }
    case .stripes:
      canvas.recolor(color.base, to: color.dark) { _, row in (row / unit) % 3 == 0 }
    case .checks:
      canvas.recolor(color.base, to: color.dark) { outward, row in
        (outward / (2 * unit) + row / (2 * unit)) % 2 == 0
      }
    case .belly:
      canvas.recolor(color.base, to: color.pale, 80, anatomy.belly.y, anatomy.belly.rx, anatomy.belly.ry)
    }
  }

  /// Light from above on the left: a pale rim on its side of every part, or a dark one on the other.
  private func drawShading(_ canvas: inout SpriteCanvas) {
    switch shading {
    case .flat: break
    case .shiny: canvas.recolorRim(color.base, to: color.pale, -1)
    case .shaded: canvas.recolorRim(color.base, to: color.dark, 1)
    }
  }

  private func drawFace(_ canvas: inout SpriteCanvas, _ anatomy: Anatomy, isLarge: Bool) {
    let inks: [Character: UInt8] = ["#": 0, "o": 2, "*": color == .pink || color == .red ? 29 : 21]
    // In a very small picture the eyes would meet in the middle.
    let outward = canvas.size < 12 ? max(30, anatomy.eyes.x) : anatomy.eyes.x
    let (x, y, both) = (80 - outward, anatomy.eyes.y, !anatomy.sideways)
    if pattern == .cheeks { canvas.stamp(["*"], x - 10, y + 19, inks, mirrored: both) }
    if eyes == .single {
      canvas.stamp(isLarge ? ["oooo", "o##o", "o##o"] : ["oo", "##"], both ? 80 : x, y + 5, inks)
    } else {
      canvas.stamp(isLarge ? eyes.large : eyes.small, x, y + 5, inks, mirrored: both)
    }
    if let place = anatomy.mouth {
      switch mouth {
      case .none: break
      case .smile: canvas.stamp(isLarge ? ["#..#", ".##."] : ["##"], 80, place + 5, inks)
      case .fangs: canvas.stamp(isLarge ? ["####", "o..o"] : ["####", "o..o"], 80, place + 5, inks)
      }
    }
  }
}

extension SpriteSize {
  /// The size in percent of the largest.
  fileprivate var scale: Int {
    switch self {
    case .small: 76
    case .medium: 88
    case .large: 100
    }
  }
}

extension SpritePose {
  /// The size in percent of one that stands; those that need room beside or below are smaller.
  fileprivate var scale: Int {
    switch self {
    case .standing, .left, .right: 100
    case .leaning: 90
    case .jumping: 84
    }
  }
}

extension SpriteEyes {
  /// The left eye of a sprite with room for two pixels.
  fileprivate var large: [String] {
    switch self {
    case .round: ["o#", "o#"]
    case .dots: ["#"]
    case .sleepy: ["##"]
    case .single: []
    case .glowing: ["oo", "oo"]
    case .angry: ["#.", "o#"]
    }
  }

  /// The left eye of a sprite with room for one pixel.
  fileprivate var small: [String] {
    switch self {
    case .round: ["o", "#"]
    case .dots: ["#"]
    case .sleepy: ["##"]
    case .single: []
    case .glowing: ["o", "o"]
    case .angry: ["#.", ".#"]
    }
  }
}
