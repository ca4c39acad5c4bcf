/// The inputs of a session by number, for `recall`; of many only the last, so that a long session does not grow.
struct EarlierInputs {
  private static let most = 10_000

  private var texts: [String] = []
  private var dropped = 0

  /// Adds the input that came now.
  mutating func append(_ text: String) {
    if texts.count == 2 * EarlierInputs.most {
      texts.removeFirst(EarlierInputs.most)
      dropped += EarlierInputs.most
    }
    texts.append(text)
  }

  /// How many came so far.
  var count: Int { dropped + texts.count }

  /// At most so many of the last inputs, each with its number from 1.
  func last(_ count: Int) -> [(number: Int, text: String)] {
    texts.enumerated().suffix(count).map { (dropped + $0 + 1, $1) }
  }
}
