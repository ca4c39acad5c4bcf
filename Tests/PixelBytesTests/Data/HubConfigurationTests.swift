import Formats
import Foundation
import PixelBytes
import Testing

/// Folders whose README.md says what their splits are, as the Hub's library (datasets 5.2.0) reads them.
struct HubConfigurationTests {
  private static func text(_ value: DataValue) -> String {
    if case .plain(let value) = value { value.string ?? value.text() } else { "other" }
  }

  /// The captions of the rows, which are the names of the files, or the error.
  func rows(_ yaml: String, _ files: [String], split: String?) throws -> (captions: [String], notes: [String]) {
    try withTemporaryFolder { folder in
      for file in files {
        let path = folder + "/" + file
        try FileManager.default.createDirectory(
          at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try AtomicFile.write("caption\n\(file)\n", to: path)
      }
      try AtomicFile.write("---\nlicense: mit\n\(yaml)tags:\n- x\n---\n# A set\n", to: folder + "/README.md")
      var options = ReadingOptions()
      (options.image, options.split) = (nil, split)
      do {
        let data = try DataSet.load(folder, options)
        return (try data.map(\.caption), data.source.notes)
      } catch let error as DataError { return (["error: " + error.message.replacing(folder, with: "F")], []) }
    }
  }

  private static let two =
    "configs:\n- config_name: en\n  data_files: en.csv\n- config_name: fr\n  data_files: fr.csv\n"
  private static let list =
    "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: part_a.csv\n  - split: test # c\n    path: \"part_b.csv\"\n"
  private static let globs =
    "configs:\n  - config_name: default\n    data_files:\n      - split: train\n        path: 'data/a*.csv'\n"
    + "      - split: weird\n        path:\n          - data/b1.csv\n          - ./data/b2.csv\n"

  @Test(
    arguments: [
      (list, ["part_a.csv", "part_b.csv"], nil, ["part_a.csv"]),
      (list, ["part_a.csv", "part_b.csv"], "test", ["part_b.csv"]),
      (
        list, ["part_a.csv", "part_b.csv"], "validation",
        ["error: F has no split \"validation\"; it has the splits test, train"]
      ),
      (globs, ["data/a1.csv", "data/a2.csv", "data/b1.csv", "data/b2.csv"], nil, ["data/a1.csv", "data/a2.csv"]),
      (globs, ["data/a1.csv", "data/a2.csv", "data/b1.csv", "data/b2.csv"], "weird", ["data/b1.csv", "data/b2.csv"]),
      ("configs:\n- config_name: only\n  data_files: \"x.csv\"\n", ["x.csv", "y.csv"], nil, ["x.csv"]),
      (
        "configs:\n- config_name: default\n  data_files:\n  - x.csv\n  - y.csv\n", ["x.csv", "y.csv", "z.csv"], nil,
        ["x.csv", "y.csv"]
      ),
      (
        two, ["en.csv", "fr.csv"], nil,
        [
          "error: F/README.md has the configurations en, fr, of which none is the default; open the files of one by themselves"
        ]
      ),
      (two + "  default: true\n", ["en.csv", "fr.csv"], nil, ["fr.csv"]),
      (two.replacing("name: fr", with: "name: default"), ["en.csv", "fr.csv"], nil, ["fr.csv"]),
      ("configs:\n- config_name: default\n  data_dir: sub\n", ["sub/train.csv", "other.csv"], nil, ["sub/train.csv"]),
      (
        "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: \"**/a.csv\"\n",
        ["b/a.csv", "b/c/a.csv", "a.csv", "b/d.csv"], nil, ["a.csv", "b/a.csv", "b/c/a.csv"]
      ),
      (
        "configs:\n- config_name: default\n  data_files:\n  - split: test\n    path: b/*\n", ["b/a.csv", "b/c/a.csv"],
        "test",
        ["b/a.csv"]
      ),
      (
        "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: no*.csv\n", ["a.csv"], nil,
        ["error: F has no file \"no*.csv\", which README.md names for the split \"train\""]
      ),
      ("", ["train.csv", "test.csv"], "test", ["test.csv"]),
    ] as [(String, [String], String?, [String])])
  func splitsAreThoseOfTheConfiguration(yaml: String, files: [String], split: String?, captions: [String]) throws {
    let found = try rows(yaml, files, split: split)
    #expect(found.captions == captions)
    #expect(found.notes.isEmpty, "\(found.notes)")
  }

  /// The same in brackets, in each way in which PyYAML reads it.
  @Test(arguments: [
    "configs: [{config_name: default, data_files: [{split: train, path: a.csv}, {split: test, path: b.csv}]}]\n",
    "configs: [{config_name: \"default\", data_files: [{'split': 'train', \"path\": \"a.csv\"}, {split: test, path: b*}]}]\n",
    "configs:\n- {config_name: default, data_files: [{split: train, path: [a.csv]}, {split: test, path: ['b.csv',]},]}\n",
    "configs:\n- config_name: default\n  data_files: [{split: train, path: a.csv}, {split: test, path: b.csv}]  # both\n",
    "configs:\n- config_name: default\n  data_files:\n  - {split: train, path: \"a.csv\"}\n  - split: test\n    path: [\"b.csv\"]\n",
    "configs: [\n  {config_name: default,  # one\n   data_files: [\n     {split: train, path: \"a.csv\"},\n     {split: test, path: b.csv}\n   ]}\n]\n",
    "configs: [{\"config_name\":\"default\",\"data_files\":[{\"split\":\"train\",\"path\":\"a.csv\"},{\"split\":\"test\",\"path\":\"b.csv\"}]}]\n",
    "configs:\n- \"config_name\": default\n  'data_files':\n  - [split: train, path: a.csv]\n",
    "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: \"\\x61.c\\u0073v\"\n  - {split: test, path: 'b.csv'}\n",
    "\"configs\":\n- \"config_name\": \"default\"\n  \"data_files\":\n  - \"split\": train\n    \"path\": a.csv\n  - {\"split\": test, \"path\": b.csv}\n",
    "'configs':\n-\n  config_name: default\n  data_files:\n    - split: >-\n        train\n      path: |-\n        a.csv\n    - path: >-\n        b.csv\n      split: test\n",
    "configs:\n- config_name: default\n  description: |\n    data_files: no\n\n    - [x\n  data_files:\n  - split: train\n    path: a.csv\n  - split: test\n    path: b.csv\n",
    "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: \"[!b].csv\"\n  - split: test\n    path: \"[b-c].csv\"\n",
    "configs:\n- config_name: default\n  default: yes\n  data_files: [{split: train, path: a.csv, }, {split: test, path: b.csv, more: }]\n- {config_name: other}\n",
  ])
  func bracketsAreAsLines(yaml: String) throws {
    // A list of keys with values is a list of maps of one key each, as PyYAML has it, and no split.
    let isWrong = yaml.contains("[split:")
    for (split, caption) in [("train", "a.csv"), ("test", "b.csv")] {
      let found = try rows(yaml, ["a.csv", "b.csv"], split: split)
      guard !isWrong else {
        #expect(
          found.notes.contains { $0.contains("configs that are not read") } || found.captions[0].hasPrefix("error"))
        continue
      }
      #expect(found.captions == [caption] && found.notes.isEmpty, "\(found)")
    }
  }

  /// Brackets and quotes that do not end, and what stands behind them, are no YAML.
  @Test(arguments: [
    "configs: [{config_name: default, data_files: a.csv}\n", "configs: [{config_name: default, data_files: a.csv]]\n",
    "configs: [{config_name: default, data_files: a.csv}] x\n",
    "configs: [{config_name: default, data_files: 'a.csv}]\n",
    "configs: [{config_name: default, data_files: \"a\\q.csv\"}]\n",
    "configs: [{config_name: default,, data_files: a.csv}]\n",
    "configs: [{config_name: default, data_files: *a}]\n", "configs: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]\n",
  ])
  func brokenBracketsAreTold(yaml: String) throws {
    let found = try rows(yaml, ["train.csv", "a.csv"], split: "train")
    #expect(found.captions == ["train.csv"])
    #expect(found.notes.contains { $0.contains("README.md has configs that are not read") }, "\(found)")
  }

  /// A sign more, less or other anywhere gives what is read, is told, or is an error that names README.md or a split.
  @Test func damagedBracketsAreReadOrTold() throws {
    let yaml =
      "configs: [{config_name: default,  # c\n  \"data_files\": [{split: train, path: ['a.csv', \"\\x62.csv\"]}, {split: test, path: b*}]}]\n"
    for place in yaml.indices.dropFirst(9) {
      for sign in ["", "[", "\"", ": "] {
        let end = sign.isEmpty ? yaml.index(after: place) : place
        let found = try rows(yaml.replacingCharacters(in: place..<end, with: sign), ["a.csv", "b.csv"], split: "train")
        let isTold = found.notes.contains { $0.contains("README.md") } || found.captions == ["a.csv", "b.csv"]
        #expect(isTold || found.captions.first?.hasPrefix("error: F") ?? false, "\(found)")
      }
    }
  }

  /// What is not read of a configuration is told, and names tell the splits.
  @Test(arguments: [
    "configs:\n- config_name: default\n  data_files:\n    train: x.csv\n",
    "configs:\n- config_name: default\n  data_files: &a x.csv\n",
    "configs:\n- config_name: default\n  data_dir: ../x\n",
    "configs:\n- data_files: x.csv\n", "configs:\n",
    "configs:\n- config_name: default\n  data_files: notes.txt\n",
  ])
  func otherFormsAreTold(yaml: String) throws {
    let found = try rows(yaml, ["train.csv", "x.csv", "notes.txt"], split: "train")
    #expect(found.captions == ["train.csv"])
    #expect(found.notes.contains { $0.contains("README.md has configs that are not read") }, "\(found.notes)")
  }

  /// The rows of folders of pictures, as names of pictures with their captions and labels, and the notes.
  func pictures(
    _ yaml: String, _ files: [String], _ tables: [String: String] = [:], split: String? = nil
  ) throws -> (rows: [String], columns: [String], notes: [String]) {
    let picture = RasterImage(width: 1, height: 1, rgba: [1, 2, 3, 255])
    return try withTemporaryFolder { folder in
      func write(_ name: String, _ bytes: [UInt8]) throws {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(
          at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try AtomicFile.write(bytes, to: path)
      }
      for file in files { try write(file, file.hasSuffix(".png") ? try PNG.encode(picture) : Array(file.utf8)) }
      for (name, text) in tables { try write(name, Array(text.utf8)) }
      try write("README.md", Array("---\n\(yaml)---\n".utf8))
      var options = ReadingOptions()
      options.split = split
      let data = try DataSet.load(folder, options)
      let rows = try data.map { row in
        #expect(row.image == picture)
        return row.caption + row.extra.map { "|\($0.name)=\(Self.text($0.value))" }.joined()
      }
      return (rows, data.columns, data.source.notes.map { $0.replacing(folder, with: "F") })
    }
  }

  private static let sets =
    "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: setA/**\n  - split: test\n    path: setB/**\n"

  /// Of folders of pictures those are the rows of a split that its patterns name, with the tables of metadata among them.
  @Test func patternsOfPicturesTellSplits() throws {
    let yaml = Self.sets
    let files = ["setA/x.png", "setA/deep/y.png", "setB/z.png", "setC/w.png"]
    for (split, count) in [(nil, 2), ("train", 2), ("test", 1)] as [(String?, Int)] {
      // They lie at two depths, where the Hub's library takes folders for no labels unless it is told to.
      for (files, line, hasLabels) in [
        (files, "", false), (files, "  drop_labels: false\n", true),
        (files.map { $0.replacing("deep/", with: "") }, "", true),
        (files.map { $0.replacing("deep/", with: "") }, "  drop_labels: true\n", false),
      ] {
        let found = try pictures(yaml.replacing("default\n", with: "default\n" + line), files, split: split)
        #expect(found.rows.count == count && found.columns == ["image", "caption"] + (hasLabels ? ["label"] : []))
        #expect(found.notes.isEmpty, "\(found.notes)")
      }
    }
    let tables = [
      "setA/metadata.csv": "file_name,caption\nx.png,A\n", "setB/metadata.csv": "file_name,caption\nz.png,B\n",
    ]
    let train = try pictures(yaml, files, tables)
    #expect(train.rows == ["A"])
    #expect(train.notes == ["F: 1 picture is not read, because no row names it: setA/deep/y.png"])
    #expect(try pictures(yaml, files, tables, split: "test").rows == ["B"])
    let dropped = try pictures(
      yaml.replacing("default\n", with: "default\n  drop_metadata: true\n"), files, tables, split: "test")
    #expect(dropped.rows.count == 1 && dropped.columns == ["image", "caption"])
    #expect(dropped.notes.isEmpty, "\(dropped.notes)")
  }

  /// The files of a split are those that its patterns name, whatever folders are called and hold.
  @Test func patternsGoBeforeFoldersOfSplits() throws {
    let files = ["train/a/x.png", "train/b/y.png", "test/z.png"]
    let tables = [
      "train/metadata.csv": "file_name,caption\na/x.png,A\nb/y.png,B\n",
      "test/metadata.csv": "file_name,caption\nz.png,Z\n",
    ]
    func yaml(_ splits: [(String, String)], _ more: String = "") -> String {
      "configs:\n- config_name: default\n\(more)  data_files:\n"
        + splits.map { "  - split: \($0)\n    path: \($1)\n" }.joined()
    }
    let swapped = yaml([("train", "test/**"), ("test", "train/**")])
    #expect(try pictures(swapped, files, tables).rows == ["Z"])
    #expect(try pictures(swapped, files, tables, split: "test").rows == ["A", "B"])
    let part = try pictures(yaml([("train", "train/a/**")]), files, tables)
    #expect(part.rows.count == 1 && part.columns == ["image", "caption"], "\(part.rows)")
    let dropped = try pictures(yaml([("train", "train/**")], "  drop_metadata: true\n"), files, tables)
    #expect(dropped.columns == ["image", "caption"] && dropped.rows.count == 2 && dropped.notes.isEmpty)
  }

  /// A configuration goes before a table of metadata beside the README.md, which is read where a split names it and told where none does.
  @Test func configurationsGoBeforeMetadata() throws {
    let files = ["a/1.png", "b/2.png"]
    let tables = ["metadata.csv": "file_name,caption\na/1.png,A\nb/2.png,B\n"]
    func yaml(_ more: String, _ test: String? = nil) -> String {
      "configs:\n- config_name: default\n\(more)"
        + (test.map { "  data_files:\n  - split: train\n    path: [b/*\($0)]\n  - split: test\n    path: [a/*\($0)]\n" }
          ?? "")
    }
    let bare = try pictures(yaml("", ""), files, tables, split: "test")
    #expect(bare.rows == ["|label=a"])
    #expect(bare.notes == ["F/metadata.csv is not read: README.md does not name it among the files of the split"])
    let named = try pictures(yaml("", ", metadata.csv"), files, tables, split: "test")
    #expect(named.rows == ["A", "B"])
    #expect(
      named.notes == ["F: 1 row names a picture that README.md does not name for the split; they are read all the same"]
    )
    // Folders are no labels of pictures that a table describes, read or not.
    let dropped = try pictures(yaml("  drop_metadata: true\n"), files, tables)
    #expect(dropped.rows == ["", ""] && dropped.notes.isEmpty)
    let both = try pictures(yaml("  drop_metadata: yes\n  drop_labels: 'True'\n"), files, tables)
    #expect(both.rows == ["", ""] && both.columns == ["image", "caption"] && both.notes.isEmpty)
    #expect(try pictures(yaml("  drop_metadata: false\n"), files, tables).rows == ["A", "B"])
  }

  /// Folders are labels where the pictures of all splits lie at one depth and in folders of several names.
  @Test(
    arguments: [
      (["cat/1.png", "dog/2.png"], ["cat", "dog"]), (["cat/1.png", "cat/2.png"], nil), (["1.png", "cat/2.png"], nil),
      (["a/cat/1.png", "b/cat/2.png"], nil), (["a/cat/1.png", "b/dog/2.png"], ["cat", "dog"]),
      (["cat/1.png", "dog/deep/2.png"], nil), (["train/cat/1.png", "test/dog/2.png"], ["cat"]),
      (["train/cat/1.png", "test/cat/2.png"], nil), (["train/1.png", "test/2.png"], nil),
      (["cat/train/1.png", "dog/train/2.png", "cat/test/3.png"], nil), (["train_1.png", "test_1.png"], nil),
      (["cat/train_1.png", "dog/test_1.png"], ["cat"]), (["cat/1.png", "cat/1.txt", "dog/2.png", "dog/2.txt"], nil),
    ] as [([String], [String]?)])
  func labelsAreThoseOfSeveralFolders(files: [String], labels: [String]?) throws {
    let found = try pictures("license: mit\n", files)
    #expect(found.columns == ["image", "caption"] + (labels == nil ? [] : ["label"]), "\(found.rows)")
    if let labels { #expect(found.rows == labels.map { "|label=\($0)" }) }
  }

  /// Keys that are not read are told, and named by the errors that follow from them; those of the separator and the encoding are read.
  @Test func otherKeysAreReadOrTold() throws {
    func load(_ keys: String, _ table: [UInt8]) throws -> (rows: [[String]], notes: [String], error: String?) {
      try withTemporaryFolder { folder in
        try AtomicFile.write(table, to: folder + "/x.csv")
        try AtomicFile.write(
          "---\nconfigs:\n- config_name: default\n  data_files: x.csv\n\(keys)---\n", to: folder + "/README.md")
        var options = ReadingOptions()
        options.image = nil
        do {
          let data = try DataSet.load(folder, options)
          let rows = try data.map { [$0.caption] + $0.extra.map { Self.text($0.value) } }
          return (rows, data.source.notes.map { $0.replacing(folder, with: "F") }, nil)
        } catch let error as DataError { return ([], [], error.message.replacing(folder, with: "F")) }
      }
    }
    for key in ["sep", "delimiter"] {
      for sign in ["|", ";", ":"] {
        let found = try load("  \(key): \"\(sign)\"\n", Array("caption\(sign)n\na,b\(sign)1\n".utf8))
        #expect(found.rows == [["a,b", "1"]] && found.notes.isEmpty, "\(found)")
      }
    }
    let latin = try load("  encoding: latin-1\n", Array("caption\n".utf8) + [0xE9, 0x0A])
    #expect(latin.rows == [["é"]] && latin.notes.isEmpty)
    for key in ["names", "column_names", "header", "quotechar", "features", "anything"] {
      let found = try load("  \(key): [\"u\", \"v\"]\n", Array("caption,n\na,1\n".utf8))
      #expect(found.rows == [["a", "1"]])
      #expect(found.notes == ["F/README.md says `\(key)` of the configuration \"default\", which is not read"])
    }
    let skipped = try load("  skiprows: 1\n  encoding: martian\n", Array("junk,j\ncaption,n\n".utf8))
    #expect(
      skipped.error?.hasSuffix(
        "; F/README.md says `skiprows`, `encoding` of the configuration \"default\", which is not read") == true,
      "\(skipped)")
  }

  /// Classes that `dataset_info` names are told beside the numbers that stand for them in a table of texts.
  @Test func classesOfDataSetInfoAreTold() throws {
    let names = "        names:\n          '0': cat\n          '1': dog\n"
    for (form, isTold) in [
      ("    dtype:\n      class_label:\n\(names)", true), ("    sequence:\n      class_label:\n\(names)", true),
      ("    dtype: int64\n", false),
    ] {
      let found = try rows(
        "dataset_info:\n  features:\n  - name: caption\n    dtype: string\n  - name: n\n\(form)", ["train.csv"],
        split: nil)
      #expect(found.captions == ["train.csv"])
      #expect(
        found.notes.map {
          $0.hasSuffix("README.md: the column \"n\" holds numbers of classes: 0 is \"cat\", 1 is \"dog\"")
        } == (isTold ? [true] : []), "\(found.notes)")
    }
  }

  @Test func textsBesidePicturesOfASplitAreCaptions() throws {
    let yaml = Self.sets
    let files = ["setA/x.png", "setA/x.txt", "setB/z.png", "setB/z.txt"]
    #expect(try pictures(yaml, files).rows == ["setA/x.txt"])
    #expect(try pictures(yaml, files, split: "test").rows == ["setB/z.txt"])
  }
}
