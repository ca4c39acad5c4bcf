import Formats

/// The names of columns and of keys in maps that name files of pictures, as the Hub's library has them.
enum FileNames {
  /// The column of the files of several pictures in each row.
  static let list = "file_names"
  private static let suffixes = [("file_name", false), (list, true)]

  /// What the pictures are called whose files a name tells, and whether they are in lists: `image` of `file_name`, `images` of `file_names`,
  /// `mask` of `mask_file_name` and `mask_file_names`; nil for another name.
  static func picture(_ name: String) -> (name: String, isList: Bool)? {
    for (suffix, isList) in suffixes {
      if name == suffix { return (isList ? "images" : "image", isList) }
      if name.hasSuffix("_" + suffix), name.utf8.count > suffix.utf8.count + 1 {
        return (String(name.dropLast(suffix.count + 1)), isList)
      }
    }
    return nil
  }

  /// The same of a field of a map, whose value must be a name or a list of such.
  static func picture(_ field: JSON.Field) -> (name: String, isList: Bool)? {
    guard let found = picture(field.name) else { return nil }
    let names = found.isList ? field.value.elements : [field.value]
    return names?.allSatisfy { $0.string != nil || $0 == .null } ?? (field.value == .null) ? found : nil
  }

  /// Whether maps in a value name files.
  static func areInside(_ value: JSON) -> Bool {
    switch value {
    case .array(let elements): elements.contains(where: areInside)
    case .object(let fields): fields.contains { picture($0) != nil || areInside($0.value) }
    default: false
    }
  }

  /// The files that maps in a value name.
  static func inside(_ value: JSON) -> [String] {
    switch value {
    case .array(let elements): elements.flatMap(inside)
    case .object(let fields):
      fields.flatMap { field in
        picture(field) == nil ? inside(field.value) : (field.value.elements ?? [field.value]).compactMap(\.string)
      }
    default: []
    }
  }
}
