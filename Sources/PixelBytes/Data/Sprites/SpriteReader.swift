import Formats

/// Reads the traits of sprites back from their pictures, also from damaged and generated ones.
///
/// A picture is compared with what every kind looks like in its dominant color; from the most similar ones on, one trait
/// after the other is changed as long as that makes fewer pixels differ.
public struct SpriteReader {
  /// What was read from a picture.
  public struct Reading: Equatable, Sendable {
    /// The traits by name, as rows of `Sprites` have them.
    public let traits: [NamedText]
    /// The share of pixels that are as a sprite of these traits has them, of those that are no background in either.
    public let match: Double
  }

  /// A sprite drawn to compare with.
  private struct Drawing {
    let traits: SpriteTraits
    let pixels: [UInt8]

    init(_ traits: SpriteTraits, _ size: Int) { (self.traits, pixels) = (traits, traits.drawn(size: size)) }

    func differences(to pixels: [UInt8]) -> Int {
      var count = 0
      for place in pixels.indices where self.pixels[place] != pixels[place] { count += 1 }
      return count
    }
  }

  /// Which pixels of a picture are no background, a bit each; patterns and faces do not change that.
  private struct Outline {
    private let words: [UInt64]

    init(_ pixels: [UInt8], ground: SpriteGround) {
      var words = [UInt64](repeating: 0, count: (pixels.count + 63) / 64)
      for place in pixels.indices where pixels[place] != ground.color { words[place / 64] |= 1 << UInt64(place % 64) }
      self.words = words
    }

    func differences(to other: Outline) -> Int {
      var count = 0
      for place in words.indices { count += (words[place] ^ other.words[place]).nonzeroBitCount }
      return count
    }
  }

  /// How many drawings with the most similar outlines are compared pixel by pixel.
  private static let candidates = 60
  /// From how many of these the traits are changed while pixels differ.
  private static let beginnings = 8

  private var size = 0
  private var drawings: [SpriteColor: [(drawing: Drawing, outline: Outline)]] = [:]

  /// Creates a reader; it keeps drawings of the last size, so that reading many pictures is faster than reading one.
  public init() {}

  /// Returns the traits of a sprite, nil when the picture is no sprite in any of their colors.
  ///
  /// The longer side, which must be one of `Sprites.sizes`, counts as the size.
  public mutating func read(_ image: RasterImage) -> Reading? { read(image.quantized()) }

  /// Returns the traits of a sprite in the NES palette, as for a picture in full color.
  public mutating func read(_ image: IndexedImage) -> Reading? {
    guard image.palette == .nes else { return read(image.raster.quantized()) }
    let side = max(image.width, image.height)
    guard Sprites.sizes.contains(side), let family = ColorFamily.dominant(of: image),
      let color = SpriteColor(rawValue: family.rawValue)
    else { return nil }
    if side != size { (size, drawings) = (side, [:]) }
    let ground = Self.ground(of: image)
    var pixels = [UInt8](repeating: ground.color, count: side * side)
    for y in 0..<image.height {
      for x in 0..<image.width { pixels[y * side + x] = image[x, y] }
    }
    let best = bestDrawing(of: pixels, color, ground)
    let background = ground.color
    let shown = pixels.indices.filter { pixels[$0] != background || best.pixels[$0] != background }.count
    let match = shown == 0 ? 0 : 1 - Double(best.differences(to: pixels)) / Double(shown)
    return Reading(traits: best.traits.named, match: match)
  }

  /// The background that most of the border has.
  private static func ground(of image: IndexedImage) -> SpriteGround {
    let border =
      (0..<image.width).flatMap { [image[$0, 0], image[$0, image.height - 1]] }
      + (0..<image.height).flatMap { [image[0, $0], image[image.width - 1, $0]] }
    let counts = SpriteGround.allCases.map { ground in border.filter { $0 == ground.color }.count }
    return zip(SpriteGround.allCases, counts).max { $0.1 < $1.1 }?.0 ?? .white
  }

  private mutating func bestDrawing(
    of pixels: [UInt8], _ color: SpriteColor, _ ground: SpriteGround
  ) -> Drawing {
    let all = drawings[color] ?? Self.beginnings(color, size)
    drawings[color] = all
    let outline = Outline(pixels, ground: ground)
    // The drawings have a white background.
    let white = pixels.map { $0 == ground.color ? SpriteGround.white.color : $0 }
    let similar = Self.least(all.indices.map { ($0, all[$0].outline.differences(to: outline)) }, Self.candidates)
    let order = Self.least(
      similar.map { ($0.place, 2 * $0.score + all[$0.place].drawing.differences(to: white)) }, Self.beginnings)
    var best: (drawing: Drawing, differences: Int)?
    for (place, _) in order {
      var traits = all[place].drawing.traits
      traits.ground = ground
      let found = improved(Drawing(traits, size), pixels)
      if found.differences < best?.differences ?? .max { best = found }
      if found.differences == 0 { break }
    }
    guard let best else { preconditionFailure("no drawing to compare with") }
    return best.drawing
  }

  /// The `count` places of the least scores, the first ones on ties.
  private static func least(_ scores: [(place: Int, score: Int)], _ count: Int) -> [(place: Int, score: Int)] {
    Array(scores.sorted { ($0.score, $0.place) < ($1.score, $1.place) }.prefix(count))
  }

  /// What decides the outline but items in the hand: every kind in every size and pose, with all hats, and wings or not.
  private static func beginnings(_ color: SpriteColor, _ size: Int) -> [(Drawing, Outline)] {
    var all: [SpriteTraits] = []
    for kind in SpriteKind.allCases {
      var known: [SpriteTraits] = []
      for scale in SpriteSize.allCases {
        for pose in [SpritePose.standing, .jumping, .leaning, .right] where pose != .right || kind.anatomy.sideways {
          for hat in SpriteHat.allCases {
            for wings in SpriteWings.allCases {
              var traits = SpriteTraits()
              (traits.kind, traits.color, traits.size, traits.pose) = (kind, color, scale, pose)
              (traits.hat, traits.wings) = (hat, wings)
              traits.leaveOutWhatHasNoRoom(size: size)
              if !known.contains(traits) { known.append(traits) }
            }
          }
        }
      }
      all += known
    }
    return all.map { traits in
      let drawing = Drawing(traits, size)
      return (drawing, Outline(drawing.pixels, ground: .white))
    }
  }

  /// The drawing with its traits changed one by one until no change makes fewer pixels differ.
  private func improved(_ start: Drawing, _ pixels: [UInt8]) -> (drawing: Drawing, differences: Int) {
    var best = (drawing: start, differences: start.differences(to: pixels))
    func attempt(_ changed: SpriteTraits) {
      var changed = changed
      changed.leaveOutWhatHasNoRoom(size: size)
      guard changed != best.drawing.traits, best.differences > 0 else { return }
      let drawing = Drawing(changed, size)
      let differences = drawing.differences(to: pixels)
      if differences < best.differences { best = (drawing, differences) }
    }
    func attemptAll<T: CaseIterable>(_ trait: WritableKeyPath<SpriteTraits, T>) {
      var traits = best.drawing.traits
      for value in T.allCases {
        traits[keyPath: trait] = value
        attempt(traits)
      }
    }
    /// The eyes move with the look, so neither alone need make the picture more similar.
    func attemptFaces() {
      var traits = best.drawing.traits
      for pose in [SpritePose.standing, .left, .right] where [.standing, .left, .right].contains(traits.pose) {
        for eyes in SpriteEyes.allCases {
          for mouth in SpriteMouth.allCases {
            (traits.pose, traits.eyes, traits.mouth) = (pose, eyes, mouth)
            attempt(traits)
          }
        }
      }
    }
    var last = Int.max
    while best.differences < last, best.differences > 0 {
      last = best.differences
      attemptAll(\.hat)
      attemptAll(\.item)
      attemptAll(\.eyes)
      attemptAll(\.pattern)
      attemptAll(\.shading)
      attemptAll(\.mouth)
      attemptAll(\.pose)
      attemptAll(\.size)
      attemptAll(\.wings)
      attemptAll(\.kind)
      attemptFaces()
    }
    return best
  }
}
