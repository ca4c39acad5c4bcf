/// The texts and pictures that the published display finds in a sequence of tokens.
///
/// It pools tokens by their distance alone: pixels at most 50 positions apart form one picture, bytes at most 10
/// apart one text of 10 or more. A picture's width is the most common length of its rows of 3 or more, and the pixels of
/// those rows are poured into it in one stream, so a longer row shifts the rest. `Tokenizer.decode` does better.
public struct PublishedDecoding: Equatable, Sendable {
  /// A picture and the positions of its first and last pixel.
  public struct Image: Equatable, Sendable {
    /// The picture.
    public let image: IndexedImage
    /// The positions from the first to the last pixel.
    public let range: ClosedRange<Int>
  }

  /// A text and the positions of its first and last byte.
  public struct Text: Equatable, Sendable {
    /// The bytes.
    public let bytes: [UInt8]
    /// The positions from the first to the last byte.
    public let range: ClosedRange<Int>
  }

  /// The pictures in order.
  public let images: [Image]
  /// The texts in order.
  public let texts: [Text]

  /// Finds the pictures and texts in a sequence of tokens.
  public init(_ ids: [UInt8], vocabulary: Vocabulary = .pixelbytes) {
    images = Self.groups(ids.indices.filter { vocabulary.color(of: ids[$0]) != nil }, gap: 50).compactMap { places in
      guard let first = places.first, let last = places.last else { return nil }
      return Self.image(ids[first...last], vocabulary).map { Image(image: $0, range: first...last) }
    }
    texts = Self.groups(ids.indices.filter { vocabulary.byte(of: ids[$0]) != nil }, gap: 10).compactMap { places in
      guard places.count >= 10, let first = places.first, let last = places.last else { return nil }
      return Text(bytes: places.compactMap { vocabulary.byte(of: ids[$0]) }, range: first...last)
    }
  }

  private static func groups(_ places: [Int], gap: Int) -> [[Int]] {
    var groups: [[Int]] = []
    for place in places {
      if let last = groups.last?.last, place - last <= gap {
        groups[groups.count - 1].append(place)
      } else {
        groups.append([place])
      }
    }
    return groups
  }

  private static func image(_ ids: ArraySlice<UInt8>, _ vocabulary: Vocabulary) -> IndexedImage? {
    let runs = ids.split { vocabulary.color(of: $0) == nil }.filter { $0.count >= 3 }
    guard !runs.isEmpty else { return nil }
    let width = mostCommon(runs.map(\.count))
    let pixels = runs.joined().compactMap { vocabulary.color(of: $0) }
    let height = pixels.count / width
    return IndexedImage(
      width: width, height: height, indices: Array(pixels.prefix(width * height)), palette: vocabulary.palette)
  }
}
