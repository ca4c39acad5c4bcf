import Formats

extension HubConfiguration {
  /// The classes that numbers in columns count, as `dataset_info` in the files of a configuration has it, and the name of the file; none
  /// where that is of several configurations, none of which is called `configuration`.
  static func classes(in path: String, of configuration: String?) throws(DataError) -> (names: ClassNames, file: String)
  {
    let (file, lines, _) = try head(of: path, key: "dataset_info")
    var repeated: [String] = []
    guard let start = lines.lastIndex(where: { FlowText.field(of: $0)?.name == "dataset_info" }),
      var block = BlockText(field: lines[start...]), case .map(let fields)? = block.value()?.settled(&repeated),
      var info = fields.first?.value
    else { return (ClassNames(), file) }
    if case .list(let infos) = info {
      let own = infos.first { if case .text(let name)? = $0["config_name"] { name == configuration } else { false } }
      guard let chosen = own ?? (infos.count == 1 ? infos[0] : nil) else { return (ClassNames(), file) }
      info = chosen
    }
    var found: [[String]: [String]] = [:]
    if let features = info["features"] { collect(features, [], into: &found) }
    return (ClassNames(found), file)
  }

  /// The classes in a list of named features, or in the type of one.
  private static func collect(_ value: BlockText.Value, _ place: [String], into found: inout [[String]: [String]]) {
    switch value {
    case .text: break
    case .list(let features):
      for feature in features {
        if case .text(let name)? = feature["name"] { collect(feature, place + [name], into: &found) }
      }
    case .map:
      if let names = value["class_label"]?["names"], !place.isEmpty { found[place] = texts(names) }
      for key in ["dtype", "sequence", "list", "struct"] {
        if let inner = value[key] { collect(inner, place, into: &found) }
      }
    }
  }

  /// The names of classes, in a list or under their numbers.
  private static func texts(_ names: BlockText.Value) -> [String] {
    guard case .map(let fields) = names else { return names.texts ?? [] }
    let numbered = fields.enumerated().sorted {
      (Int($0.element.name) ?? $0.offset, $0.offset) < (Int($1.element.name) ?? $1.offset, $1.offset)
    }
    return numbered.compactMap { if case .text(let text) = $0.element.value { text } else { nil } }
  }
}
