import Safepoint

extension Aseprite {
  /// Returns the first `limit` frames, as they are seen: their visible layers, one over the other.
  public func frames(limit: Int = .max) throws(FormatError) -> [GIF.Frame] {
    let count = min(limit, cels.count)
    guard count <= max(1, RasterImage.pixelLimit / (width * height)) else {
      throw FormatError(
        .limit, in: file,
        "has \(count) frames of \(width) x \(height) pixels; at most \(RasterImage.pixelLimit >> 20) megapixels are read"
      )
    }
    let visible = try visibleLayers()
    var frames: [GIF.Frame] = []
    for number in 0..<count {
      var canvas = [UInt8](repeating: 0, count: 4 * width * height)
      // Cels lie as their layers do, moved by their own order; of the same order the one moved less is below.
      let drawn = cels[number].filter { visible[$0.layer] }.enumerated().sorted {
        ($0.element.order, $0.element.order - $0.element.layer, $0.offset)
          < ($1.element.order, $1.element.order - $1.element.layer, $1.offset)
      }
      for (_, cel) in drawn { try draw(cel, &canvas, number) }
      frames.append(GIF.Frame(image: RasterImage(width: width, height: height, rgba: canvas), delay: delays[number]))
    }
    return frames
  }

  /// Whether each layer is seen: it and the groups that it lies in.
  private func visibleLayers() throws(FormatError) -> [Bool] {
    var (visible, open): ([Bool], [Bool]) = ([], [])
    for layer in layers {
      open.removeLast(max(0, open.count - layer.level))
      let isVisible = layer.isVisible && (open.last ?? true)
      visible.append(isVisible && !layer.isGroup)
      open.append(isVisible)
      if isVisible, !layer.isGroup, BlendMode(rawValue: layer.mode) == nil {
        throw FormatError(.unsupported, in: file, "has a layer of the blend mode \(layer.mode), which is not read")
      }
    }
    return visible
  }

  private func draw(_ cel: Cel, _ canvas: inout [UInt8], _ frame: Int) throws(FormatError) {
    let layer = layers[cel.layer]
    var content = cel.content
    var opacity = cel.opacity
    if case .linked(let other) = content {
      guard other < cels.count, let source = cels[other].first(where: { $0.layer == cel.layer }) else {
        throw broken("a cel of frame \(frame) is that of frame \(other), which has none")
      }
      content = source.content
      opacity = source.opacity
    }
    let strength = Self.product(opacity, layer.opacity)
    let mode = BlendMode(rawValue: layer.mode) ?? .normal
    switch content {
    case .linked: throw broken("a cel is that of a frame which has none of its own")
    case .pixels(let columns, let rows, let bytes):
      for y in max(0, -cel.top)..<max(max(0, -cel.top), min(rows, height - cel.top)) {
        if Safepoint.mustStop(after: 20 * columns) { return }
        for x in max(0, -cel.left)..<max(max(0, -cel.left), min(columns, width - cel.left)) {
          let color = try color(bytes, y * columns + x, layer)
          mode.draw(color, strength, &canvas, 4 * ((y + cel.top) * width + x + cel.left))
        }
      }
    case .tiles(let columns, let rows, let bytes, let masks):
      guard let number = layer.tileset, let tiles = tilesets[number], tiles.width > 0, tiles.height > 0 else {
        throw broken("a layer of tiles has none")
      }
      for row in Self.seen(rows, tiles.height, from: cel.top, in: height) {
        for column in Self.seen(columns, tiles.width, from: cel.left, in: width) {
          if Safepoint.mustStop(after: 20 * tiles.width * tiles.height) { return }
          let value: UInt32 = bytes.littleEndian(at: 4 * (row * columns + column))
          let corner = (cel.left + column * tiles.width, cel.top + row * tiles.height)
          try draw(value, masks, of: tiles, layer, at: corner, &canvas) { mode.draw($0, strength, &$1, $2) }
        }
      }
    }
  }

  /// Those of `count` tiles of one size, which begin at `start`, that lie inside of `side` pixels.
  private static func seen(_ count: Int, _ size: Int, from start: Int, in side: Int) -> Range<Int> {
    let first = start < 0 ? -start / size : 0
    let end = min(count, side <= start ? 0 : (side - start + size - 1) / size)
    return min(first, end)..<end
  }

  private func draw(
    _ value: UInt32, _ masks: [UInt32], of tiles: Tileset, _ layer: Layer, at corner: (left: Int, top: Int),
    _ canvas: inout [UInt8], _ put: ([UInt8], inout [UInt8], Int) -> Void
  ) throws(FormatError) {
    let tile = Int((value & masks[0]) >> UInt32(masks[0] == 0 ? 0 : masks[0].trailingZeroBitCount))
    guard tile < tiles.count else { throw broken("it has tile \(tile) of \(tiles.count)") }
    let (mirrorsX, mirrorsY, isSideways) = (value & masks[1] != 0, value & masks[2] != 0, value & masks[3] != 0)
    for y in 0..<tiles.height where 0..<height ~= y + corner.top {
      for x in 0..<tiles.width where 0..<width ~= x + corner.left {
        var (column, row) = (mirrorsX ? tiles.width - 1 - x : x, mirrorsY ? tiles.height - 1 - y : y)
        if isSideways { (column, row) = (row, column) }
        guard column < tiles.width, row < tiles.height else { continue }
        let color = try color(tiles.pixels, (tile * tiles.height + row) * tiles.width + column, layer)
        put(color, &canvas, 4 * ((y + corner.top) * width + x + corner.left))
      }
    }
  }

  /// The color of a pixel as it is stored.
  private func color(_ bytes: [UInt8], _ pixel: Int, _ layer: Layer) throws(FormatError) -> [UInt8] {
    switch depth {
    case 32: return [bytes[4 * pixel], bytes[4 * pixel + 1], bytes[4 * pixel + 2], bytes[4 * pixel + 3]]
    case 16: return [bytes[2 * pixel], bytes[2 * pixel], bytes[2 * pixel], bytes[2 * pixel + 1]]
    default:
      let index = Int(bytes[pixel])
      if index == transparent, !layer.isBackground { return [0, 0, 0, 0] }
      guard index < palette.count else { throw broken("it has the color \(index) of \(palette.count)") }
      return palette[index]
    }
  }

  private func broken(_ reason: String) -> FormatError {
    FormatError(.malformed, in: file, "is a broken Aseprite file: \(reason)")
  }

  /// The product of two parts of 255.
  static func product(_ a: Int, _ b: Int) -> Int {
    let sum = a * b + 128
    return (sum >> 8 + sum) >> 8
  }

  /// The quotient of two parts of 255, rounded.
  static func quotient(_ a: Int, _ b: Int) -> Int { (a * 255 + b / 2) / b }
}

/// How a layer changes what lies under it, channel by channel; the numbers are those of the files.
private enum BlendMode: Int {
  case normal, multiply, screen, overlay, darken, lighten, dodge, burn, hardLight, softLight, difference, exclusion
  case addition = 16
  case subtract, divide

  /// Draws a color, of which the layer lets `strength` of 255 through.
  func draw(_ color: [UInt8], _ strength: Int, _ canvas: inout [UInt8], _ place: Int) {
    let alpha = Aseprite.product(Int(color[3]), strength)
    if alpha == 0 { return }
    let under = Int(canvas[place + 3])
    // On nothing every mode is the normal one.
    if under == 0 {
      for channel in 0..<3 { canvas[place + channel] = color[channel] }
      canvas[place + 3] = UInt8(alpha)
      return
    }
    let sum = under + alpha - Aseprite.product(under, alpha)
    for channel in 0..<3 {
      let (below, above) = (Int(canvas[place + channel]), Int(color[channel]))
      // Where what lies under is half there, the mode changes the color by half.
      let mixed = self == .normal ? above : above + (blended(below, above) - above) * under / 255
      canvas[place + channel] = UInt8(min(255, max(0, below + (mixed - below) * alpha / sum)))
    }
    canvas[place + 3] = UInt8(sum)
  }

  private func blended(_ below: Int, _ above: Int) -> Int {
    switch self {
    case .normal: above
    case .multiply: Aseprite.product(below, above)
    case .screen: below + above - Aseprite.product(below, above)
    case .overlay: BlendMode.hardLight.blended(above, below)
    case .darken: min(below, above)
    case .lighten: max(below, above)
    case .dodge: below == 0 ? 0 : below >= 255 - above ? 255 : Aseprite.quotient(below, 255 - above)
    case .burn: below == 255 ? 255 : 255 - below >= above ? 0 : 255 - Aseprite.quotient(255 - below, above)
    case .hardLight:
      above < 128 ? Aseprite.product(below, above << 1) : BlendMode.screen.blended(below, above << 1 - 255)
    case .softLight: softLight(Double(below) / 255, Double(above) / 255)
    case .difference: abs(below - above)
    case .exclusion: below + above - 2 * Aseprite.product(below, above)
    case .addition: min(255, below + above)
    case .subtract: max(0, below - above)
    case .divide: below == 0 ? 0 : below >= above ? 255 : Aseprite.quotient(below, above)
    }
  }

  private func softLight(_ below: Double, _ above: Double) -> Int {
    let curve = below <= 0.25 ? ((16 * below - 12) * below + 4) * below : below.squareRoot()
    let value =
      above <= 0.5 ? below - (1 - 2 * above) * below * (1 - below) : below + (2 * above - 1) * (curve - below)
    return Int(value * 255 + 0.5)
  }
}
