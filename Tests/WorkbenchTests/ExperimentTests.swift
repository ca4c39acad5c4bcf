import Foundation
import Testing
import Workbench

/// Each script of `Examples` runs to its end, and shows a table or something drawn.
@Suite(.serialized) struct ExperimentTests {
  private static let folder = URL(filePath: #filePath).appending(path: "../../../Examples").standardized

  /// The scripts, by name.
  static let names: [String] = {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".pxb") }.sorted()
  }()

  @Test(arguments: names) func showsWhatItMakes(name: String) {
    let session = TestSession(SessionOptions(seed: 1, writeFolders: [TestSession.folder], readFolders: nil))
    let text = session.run("run(\"\(Self.folder.appending(path: name).path)\")")
    #expect(!text.contains("error["), "\(text.suffix(600))")
    let shown = session.session.cells.flatMap(\.outputs).filter { output in
      if case .shown(let rendering) = output { !rendering.isText } else { false }
    }
    #expect(shown.count >= 2, "\(text.suffix(600))")
  }

  /// Ten of them, each with the Python that does the same beside it.
  @Test func areTen() {
    #expect(Self.names.count == 10)
    for name in Self.names {
      let python = Self.folder.appending(path: "python/\(name.dropLast(4)).py").path
      #expect(FileManager.default.fileExists(atPath: python), "\(python)")
    }
  }
}
