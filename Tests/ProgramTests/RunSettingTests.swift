import Foundation
import Testing

/// What tables of runs show of settings that options, models and parameters of scripts have in common.
@Suite struct RunSettingTests {
  /// Of one name the option of the training counts, then the setting of the model, then the parameter that was given.
  @Test func aNameIsShownOnce() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "r.pxb",
      """
      param lr = 0.5
      param dim = 81
      param note = "a"
      param extra = 1
      net = lstm(dim: 9, state: 4, depth: 1, seed: 1)
      train(net, sprites(count: 2, size: 8, seed: 1), steps: 1, sequence: 8, lr: lr / 10, log: "told/" + note);
      """)
    for words in [["--note", "a", "--dim", "7"], ["--note", "b", "--lr", "0.3", "--extra", "2"]] {
      #expect(try Program.run(["run", "r.pxb"] + words, folder: folder.path).status == 0)
    }
    let code = """
      t = runs("told")
      print t.columns
      print t.lr, t.note, t.extra
      c = compare_runs("told")
      print c[1], c[2], c[3]
      print([row[""] for row in c])
      """
    let told = try Program.run(["-e", code], folder: folder.path)
    #expect(
      told.output == """
        ["name", "model", "lr", "note", "extra", "state", "epoch", "best_loss", "last_loss", "accuracy", "seconds", "when"]
        [0.05, 0.03] ["a", "b"] [nil, 2]
        {"": "lr", a: 0.05, b: 0.03} {"": "note", a: "a", b: "b"} {"": "extra", a: nil, b: 2}
        ["model", "lr", "note", "extra", "data", "epoch", "train_loss", "train_accuracy", "seconds", "best epoch", "best train_loss", "state"]

        """, "\(told.output)\(told.errors)")
  }

  /// A run tells which cells of its script ran, and is made again by these.
  @Test(
    arguments: [
      ([], ["first": [nil, nil], "second": [nil, nil]]), (["--cell", "1"], ["first": [1, 1]]),
      (["--cell", "2"], ["second": [2, 2]]), (["--cell", "B"], ["second": [2, 2]]),
      (["--from", "2"], ["second": [2, 3]]),
      (["--until", "1"], ["first": [1, 1]]), (["--from", "1", "--until", "2"], ["first": [1, 2], "second": [1, 2]]),
    ] as [([String], [String: [Int?]])])
  func theCellsThatRan(options: [String], expected: [String: [Int?]]) throws {
    let folder = try TemporaryFolder()
    func cell(_ title: String, _ name: String, _ every: String) -> String {
      """
      # %% \(title)
      net = lstm(dim: 9, state: 4, depth: 1, bidirectional: false, seed: 1)
      train(net, sprites(count: 2, size: 8, seed: 1), steps: 2, \(every)sequence: 8, log: "told/\(name)");

      """
    }
    let script = cell("A", "first", "") + cell("B", "second", "every: \"1 step\", ") + "# %% C\nprint 1\n"
    _ = try folder.write("n.pxb", script)
    #expect(try Program.run(options + ["run", "n.pxb"], folder: folder.path).status == 0)
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/told")) == Set(expected.keys))
    for (name, cells) in expected {
      let text = try Data(contentsOf: URL(filePath: folder.path + "/told/" + name + "/run.json"))
      let run = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
      let input = try #require(((run["script"] as? [String: Any])?["inputs"] as? [[String: Any]])?.first)
      #expect([input["cell"] as? Int, input["until"] as? Int] == cells)
      let again = try Program.run(["--quiet", "-e", "print reproduce(\"told/\(name)\")"], folder: folder.path)
      #expect(again.output == (name == "first" ? "2\n" : "3\n"), "\(again.errors)")
    }
  }
}
