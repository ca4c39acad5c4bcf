import Formats
import Foundation
import PixelBytes
import Testing

/// Tables in parts, as Spark and Hive write them: what folders of every name, depth and form say.
@Suite struct FolderPartsTests {
  private func parts(_ paths: [String], isWhole: Bool = false) throws -> [String: [NamedValue]] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "parts-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for path in paths {
      let file = folder.appending(path: path, directoryHint: .notDirectory)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: file)
    }
    let found = try FolderParts(folder.path, isWhole: isWhole)
    #expect(found.files == found.files.sorted() && found.files.count == found.values.count)
    let names = found.files.map { String($0.dropFirst(folder.path.count + 1)) }
    return Dictionary(uniqueKeysWithValues: zip(names, found.values))
  }

  private func text(_ name: String, _ value: String) -> NamedValue { NamedValue(name, .plain(.string(value))) }
  private func number(_ name: String, _ value: Int) -> NamedValue { NamedValue(name, .plain(.integer(value))) }

  @Test(arguments: [
    ("a=b", "a", "b"), ("a=", "a", ""), ("a=b=c", "a", "b=c"), ("a==", "a", "="), ("a b=c d", "a b", "c d"),
    ("a%3Db=c%20d%25", "a=b", "c d%"), ("a=%zz", "a", "%zz"), ("é=%C3%A9", "é", "é"), ("a=007", "a", "007"),
    ("a=+5", "a", "+5"),
    ("a=1.5", "a", "1.5"), ("a=-0", "a", "-0"), ("a=99999999999999999999", "a", "99999999999999999999"),
  ])
  func namesSayTexts(folder: String, name: String, value: String) throws {
    #expect(try parts(["\(folder)/x.parquet"]) == ["\(folder)/x.parquet": [text(name, value)]])
  }

  @Test(arguments: [("a=0", 0), ("a=7", 7), ("a=-5", -5), ("a=9223372036854775807", Int.max)])
  func namesSayNumbers(folder: String, value: Int) throws {
    #expect(try parts(["\(folder)/x.parquet"]) == ["\(folder)/x.parquet": [number("a", value)]])
  }

  /// A column of which one value is no number is of texts; no value is none of either.
  @Test func columnsHaveOneType() throws {
    let none = NamedValue("a", .plain(.null))
    let missing = "a=__HIVE_DEFAULT_PARTITION__/x.parquet"
    #expect(try parts(["a=1/x.parquet", missing]) == ["a=1/x.parquet": [number("a", 1)], missing: [none]])
    #expect(
      try parts(["a=1/x.parquet", "a=b/x.parquet", missing])
        == ["a=1/x.parquet": [text("a", "1")], "a=b/x.parquet": [text("a", "b")], missing: [none]])
    #expect(
      try parts(["a=1/b=x/x.parquet", "a=2/b=3/y.parquet"])
        == [
          "a=1/b=x/x.parquet": [number("a", 1), text("b", "x")], "a=2/b=3/y.parquet": [number("a", 2), text("b", "3")],
        ])
  }

  @Test func otherNamesArePassedOver() throws {
    let paths = [
      "=x/x.parquet", "a/x.parquet", "_a=1/x.parquet", ".a=1/x.parquet", "b=1/_x.parquet", "b=1/x.csv",
      "b=1/c/x.parquet",
      "b=1/=/x.parquet", "top.parquet",
    ]
    #expect(try parts(paths).isEmpty)
    #expect(try parts(paths, isWhole: true) == ["top.parquet": []])
  }

  /// Sixteen folders deep, and no deeper.
  @Test(arguments: [1, 2, 15, 16, 17, 18]) func depth(count: Int) throws {
    let path = (0..<count).map { "c\($0)=\($0)/" }.joined() + "x.parquet"
    let values = (0..<count).map { number("c\($0)", $0) }
    #expect(try parts([path]) == (count <= 16 ? [path: values] : [:]))
  }
}
