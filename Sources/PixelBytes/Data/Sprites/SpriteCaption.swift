extension SpriteTraits {
  /// The fewest and most characters of a caption.
  static let captionLengths = 50...140

  /// Returns a sentence or two that name kind and color and state other traits, all of them truly.
  func caption(using random: inout some RandomNumberGenerator) -> String {
    let order = random.below(4)
    let noun = random.pick(kind.words)
    let adjective = size.words.isEmpty ? nil : random.pick(size.words)
    let look = [random.pick(eyes.words)] + (pattern == .plain ? [] : [random.pick(pattern.words)])
    var parts = Parts(noun: noun, adjective: adjective, color: color.rawValue, look: look)
    if mouth != .none { parts.look.append(random.pick(mouth.words)) }
    if shading != .flat { parts.look.append(random.pick(shading.words)) }
    if wings == .yes { parts.look.append(random.pick(wings.words)) }
    if hat != .none { parts.actions.append(random.pick(hat.verbs) + random.pick(hat.words)) }
    if item != .none { parts.actions.append(random.pick(["holding ", "carrying "]) + random.pick(item.words)) }
    if pose != .standing { parts.actions.append(random.pick(pose.words)) }
    if ground != .white { parts.place = random.pick(ground.words) }
    let filler = random.pick(SpritePattern.plain.words)
    if parts.sentence(order).utf8.count < Self.captionLengths.lowerBound, pattern == .plain, shading == .flat {
      parts.look.append(filler)
    }
    if parts.sentence(order).utf8.count < Self.captionLengths.lowerBound { parts.isAlone = true }
    while parts.sentence(order).utf8.count > Self.captionLengths.upperBound, parts.look.count > 1 {
      parts.look.removeLast()
    }
    if parts.sentence(order).utf8.count > Self.captionLengths.upperBound { parts.actions.removeLast() }
    return parts.sentence(order)
  }
}

/// The phrases of a caption before they are put in order.
private struct Parts {
  var noun: String
  var adjective: String?
  var color: String
  var look: [String]
  var actions: [String] = []
  var place: String?
  var isAlone = false

  /// The color stands in the first words, near the picture that the caption follows, and in the last, near the picture
  /// that follows the caption: a small model has little way to remember it further.
  func sentence(_ order: Int) -> String {
    let name = [adjective, color, noun].compactMap { $0 }.joined(separator: " ")
    let doing =
      actions.map { ", " + $0 }.joined() + (place.map { " " + $0 } ?? "") + (isAlone ? " standing all alone" : "")
    let traits = listed(look) + doing
    return switch order {
    case 0: "\(withArticle(name)) with \(traits), all in \(color)."
    case 1: "here is \(withArticle(name)) with \(traits), and all of it \(color)."
    case 2: "this \(name) has \(traits). how very \(color)!"
    default: "look, \(withArticle(name))! it has \(traits) and is purely \(color)."
    }
  }

}

/// Words with "a" or "an" before them.
func withArticle(_ words: String) -> String {
  let isVowel = words.first.map { "aeiou".contains($0) } ?? false
  return (isVowel ? "an " : "a ") + words
}

/// Words with commas between them and "and" before the last.
func listed(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.joined() }
  return words.dropLast().joined(separator: ", ") + " and " + last
}
