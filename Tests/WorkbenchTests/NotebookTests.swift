import Foundation
import Testing
import Workbench

/// Each notebook runs to its end in its quick mode, on sprites, on a folder and on a file of the published schema.
@Suite(.serialized) struct NotebookTests {
  private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

  /// The notebooks, what makes them shorter still, and a text that the last of their cells prints.
  static let notebooks: [(name: String, options: String, told: String)] = [
    ("quickstart", "count: 60, steps: 4, captions: 4", "saved in the folder"),
    ("train-compare", "only: \"rnn_ref,att_d1\", epochs: 2", "kept below"),
    ("eval-compare", "samples: 6", "kept in"),
    ("model-construct", "steps: 3", "far.inner.weight_ih_l0"),
    ("copy-task", "steps: 3, count: 20, gaps: [1]", "attention 1:"),
    ("captioning", "count: 40, steps: 4, asked: 2", "written:"),
    ("dataset", "count: 6", "no row is in both"),
    ("sweep", "steps: 2, states: [8], count: 20", "budget"),
  ]

  /// Runs a notebook in a folder of its own below that of the tests.
  private func run(_ name: String, _ options: String, folder: String) -> String {
    let path = Self.root.appending(path: "Notebooks/\(name).pxb").path
    let session = TestSession(SessionOptions(seed: 1, writeFolders: [TestSession.folder], readFolders: nil))
    let kept = ["train-compare", "eval-compare", "sweep", "dataset", "quickstart"].contains(name)
    let place = name == "train-compare" || name == "sweep" ? "folder" : "output"
    let output = kept ? ", \(place): \"\(folder)\"" : ""
    return session.run("run(\"\(path)\", quick: true, \(options)\(output))")
  }

  @Test(arguments: notebooks)
  func runsToItsEnd(notebook: (name: String, options: String, told: String)) {
    let output = run(notebook.name, notebook.options, folder: "notebooks/\(notebook.name)")
    #expect(!output.contains("error["), "\(output.suffix(600))")
    #expect(output.contains(notebook.told), "\(output.suffix(600))")
  }

  /// What a person has is a folder with pictures and captions, or the published file.
  @Test(arguments: ["published.parquet", "folder"], notebooks.filter { $0.name != "copy-task" })
  func takesData(form: String, notebook: (name: String, options: String, told: String)) throws {
    let file = Self.root.appending(path: "Tests/PixelBytesTests/Fixtures/parquet/published.parquet").path
    var data = file
    if form == "folder" {
      data = "notebooks/pictures"
      let made = TestSession(SessionOptions(seed: 1, writeFolders: [TestSession.folder], readFolders: nil)).run(
        """
        if not exists("\(data)/metadata.csv") {
          rows = load_dataset("\(file)")
          for i, row in enumerate(rows) { save row.image, f"\(data)/{i}.png" }
          save table([{file_name: f"{i}.png", caption: row.caption} for i, row in enumerate(rows)]), "\(data)/metadata.csv"
        }
        """)
      #expect(made == "")
    }
    let output = run(
      notebook.name, notebook.options + ", data: \"\(data)\"", folder: "notebooks/\(form)-\(notebook.name)")
    #expect(!output.contains("error["), "\(output.suffix(600))")
    #expect(output.contains(notebook.told), "\(output.suffix(600))")
  }
}
