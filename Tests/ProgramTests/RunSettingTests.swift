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
}
