import Foundation
import Testing
import Workbench

/// Whole files of a notebook that has every kind of cell and shows every kind of value, in each form.
struct ExportedPageTests {
  private static let folder = Golden.root.appending(path: "exports")

  @Test func areThoseThatAreKept() throws {
    let session = TestSession()
    let script = try String(contentsOf: Self.folder.appending(path: "pages.pxb"), encoding: .utf8)
    let place = TestSession.folder + "/exported"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try Data(script.utf8).write(to: URL(filePath: place + "/pages.pxb"))
    #expect(session.run("run(\"exported/pages.pxb\", n: 2)").contains("no <way>"))
    for ending in ["md", "html", "ipynb", "pxb"] {
      #expect(session.run("export \"exported/out/pages.\(ending)\", what: \"run\"", echo: false) == "")
      let text = try String(contentsOfFile: "\(place)/out/pages.\(ending)", encoding: .utf8)
      if ending == "pxb" {
        #expect(text == script)
      } else {
        try Golden.check(try Self.plain(text), Self.folder.appending(path: "pages.\(ending)"))
      }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: place + "/out/pages_files").sorted()
    #expect(
      files.map { $0.replacing(/-[0-9a-f]{8}\./, with: ".") } == ["cell-4-1.png", "cell-5-1.png", "cell-6-1.svg"])
  }

  /// A page without its style, the version of the program and the digests of files; in place of pictures stand their sizes and the digests of their pixels.
  private static func plain(_ text: String) throws -> String {
    let text = text.replacing(Session.version, with: "VERSION").replacing(/<style>[\s\S]*<\/style>/, with: "<style>")
      .replacing(/(cell-\d+-\d+)-[0-9a-f]{8}\./) { "\($0.1)." }
    return try Golden.withoutPictures(text)
  }
}
