import Testing

/// The view that stands below the progress of a training.
@Suite struct LiveTests {
  private static let script = """
    rows = build(sprites(count: 8, size: 8, seed: 1), parts: ["caption", "image"])
    net = lstm(dim: 9, state: 8, depth: 1, bidirectional: false, seed: 1)
    h = train(net, rows, steps: 400, batch: 8, loss: "all", every: 1000, live: true)
    print h.train_loss[-1]
    """

  @Test func aTerminalShowsItAndTakesItAway() throws {
    let terminal = try PseudoTerminal(["-e", Self.script])
    try terminal.expect("\u{1B}[8A\r")
    // Before anything else is told, the lines below are cleared.
    try terminal.expect("\u{1B}[J")
    try terminal.expect("best train loss")
    #expect(try terminal.end().status == 0)
  }

  @Test func pipesShowNothingOfIt() throws {
    let live = try Program.run(["--seed", "1", "-e", Self.script])
    let plain = try Program.run(["--seed", "1", "-e", Self.script.replacing("live: true", with: "live: false")])
    #expect(live.status == 0 && live.output == plain.output && !live.errors.contains("\u{1B}"), "\(live.errors)")
  }
}
