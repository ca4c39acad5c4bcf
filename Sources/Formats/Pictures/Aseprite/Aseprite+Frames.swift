import Safepoint

extension Aseprite {
  /// Pixels of a part of the sprite: all of it, or what a group of layers draws.
  private struct Canvas {
    let area: Area
    var rgba: [UInt8]

    init(_ area: Area) {
      self.area = area
      rgba = Array(repeating: 0, count: 4 * area.columns.count * area.rows.count)
    }

    /// Where the samples of a pixel begin.
    func place(_ column: Int, _ row: Int) -> Int {
      4 * ((row - area.rows.lowerBound) * area.columns.count + column - area.columns.lowerBound)
    }

    func pixel(_ place: Int) -> AsepriteBlend.Pixel {
      AsepriteBlend.Pixel(rgba[place], rgba[place + 1], rgba[place + 2], rgba[place + 3])
    }

    mutating func draw(_ color: AsepriteBlend.Pixel, _ strength: Int, _ mode: AsepriteBlend, at place: Int) {
      if color.w == 0 { return }
      let result = mode.over(pixel(place), color, strength)
      for channel in 0..<4 { rgba[place + channel] = result[channel] }
    }
  }

  /// Columns and rows of the sprite.
  private struct Area {
    let columns: Range<Int>
    let rows: Range<Int>

    /// The smallest area that has both.
    func joined(with other: Area?) -> Area {
      guard let other else { return self }
      func hull(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
        min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
      }
      return Area(columns: hull(columns, other.columns), rows: hull(rows, other.rows))
    }
  }

  /// What is drawn of a frame: a cel, or what a group of layers draws there.
  private struct Item {
    /// Items lie as their layers do, moved by their own order; of the same place the one moved less is below.
    let place: Int
    let shift: Int
    let layer: Int
    let content: Content

    enum Content {
      case cel(Cel)
      case group(Area)
    }
  }

  /// Where a layer is drawn: in which group, and behind how many others of it.
  private struct Place {
    let group: Int
    let number: Int
  }

  /// The group that all others lie in.
  private static let root = -1
  /// How deep groups that are drawn by themselves lie in others at most.
  private static let depth = 64

  /// Returns the first `limit` frames, as they are seen: their visible layers, one over the other.
  public func frames(limit: Int = .max) throws(FormatError) -> [GIF.Frame] {
    let count = min(limit, cels.count)
    guard count <= max(1, RasterImage.pixelLimit / (width * height)) else {
      throw FormatError(
        .limit, in: file,
        "has \(count) frames of \(width) x \(height) pixels; at most \(RasterImage.pixelLimit >> 20) megapixels are read"
      )
    }
    let places = try places()
    var frames: [GIF.Frame] = []
    for number in 0..<count {
      var canvas = Canvas(Area(columns: 0..<width, rows: 0..<height))
      try draw(Self.root, try items(of: number, places), palettes[number], &canvas)
      frames.append(
        GIF.Frame(image: RasterImage(width: width, height: height, rgba: canvas.rgba), delay: delays[number]))
    }
    return frames
  }

  /// Where each layer is drawn that is seen, as are the groups that it lies in; the groups themselves only where they are drawn by
  /// themselves.
  private func places() throws(FormatError) -> [Int: Place] {
    var places: [Int: Place] = [:]
    var open: [(isVisible: Bool, group: Int)] = []
    var counts: [Int: Int] = [:]
    for (number, layer) in layers.enumerated() {
      open.removeLast(max(0, open.count - layer.level))
      let (isOpen, group) = open.last ?? (true, Self.root)
      let isVisible = layer.isVisible && isOpen
      counts[group, default: 0] += 1
      if isVisible, !layer.isGroup || hasGroups {
        guard AsepriteBlend(rawValue: layer.mode) != nil else {
          throw FormatError(.unsupported, in: file, "has a layer of the blend mode \(layer.mode), which is not known")
        }
        places[number] = Place(group: group, number: hasGroups ? counts[group, default: 0] : number)
      }
      open.append((isVisible, hasGroups && layer.isGroup ? number : group))
      if hasGroups, layer.isGroup, open.count > Self.depth {
        throw FormatError(.limit, in: file, "has groups of layers nested deeper than \(Self.depth)")
      }
    }
    return places
  }

  /// What each group has to draw of a frame, in order; groups that have nothing are left out.
  private func items(of frame: Int, _ places: [Int: Place]) throws(FormatError) -> [Int: [Item]] {
    var (items, areas): ([Int: [Item]], [Int: Area]) = ([:], [:])
    func add(_ item: Item, _ area: Area, to group: Int) {
      items[group, default: []].append(item)
      areas[group] = area.joined(with: areas[group])
    }
    for cel in cels[frame] {
      guard let place = places[cel.layer], !layers[cel.layer].isGroup, let area = try area(of: cel, frame) else {
        continue
      }
      let item = Item(place: place.number + cel.shift, shift: cel.shift, layer: cel.layer, content: .cel(cel))
      add(item, area, to: place.group)
    }
    // What lies in a group stands behind it.
    for number in layers.indices.reversed() {
      guard layers[number].isGroup, let place = places[number], let area = areas[number] else { continue }
      add(Item(place: place.number, shift: 0, layer: number, content: .group(area)), area, to: place.group)
    }
    return items.mapValues { items in
      items.enumerated().sorted {
        ($0.element.place, $0.element.shift, $0.offset) < ($1.element.place, $1.element.shift, $1.offset)
      }.map(\.element)
    }
  }

  /// The part of the sprite that a cel may cover; nil for none of it.
  private func area(of cel: Cel, _ frame: Int) throws(FormatError) -> Area? {
    let (columns, rows): (Int, Int)
    switch cel.content {
    case .linked(let other): throw broken("a cel of frame \(frame) is that of frame \(other), which has none before it")
    case .pixels(let width, let height, _): (columns, rows) = (width, height)
    case .tiles(let width, let height, _, _):
      let tiles = try tileset(of: layers[cel.layer])
      (columns, rows) = (width * tiles.width, height * tiles.height)
    }
    let (left, top) = (max(0, cel.left), max(0, cel.top))
    let (right, bottom) = (min(width, cel.left + columns), min(height, cel.top + rows))
    return left < right && top < bottom ? Area(columns: left..<right, rows: top..<bottom) : nil
  }

  private func tileset(of layer: Layer) throws(FormatError) -> Tileset {
    guard let number = layer.tileset, let tiles = tilesets[number], tiles.width > 0, tiles.height > 0 else {
      throw broken("a layer of tiles has none")
    }
    return tiles
  }

  /// Draws what lies in a group.
  private func draw(
    _ group: Int, _ items: [Int: [Item]], _ palette: [AsepriteBlend.Pixel], _ canvas: inout Canvas
  ) throws(FormatError) {
    for item in items[group] ?? [] {
      let layer = layers[item.layer]
      switch item.content {
      case .cel(let cel): try draw(cel, layer, palette, &canvas)
      case .group(let area):
        var inner = Canvas(area)
        try draw(item.layer, items, palette, &inner)
        let mode = AsepriteBlend(rawValue: layer.mode) ?? .normal
        for row in area.rows {
          if Safepoint.mustStop(after: 20 * area.columns.count) { return }
          for column in area.columns {
            let color = inner.pixel(inner.place(column, row))
            canvas.draw(color, layer.opacity, mode, at: canvas.place(column, row))
          }
        }
      }
    }
  }

  private func draw(
    _ cel: Cel, _ layer: Layer, _ palette: [AsepriteBlend.Pixel], _ canvas: inout Canvas
  ) throws(FormatError) {
    let strength = AsepriteBlend.product(cel.opacity, layer.opacity)
    let mode = mode(of: layer)
    switch cel.content {
    case .linked: break
    case .pixels(let columns, let rows, let bytes):
      for y in max(0, -cel.top)..<max(max(0, -cel.top), min(rows, height - cel.top)) {
        if Safepoint.mustStop(after: 20 * columns) { return }
        for x in max(0, -cel.left)..<max(max(0, -cel.left), min(columns, width - cel.left)) {
          let color = try color(bytes, y * columns + x, layer, palette)
          canvas.draw(color, strength, mode, at: canvas.place(x + cel.left, y + cel.top))
        }
      }
    case .tiles(let columns, let rows, let bytes, let masks):
      let tiles = try tileset(of: layer)
      for row in Self.seen(rows, tiles.height, from: cel.top, in: height) {
        for column in Self.seen(columns, tiles.width, from: cel.left, in: width) {
          if Safepoint.mustStop(after: 20 * tiles.width * tiles.height) { return }
          let tile = try Tile(bytes.littleEndian(at: 4 * (row * columns + column)), masks, of: tiles, file)
          let corner = (left: cel.left + column * tiles.width, top: cel.top + row * tiles.height)
          for y in 0..<tiles.height where 0..<height ~= y + corner.top {
            for x in 0..<tiles.width where 0..<width ~= x + corner.left {
              guard let pixel = tile.pixel(x, y, of: tiles) else { continue }
              let color = try color(tiles.pixels, pixel, layer, palette)
              canvas.draw(color, strength, mode, at: canvas.place(x + corner.left, y + corner.top))
            }
          }
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

  /// How a layer is drawn; gray has no hue, and the modes that take one of two colors are the normal one there.
  private func mode(of layer: Layer) -> AsepriteBlend {
    let mode = AsepriteBlend(rawValue: layer.mode) ?? .normal
    return depth == 16 && [.hue, .saturation, .color, .luminosity].contains(mode) ? .normal : mode
  }

  /// The color of a pixel as it is stored.
  private func color(
    _ bytes: [UInt8], _ pixel: Int, _ layer: Layer, _ palette: [AsepriteBlend.Pixel]
  ) throws(FormatError) -> AsepriteBlend.Pixel {
    switch depth {
    case 32:
      return AsepriteBlend.Pixel(bytes[4 * pixel], bytes[4 * pixel + 1], bytes[4 * pixel + 2], bytes[4 * pixel + 3])
    case 16:
      let light = bytes[2 * pixel]
      return AsepriteBlend.Pixel(light, light, light, bytes[2 * pixel + 1])
    default:
      let index = Int(bytes[pixel])
      if index == transparent, !layer.isBackground { return .zero }
      guard index < palette.count else { throw broken("it has the color \(index) of \(palette.count)") }
      return palette[index]
    }
  }

  private func broken(_ reason: String) -> FormatError { Self.broken(reason, file) }

  fileprivate static func broken(_ reason: String, _ file: String) -> FormatError {
    FormatError(.malformed, in: file, "is a broken Aseprite file: \(reason)")
  }
}

/// A tile of a map, and how it is turned.
private struct Tile {
  private let number: Int
  private let mirrorsX: Bool
  private let mirrorsY: Bool
  private let isSideways: Bool

  init(_ value: UInt32, _ masks: [UInt32], of tiles: Aseprite.Tileset, _ file: String) throws(FormatError) {
    number = Int((value & masks[0]) >> UInt32(masks[0] == 0 ? 0 : masks[0].trailingZeroBitCount))
    guard number < tiles.count else { throw Aseprite.broken("it has tile \(number) of \(tiles.count)", file) }
    (mirrorsX, mirrorsY, isSideways) = (value & masks[1] != 0, value & masks[2] != 0, value & masks[3] != 0)
  }

  /// Which pixel of the set is seen at a place of the tile; nil where it has none, turned sideways.
  func pixel(_ x: Int, _ y: Int, of tiles: Aseprite.Tileset) -> Int? {
    var (column, row) = (mirrorsX ? tiles.width - 1 - x : x, mirrorsY ? tiles.height - 1 - y : y)
    if isSideways { (column, row) = (row, column) }
    return column < tiles.width && row < tiles.height ? (number * tiles.height + row) * tiles.width + column : nil
  }
}
