import Formats
import Foundation
import PixelBytes
import Testing

/// What a README.md says that is told, and labels and tables that it leaves out.
extension HubConfigurationTests {
  /// A pattern of no file is told, a path of none is an error, and so is a split of none, as far as it is read.
  @Test(
    arguments: [
      ("[\"a*.csv\", \"no*.csv\"]", "b.csv", nil, ["a.csv"], ["no*.csv for train"]),
      ("[\"a*.csv\", \"no?.csv\"]", "b.csv", "test", ["b.csv"], ["no?.csv for train"]),
      ("a.csv", "\"x/**\"", nil, ["a.csv"], ["x/** for test"]), ("a.csv", "\"x/**\"", "test", ["x/** for test"], []),
      ("a.csv", "[\"[xy].csv\", \"no*\"]", nil, ["a.csv"], ["[xy].csv for test", "no* for test"]),
      ("\"no*\"", "b.csv", nil, ["no* for train"], []), ("\"no*\"", "b.csv", "test", ["b.csv"], ["no* for train"]),
      ("a.csv", "gone.csv", nil, ["gone.csv for test"], []),
      ("[a.csv, gone.csv]", "b.csv", "test", ["gone.csv for train"], []),
    ] as [(String, String, String?, [String], [String])])
  func patternsOfNothingAreTold(train: String, test: String, split: String?, captions: [String], notes: [String]) throws
  {
    let yaml =
      "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: \(train)\n  - split: test\n    path: \(test)\n"
    let found = try rows(yaml, ["a.csv", "b.csv"], split: split)
    func plain(_ text: String) -> String {
      text.replacing("error: F has no file ", with: "").replacing("\"", with: "")
        .replacing(", which README.md names for the split", with: " for")
    }
    #expect(found.captions.map(plain) == captions)
    #expect(found.notes.map { plain($0.replacing(#/^.* has no file /#, with: "")) } == notes, "\(found.notes)")
  }

  /// Of a key that stands several times the last value counts, at any depth and in any form, which is told.
  @Test(arguments: [
    ("configs:\n- config_name: default\n  data_files: a.csv\n  data_files: b.csv\n", "data_files"),
    (
      "configs:\n- config_name: default\n  data_files: a.csv\nconfigs:\n- config_name: x\n  data_files: b.csv\n",
      "configs"
    ),
    ("configs:\n- {config_name: default, data_files: a.csv, data_files: b.csv}\n", "data_files"),
    ("configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: a.csv\n    path: [b.csv]\n", "path"),
    ("configs: [{\"config_name\": y, data_files: [{split: test, split: train, path: b.csv}]}]\n", "split"),
  ])
  func theLastOfEqualKeysCounts(yaml: String, key: String) throws {
    let found = try rows(yaml, ["a.csv", "b.csv"], split: nil)
    #expect(found.captions == ["b.csv"])
    #expect(
      found.notes.count == 1
        && found.notes[0].hasSuffix("README.md has `\(key)` several times in one place, where the last counts"),
      "\(found.notes)")
  }

  /// Classes that `dataset_info` of the configuration names, in lists and structures and over several lines too, are those of parquet
  /// files that name none.
  @Test func classesOfDataSetInfoAreThoseOfParquet() throws {
    let names = ["cat", "a dog, or what else has four legs", "it's"]
    let label =
      "        class_label:\n          names:\n            '0': cat\n            '1': a dog, or what\n              else has four legs\n            '2': 'it''s'\n"
    let yaml = """
      ---
      configs:
      - config_name: two
        default: true
        data_files: train.parquet
      dataset_info:
      - config_name: one
        features:
        - name: n
          dtype:
            class_label:
              names: ['other']
      - config_name: two
        features:
        - name: n
          dtype:
      \(label)  - name: many
          list:
      \(label)  - name: parts
          struct:
          - name: m
            sequence:
      \(label.replacing("\n", with: "\n  ").replacing(#/^/#, with: "  "))
      ---

      """
    try withTemporaryFolder { folder in
      var shapes = [ParquetShape(), ParquetShape(), ParquetShape()]
      let values: [ParquetValue] = [.integer(1), .list([.integer(2)]), .structure([("m", .list([.integer(0)]))])]
      for (place, value) in values.enumerated() { shapes[place].add(value) }
      let fields = zip(shapes, ["n", "many", "parts"]).compactMap { $0.field(named: $1) }
      let writer = try ParquetWriter(to: folder + "/train.parquet", columns: [.text("caption")] + fields)
      try writer.append([.texts(["a"])] + values.map { .values([$0]) })
      try writer.finish()
      try AtomicFile.write(yaml, to: folder + "/README.md")
      var options = ReadingOptions()
      options.image = nil
      let data = try DataSet.load(folder, options)
      #expect(data.source.classes == ClassNames([["n"]: names, ["many"]: names, ["parts", "m"]: names]), "\(yaml)")
      #expect(data.notes.count == 1 && data.notes[0].contains("the columns \"many\", \"n\", \"parts.m\" hold"))
    }
  }

  @Test func readmesOfOtherEncodingsAreTold() throws {
    for encoding in [String.Encoding.utf16, .utf32] {
      try withTemporaryFolder { folder in
        try AtomicFile.write("caption\nx\n", to: folder + "/train.csv")
        let text = "---\nconfigs:\n- config_name: default\n  data_files: b.csv\n---\n"
        try AtomicFile.write(Array(text.data(using: encoding) ?? Data()), to: folder + "/README.md")
        var options = ReadingOptions()
        options.image = nil
        let data = try DataSet.load(folder, options)
        #expect(
          data.source.notes.count == 1
            && data.source.notes[0].contains("README.md is not UTF-8 text; it is a text in UTF-"))
      }
    }
  }

  /// Folders are labels, or none, in every form as the README.md says; of a picture beside it that of the folder itself.
  @Test(
    arguments: [
      ["x.png"], ["train/x.png", "test/y.png"], ["train/cat/x.png", "test/cat/y.png"], ["cat/x.png"],
      ["cat/train/x.png", "cat/test/y.png"], ["train_1.png", "test_1.png"], ["cat/y.png", "x.png"],
    ], [true, false])
  func labelsAreDroppedAsTheReadmeSays(files: [String], drops: Bool) throws {
    let found = try pictures("configs:\n- config_name: default\n  drop_labels: \(drops)\n", files)
    #expect(found.columns == ["image", "caption"] + (drops ? [] : ["label"]))
    for (file, row) in zip(files, found.rows) {
      let folder = file.split(separator: "/").dropLast().last
      #expect(drops ? row == "" : folder.map { row == "|label=\($0)" } ?? row.hasPrefix("|label="), "\(found.rows)")
    }
  }

  /// Tables of metadata are passed over in every form where the README.md says so, and read with those of other folders where it does not.
  @Test(arguments: ["", "train/", "train/cat/", "data/", "train/cat/deep/"], ["csv", "jsonl"])
  func metadataIsDroppedAsTheReadmeSays(place: String, ending: String) throws {
    let table =
      ending == "csv" ? "file_name,caption\nx.png,A\n" : "{\"file_name\": \"x.png\", \"caption\": \"A\"}\n"
    for drops in [true, false] {
      let found = try pictures(
        "configs:\n- config_name: default\n  drop_metadata: \(drops)\n", ["\(place)x.png"],
        ["\(place)metadata.\(ending)": table])
      #expect(found.rows == [drops ? "" : "A"] && found.columns == ["image", "caption"], "\(place) \(found)")
    }
  }

  /// Keys of a file `.huggingface.yaml` go before those of the README.md, with the lines that begin and end YAML or without.
  @Test(arguments: ["C", "---\nC", "---\nC---\n", "# all\n---\nC...\nmore: [\n"], [true, false])
  func aFileOfYAMLGoesBeforeTheReadme(form: String, hasReadme: Bool) throws {
    func configuration(_ file: String) -> String { "configs:\n- config_name: default\n  data_files: \(file)\n" }
    try withTemporaryFolder { folder in
      for name in ["a.csv", "b.csv"] { try AtomicFile.write("caption\n\(name)\n", to: "\(folder)/\(name)") }
      let readme = hasReadme ? configuration("a.csv") : "license: mit\n"
      try AtomicFile.write("---\n\(readme)---\n", to: folder + "/README.md")
      try AtomicFile.write(form.replacing("C", with: configuration("b.csv")), to: folder + "/.huggingface.yaml")
      var options = ReadingOptions()
      options.image = nil
      let data = try DataSet.load(folder, options)
      #expect(try data.map(\.caption) == ["b.csv"] && data.source.notes == [])
      try AtomicFile.write(form.replacing("C", with: "tags: [x]\n"), to: folder + "/.huggingface.yaml")
      #expect(try DataSet.load(folder, options).count == (hasReadme ? 1 : 2))
      try AtomicFile.write(configuration("gone.csv"), to: folder + "/.huggingface.yaml")
      let error = #expect(throws: DataError.self) { try DataSet.load(folder, options) }
      #expect(error?.message.hasSuffix("which .huggingface.yaml names for the split \"train\"") ?? false)
    }
  }

  /// A split that stands twice, which the Hub's library refuses, has the files of both.
  @Test(arguments: [nil, "test"]) func aSplitThatStandsTwiceIsTold(split: String?) throws {
    let parts = ["train": ["a.csv", "c.csv"], "test": ["b.csv"]]
    let yaml = ["a", "b", "c"].map { "  - split: \($0 == "b" ? "test" : "train")\n    path: \($0).csv\n" }.joined()
    let found = try rows(
      "configs:\n- config_name: default\n  data_files:\n\(yaml)", ["a.csv", "b.csv", "c.csv"], split: split)
    #expect(found.captions == parts[split ?? "train"])
    #expect(
      found.notes.count == 1
        && found.notes[0].hasSuffix("names the split \"train\" several times; what it names is read together"))
  }
}
