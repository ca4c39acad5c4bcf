import Foundation

/// Turns texts, pictures and rows into sequences of patches.
public struct Tokenizer: Equatable, Sendable {
  /// The tokens and their ids.
  public let vocabulary: Vocabulary

  /// Creates a tokenizer for a vocabulary.
  public init(_ vocabulary: Vocabulary = .pixelbytes) { self.vocabulary = vocabulary }

  /// Returns a caption as models see it: compatibility-decomposed (Unicode NFKD), ASCII only, lower case.
  ///
  /// Accents are dropped from their letters; a text in another script leaves only its spaces and signs, or nothing.
  public func normalized(_ caption: String) -> String {
    let isASCII = caption.utf8.allSatisfy { $0 < 0x80 }
    let plain = isASCII ? caption : caption.decomposedStringWithCompatibilityMapping
    let bytes = plain.unicodeScalars.lazy.filter(\.isASCII).map { scalar in
      let byte = UInt8(truncatingIfNeeded: scalar.value)
      return (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
    }
    return String(decoding: Array(bytes), as: UTF8.self)
  }

  /// Returns the patches of a text as it is, then of the newline that ends it; bytes without a token become id 0.
  public func encode(text: String) -> PatchSequence {
    let ids = text.utf8.map { vocabulary.id(ofByte: $0) } + [Vocabulary.newline]
    var patches = PatchSequence()
    patches.reserve(ids.count)
    var left = Vocabulary.padding
    for id in ids {
      patches.append(above: (0, 0, 0), left: left, center: id)
      left = id
    }
    return patches
  }

  /// Returns the `height * (width + 1)` patches of a picture: every row ends in a tab, the last in a newline.
  ///
  /// The picture must be in the palette of the vocabulary; another palette is a programmer's mistake.
  public func encode(_ image: IndexedImage) -> PatchSequence {
    precondition(image.palette == vocabulary.palette, "a picture in another palette than the vocabulary's")
    var patches = PatchSequence()
    patches.reserve(image.height * (image.width + 1))
    // One cell of padding stands on each side of the row above and left of the row itself.
    var above = [UInt8](repeating: Vocabulary.padding, count: image.width + 3)
    for y in 0..<image.height {
      var row = above
      for x in 0..<image.width { row[x + 1] = vocabulary.id(ofColor: image[x, y]) }
      row[image.width + 1] = y == image.height - 1 ? Vocabulary.newline : Vocabulary.tab
      for x in 1...image.width + 1 {
        patches.append(above: (above[x - 1], above[x], above[x + 1]), left: row[x - 1], center: row[x])
      }
      above = row
    }
    return patches
  }

  /// Returns the text that stands before a picture in a row: the number of its patches, as in "(272, 3)".
  public func shapeText(of image: IndexedImage) -> String { "(\(image.height * (image.width + 1)), 3)" }

  /// Returns the patches of a row: the shape text, the picture, and the normalized caption.
  public func encode(_ image: IndexedImage, caption: String) -> PatchSequence {
    var patches = encode(text: shapeText(of: image))
    patches.append(encode(image))
    patches.append(encode(text: normalized(caption)))
    return patches
  }
}
