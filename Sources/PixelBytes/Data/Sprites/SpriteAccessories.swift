extension SpriteTraits {
  /// Draws what the creature wears; `top` is where its head ends.
  func drawHat(_ canvas: inout SpriteCanvas, _ top: Int, isLarge: Bool) {
    let inks: [Character: UInt8] = ["y": 34, "p": 16, "r": 23, "m": 18, "n": 25, "d": 36]
    let rows: [String] =
      switch hat {
      case .none: []
      case .crown: ["y.yy.y", "yyyyyy"]
      case .wizard: isLarge ? ["...pp...", "..pppp..", "..pyyp..", "pppppppp"] : ["..pp..", ".pyyp.", "pppppp"]
      case .bow: ["rr..rr", "rrmmrr", "r....r"]
      case .horns: isLarge ? ["n......n", "nn....nn", ".nn..nn."] : ["n....n", "nn..nn"]
      case .flower: [".mm.", "myym", ".mm."]
      case .halo: [".yyyy.", "y....y", ".yyyy.", "......"]
      }
    canvas.stamp(rows, 80, top, inks)
  }

  /// Draws what the creature holds in its hand.
  func drawItem(_ canvas: inout SpriteCanvas, _ hand: (x: Int, y: Int)) {
    let inks: [Character: UInt8] = ["s": 4, "w": 3, "t": 36, "o": 49, "r": 27, "y": 34, "f": 31]
    let rows: [String] =
      switch item {
      case .none: []
      case .sword: [".w.", ".w.", ".w.", ".w.", "ttt", ".t."]
      case .staff: ["ooo", "ooo", ".t.", ".t.", ".t.", ".t.", ".t."]
      case .torch: [".y.", "yfy", "fff", ".t.", ".t.", ".t."]
      case .balloon: [".rrr.", "rrrrr", "rrrrr", ".rrr.", "..s..", "..s..", "..s.."]
      case .flag: ["trr", "trr", "t..", "t..", "t..", "t.."]
      }
    canvas.stamp(rows, hand.x, hand.y + 15, inks)
  }
}
