import Safepoint

/// A page of shapes, texts and pictures, which is written as SVG, PDF and pixels.
///
/// Lengths are points, 72 an inch; 0, 0 is the upper left corner.
public struct Drawing: Sendable, Equatable {
  /// A place on the page.
  public struct Point: Sendable, Equatable {
    /// How far from the left.
    public var x: Double
    /// How far from the top.
    public var y: Double

    /// Creates a place.
    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// A rectangle.
  public struct Frame: Sendable, Equatable {
    /// The left edge.
    public var x: Double
    /// The upper edge.
    public var y: Double
    /// The length of the upper edge.
    public var width: Double
    /// The length of the left edge.
    public var height: Double

    /// Creates a rectangle.
    public init(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
      (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }

    /// The right edge.
    public var right: Double { x + width }
    /// The lower edge.
    public var bottom: Double { y + height }
    /// The corners, clockwise from the upper left.
    public var corners: [Point] { [Point(x, y), Point(right, y), Point(right, bottom), Point(x, bottom)] }
  }

  /// A color, 0 to 255 a part, and how much of what is below it hides, 0 to 1.
  public struct Ink: Sendable, Equatable {
    /// Its parts.
    public var red, green, blue: UInt8
    /// 1 hides what is below.
    public var alpha: Double

    /// Creates a color.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8, alpha: Double = 1) {
      (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
    }
  }

  /// How a line is drawn.
  public struct Pen: Sendable, Equatable {
    /// Its color.
    public var ink: Ink
    /// Its width.
    public var width: Double
    /// The lengths of dashes and gaps in turns; none for a whole line.
    public var dashes: [Double]

    /// Creates a pen.
    public init(_ ink: Ink, width: Double = 1, dashes: [Double] = []) {
      (self.ink, self.width, self.dashes) = (ink, width, dashes)
    }
  }

  /// Which point of a text stands at its place.
  public enum Anchor: String, Sendable {
    /// Its start, middle or end.
    case start, middle, end
  }

  /// A text of one line.
  public struct Text: Sendable, Equatable {
    /// What it says.
    public var string: String
    /// Where its baseline is.
    public var place: Point
    /// Which point of it is there.
    public var anchor = Anchor.start
    /// The height of its font.
    public var size = 8.0
    /// Whether it is bold.
    public var isBold = false
    /// Whether it is read from below.
    public var isUpright = false
    /// Its color.
    public var ink: Ink

    /// Creates a text.
    public init(
      _ string: String, _ place: Point, _ ink: Ink, anchor: Anchor = .start, size: Double = 8, isBold: Bool = false,
      isUpright: Bool = false
    ) {
      (self.string, self.place, self.ink, self.anchor) = (string, place, ink, anchor)
      (self.size, self.isBold, self.isUpright) = (size, isBold, isUpright)
    }
  }

  /// A part of the page; later ones lie above earlier ones.
  public indirect enum Element: Sendable, Equatable {
    /// Lines from point to point, closed or not, filled or not.
    case path([Point], isClosed: Bool, pen: Pen?, fill: Ink?)
    /// Discs around points.
    case discs([Point], radius: Double, pen: Pen?, fill: Ink?)
    /// A text.
    case text(Text)
    /// A picture whose pixels fill a rectangle.
    case picture(RasterImage, Frame)
    /// Parts of which only what lies in a rectangle is seen.
    case clipped([Element], Frame)
  }

  /// The width of the page.
  public var width: Double
  /// The height of the page.
  public var height: Double
  /// The color of the page.
  public var background: Ink
  /// What is on it.
  public var elements: [Element] = []

  /// Creates an empty page.
  public init(width: Double, height: Double, background: Ink) {
    (self.width, self.height, self.background) = (width, height, background)
  }
}
