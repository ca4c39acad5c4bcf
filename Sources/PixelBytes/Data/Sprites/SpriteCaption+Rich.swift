extension SpriteTraits {
  /// Returns two to five sentences that name kind and color and state some of the other traits, all of them truly.
  ///
  /// The grammar: an opening with size, color and kind; then, in any order, a sentence each on the face, the skin, what it
  /// wears and holds, and what it does where; a trait with nothing to say has none, and one sentence may be left out.
  func richCaption(using random: inout some RandomNumberGenerator) -> String {
    let name = [size.words.isEmpty ? nil : random.pick(size.words), color.rawValue, random.pick(kind.words)]
    let subject = name.compactMap { $0 }.joined(separator: " ")
    let pronoun = random.pick(["it", "this one", "the creature"])
    var rest = [face(pronoun, &random), skin(pronoun, &random), things(pronoun, &random), deeds(pronoun, &random)]
      .filter { !$0.isEmpty }
    for place in stride(from: rest.count - 1, to: 0, by: -1) { rest.swapAt(place, random.below(place + 1)) }
    if rest.count > 1, random.below(3) == 0 { rest.removeLast() }
    return ([opening(subject, &random)] + rest).joined(separator: " ")
  }

  private func opening(_ subject: String, _ random: inout some RandomNumberGenerator) -> String {
    switch random.below(6) {
    case 0: "here is \(withArticle(subject))."
    case 1: "look at the \(subject)!"
    case 2: "\(withArticle(subject)), drawn in pixels."
    case 3: "once there was \(withArticle(subject))."
    case 4: "you have met \(withArticle(subject))."
    default: "a portrait of \(withArticle(subject))."
    }
  }

  private func face(_ pronoun: String, _ random: inout some RandomNumberGenerator) -> String {
    let parts = listed([random.pick(eyes.words)] + (mouth == .none ? [] : [random.pick(mouth.words)]))
    return random.pick(["\(pronoun) has \(parts).", "its face shows \(parts).", "you notice \(parts) first."])
  }

  private func skin(_ pronoun: String, _ random: inout some RandomNumberGenerator) -> String {
    var parts: [String] = []
    if pattern != .plain || shading == .flat { parts.append(random.pick(pattern.words)) }
    if shading != .flat { parts.append(random.pick(shading.words)) }
    if wings == .yes { parts.append(random.pick(wings.words)) }
    let text = listed(parts)
    return random.pick([
      "\(pronoun) was born with \(text).", "\(pronoun) is known for \(text).", "you can see \(text) on it.",
    ])
  }

  private func things(_ pronoun: String, _ random: inout some RandomNumberGenerator) -> String {
    var parts: [String] = []
    if hat != .none {
      parts.append(random.pick(hat.verbs.map { $0 == "with " ? "has " : "wears " }) + random.pick(hat.words))
    }
    if item != .none { parts.append(random.pick(["holds ", "carries "]) + random.pick(item.words)) }
    return parts.isEmpty ? "" : "\(pronoun) \(parts.joined(separator: " and "))."
  }

  private func deeds(_ pronoun: String, _ random: inout some RandomNumberGenerator) -> String {
    var parts: [String] = []
    if pose != .standing { parts.append(random.pick(pose.words)) }
    if ground != .white { parts.append(random.pick(ground.words)) }
    return parts.isEmpty ? "" : "\(pronoun) is \(parts.joined(separator: " "))."
  }
}
