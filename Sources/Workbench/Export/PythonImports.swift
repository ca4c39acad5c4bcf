/// Under which names the published classes are known in a notebook: a library may have others of the same name, and so may its cells.
struct PythonImports {
  /// What a cell imports of which library.
  private static let published: Set = [
    "load_dataset", "PixelBytesTokenizer", "PxByDataset", "ModelConfig", "SimpleRNNModel", "bMamba",
    "SimpleTransformerModel", "TrainConfig", "Trainer",
  ]
  private static let libraries: Set = ["pixelbytes", "datasets"]

  /// Other names of published classes, and names that something else took.
  private var renamed: [String: String] = [:]
  private var taken: Set<String> = []
  /// The names of modules of these libraries.
  private var modules: Set<String> = []

  /// The published name that a call means; nil for another.
  func published(_ callee: String) -> String? {
    var parts = callee.split(separator: ".").map(String.init)
    guard let name = parts.popLast() else { return nil }
    if let first = parts.first {
      // As `pixelbytes.model.ModelConfig`.
      return modules.contains(first) && Self.published.contains(name) ? name : nil
    }
    if let original = renamed[name] { return original }
    return Self.published.contains(name) && !taken.contains(name) ? name : nil
  }

  /// Notes what a statement imports and gives the names that get another value by it; nil for a statement that imports nothing.
  mutating func take(_ code: String) -> Set<String>? {
    if let match = code.wholeMatch(of: /from\s+([\w.]+)\s+import\s+(?:\(\s*([\w\s,*]+?)\s*\)|([\w\s,*]+))/) {
      let isOurs = Self.isOurs(match.1)
      for (name, alias) in Self.names(match.2 ?? match.3 ?? "") {
        if isOurs, Self.published.contains(name) {
          renamed[alias] = name
          taken.remove(alias)
        } else {
          claim(alias)
          if isOurs { modules.insert(alias) }
        }
      }
      if isOurs, code.contains("*") { taken.subtract(Self.published) }
      return PythonEffects.names(in: code)
    }
    guard let match = code.wholeMatch(of: /import\s+([\w.\s,]+)/) else { return nil }
    for (name, alias) in Self.names(match.1) {
      let root = alias.prefix { $0 != "." }
      claim(String(root))
      if Self.isOurs(name[...]) { modules.insert(String(root)) }
    }
    return PythonEffects.names(in: code)
  }

  /// A name stands for something else from now on.
  private mutating func claim(_ name: String) {
    (renamed[name], _) = (nil, modules.remove(name))
    taken.insert(name)
  }

  /// A cell that is left out may define, or give another value to, whatever it assigns.
  mutating func redefine(_ source: String) {
    for match in source.matches(of: /(?:^|\n)\s*(?:class|def)\s+(\w+)|(?:^|\n|;)\s*(\w+)\s*=(?!=)/) {
      if let name = match.1 ?? match.2 { claim(String(name)) }
    }
    // What it imports counts, whatever else it does.
    for line in source.split(separator: "\n") { _ = take(String(line.drop(while: \.isWhitespace))) }
  }

  private static func isOurs(_ module: Substring) -> Bool { libraries.contains(String(module.prefix { $0 != "." })) }

  /// Each name between commas with what it is called from then on.
  private static func names(_ text: Substring) -> [(name: String, alias: String)] {
    text.split(separator: ",").compactMap { part in
      let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
      if words.count == 3, words[1] == "as" { return (words[0], words[2]) }
      return words.count == 1 ? (words[0], words[0]) : nil
    }
  }
}
