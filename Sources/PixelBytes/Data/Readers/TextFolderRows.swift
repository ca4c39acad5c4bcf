import Formats
import Foundation
import Safepoint

/// The texts of a folder and its sub folders, each a `.txt` file, with the picture of the same name beside it.
///
/// The rows are in the order of their names. A text without a picture is a row without one; a picture without a text is a
/// row that cannot be read, unless no row has a text, which no folder of texts is.
final class TextFolderRows: RowSource {
  private struct Entry {
    let stem: String
    var text: String?
    var picture: String?
  }

  private let folder: String
  private let entries: [Entry]
  private let options: ReadingOptions
  let count: Int
  let columns: [String]
  let tokens: (any TokenStore)? = nil

  /// The largest text, in bytes.
  static let textLimit = 1 << 20

  /// Lists a folder; nil when it has no texts.
  init?(_ folder: String, _ options: ReadingOptions) throws(DataError) {
    guard let names = FileManager.default.enumerator(atPath: folder) else {
      throw DataError(.io, "\(folder) cannot be listed")
    }
    var found: [String: Entry] = [:]
    for case let name as String in names {
      if Safepoint.mustStop(after: 20_000) { throw DataError(.io, "listing \(folder) was stopped") }
      guard let point = name.lastIndex(of: "."), !(name.split(separator: "/").last ?? "").hasPrefix(".") else {
        continue
      }
      let (stem, ending) = (String(name[..<point]), name[name.index(after: point)...].lowercased())
      if ending == "txt" {
        found[stem, default: Entry(stem: stem)].text = name
      } else if RasterImage.readEndings.contains(ending), options.image != nil {
        found[stem, default: Entry(stem: stem)].picture = name
      }
    }
    guard found.values.contains(where: { $0.text != nil }) else { return nil }
    (self.folder, self.options) = (folder, options)
    entries = found.values.sorted { $0.stem < $1.stem }
    count = min(entries.count, max(0, options.limit ?? .max))
    columns = entries.contains { $0.picture != nil } ? ["image", "caption"] : ["caption"]
  }

  func row(at index: Int) throws -> DataRow {
    let entry = entries[index]
    return try RowError.placed("\(folder)/\(entry.stem)") {
      guard let name = entry.text else {
        throw RowError(reason: "has no text \(entry.stem).txt beside the picture")
      }
      let path = folder + "/" + name
      try options.willRead(path)
      let text: String
      do throws(FormatError) { text = try readTextFile(path, limit: Self.textLimit) } catch {
        throw RowError(reason: "\(name): \(error.message)")
      }
      return DataRow(
        caption: text.trimmingCharacters(in: .newlines),
        image: try entry.picture.map { try options.picture($0, in: folder) })
    }
  }
}
