import Foundation
import Safepoint

/// Turns texts, pictures and rows into sequences of patches.
public struct Tokenizer: Equatable, Sendable {
  /// The tokens and their ids.
  public let vocabulary: Vocabulary
  /// The cells of the contexts of its sequences: the paper's patches.
  public var contextShape: ContextShape { .patch }

  /// Creates a tokenizer for a vocabulary.
  public init(_ vocabulary: Vocabulary = .pixelbytes) { self.vocabulary = vocabulary }

  /// Returns a caption as models see it: compatibility-decomposed (Unicode NFKD), ASCII only, lower case.
  ///
  /// Accents are dropped from their letters; a text in another script leaves only its spaces and signs, or nothing.
  public func normalized(_ caption: String) -> String {
    let isASCII = caption.utf8.allSatisfy { $0 < 0x80 }
    let plain = isASCII ? caption : caption.decomposedStringWithCompatibilityMapping
    var bytes: [UInt8] = []
    bytes.reserveCapacity(plain.utf8.count)
    // Of characters beyond ASCII no byte is below 0x80.
    for byte in plain.utf8 where byte < 0x80 {
      if Safepoint.mustStop(after: 4) { break }
      bytes.append((0x41...0x5A).contains(byte) ? byte + 0x20 : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
