import Foundation

/// A text as a key, equal to those of the same code points alone: Swift's own comparison takes canonical equivalents, such as both ways to write
/// é, for one text, which `==` of the language does not.
package struct ExactText: Hashable, Sendable {
  /// The text.
  package let text: String

  /// Wraps a text.
  package init(_ text: String) { self.text = text }

  /// Whether both have the same code points.
  package static func == (left: ExactText, right: ExactText) -> Bool { areEqual(left.text, right.text) }

  /// Whether two texts have the same code points.
  package static func areEqual(_ left: String, _ right: String) -> Bool {
    left == right && left.utf8.elementsEqual(right.utf8)
  }

  /// Equal texts are canonical equivalents of each other, which have the same hash.
  package func hash(into hasher: inout Hasher) { text.hash(into: &hasher) }
}

extension Sequence<String> {
  /// Whether a text of the same code points is among them.
  package func containsExactly(_ text: String) -> Bool { contains { ExactText.areEqual($0, text) } }
}

extension String {
  /// A name as it is known: the two ways to write é are one, as in Python.
  var composedName: String {
    utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
  }
}
