import Foundation
import Testing

/// The program under `mpirun`: several ranks do what one does, and one of them writes.
@Suite(.serialized) struct RankTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let mpirun = "/usr/bin/mpirun"
  /// What ends an mpirun that does not end.
  private static let watched = ["-s", "KILL", "40", mpirun]
  static let isThere = FileManager.default.isExecutableFile(atPath: mpirun)
  private static let environment = [
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
  ]

  private static let script = """
    param out = "one"
    param steps = 12
    param resume = "no"
    rows = build(sprites(count: 12, size: 8, seed: 1), path: out + "-rows")
    train_rows, test_rows = split(rows, test: 0.25, seed: 4)
    net = lstm(dim: 9, state: 16, depth: 1, seed: 2)
    history = train(
      net, train_rows, validate: test_rows, steps: steps, batch: 10, part: 2, sequence: 16, every: "5 steps",
      checkpoint: out + "-run", save_every: 2, resume: {no: false, force: "force"}[resume], log: out + "-log")
    save net, out
    print history.train_loss, history.test_loss
    print load_model(out + "-run/best").parameters["fc.bias"].shape, read_text(out + "/config.json").split("\\n")[0]
    try { write_text(".", "x") } catch e { print e.kind }
    """

  /// Runs the script on some ranks; on none it is one process without mpirun.
  private func run(
    _ ranks: Int, _ arguments: [String], script: String = script, during: (Process) throws -> Void = { _ in }
  ) throws -> Program.Result {
    _ = try folder.write("script.pxb", script)
    let program = ["run", "script.pxb"] + arguments
    guard ranks > 0 else { return try Program.run(program, folder: folder.path, during: during) }
    return try Program.run(
      executable: "/usr/bin/timeout", Self.watched + ["-n", "\(ranks)", Program.path] + program,
      environment: Self.environment,
      folder: folder.path, during: during)
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: folder.path + "/" + path)) }

  @Test(.enabled(if: isThere, "Open MPI is not installed"), arguments: [2, 4])
  func trainToTheSameBits(ranks: Int) throws {
    let one = try run(0, ["--out", "one"])
    #expect(one.status == 0, "\(one.errors)")
    let several = try run(ranks, ["--out", "several"])
    #expect(several.status == 0, "\(several.errors)")
    #expect(several.output == one.output && one.output.hasSuffix("io\n"))
    for file in ["/model.safetensors", "-run/step-000012/moments.safetensors", "-run/best/model.safetensors"] {
      #expect(try bytes("several" + file) == bytes("one" + file), "\(file)")
    }
    // What is told is told once, and nobody leaves anything behind.
    #expect(several.errors.components(separatedBy: "best test loss").count == 2, "\(several.errors)")
    let metrics = try String(decoding: bytes("several-log/metrics.jsonl"), as: UTF8.self)
    #expect(metrics.split(separator: "\n").count == 4)
  }

  /// The process of a rank that mpirun started.
  private func process(ofRank rank: Int, in folder: String) throws -> Int32? {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard let id = Int32(name), let variables = FileManager.default.contents(atPath: "/proc/\(id)/environ"),
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/cwd")) == folder
      else { continue }
      let text = String(decoding: variables, as: UTF8.self)
      if text.split(separator: "\0").contains("OMPI_COMM_WORLD_RANK=\(rank)") { return id }
    }
    return nil
  }

  /// The step of the newest state that a run keeps.
  private func newestState() throws -> Int? {
    let run = folder.path + "/several-run"
    guard FileManager.default.fileExists(atPath: run) else { return nil }
    return try FileManager.default.contentsOfDirectory(atPath: run).compactMap { name in
      name.hasPrefix("step-") ? Int(name.dropFirst(5)) : nil
    }.max()
  }

  /// A rank that is killed, and one that is interrupted, end all; the run goes on with another number of ranks.
  @Test(
    .enabled(if: isThere, "Open MPI is not installed"), arguments: [(2, SIGKILL), (1, SIGTERM)] as [(Int, Int32)])
  func whatEndsOneEndsAll(rank: Int, signal: Int32) throws {
    let stopped = try run(3, ["--out", "several", "--steps", "1000000"]) { mpirun in
      while mpirun.isRunning, try newestState() == nil { usleep(2000) }
      let id = try #require(try process(ofRank: rank, in: URL(filePath: folder.path).resolvingSymlinksInPath().path))
      kill(id, signal)
    }
    #expect(stopped.status != 0 && stopped.output.isEmpty, "\(stopped.errors)")
    for number in 0..<3 { #expect(try process(ofRank: number, in: folder.path) == nil) }
    // As long a run that was never stopped, on one process, and the one that goes on.
    let steps = "\(try #require(try newestState()) + 3)"
    #expect(try run(0, ["--out", "one", "--steps", steps]).status == 0)
    let resumed = try run(2, ["--out", "several", "--steps", steps, "--resume", "force"])
    #expect(resumed.status == 0 && resumed.errors.contains("going on from step"), "\(resumed.errors)")
    #expect(try bytes("several/model.safetensors") == bytes("one/model.safetensors"))
  }

  @Test(.enabled(if: isThere, "Open MPI is not installed")) func errorsAreToldOnce() throws {
    let result = try run(3, [], script: "print 1\nprint nothing_there\n")
    #expect(result.status == 1 && result.output == "1\n")
    #expect(result.errors.components(separatedBy: "error[name]").count == 2, "\(result.errors)")
  }

  /// What fails on the one rank that writes is the same error on the others, by kind and text. Trials, which each rank makes in
  /// turn, tell what their rank has caught.
  @Test(.enabled(if: isThere, "Open MPI is not installed")) func whatFailsOnOneRankFailsOnAll() throws {
    _ = try folder.write("taken.txt", "")
    let failing = """
      fn caught(f) {
        try { f(); return "nothing" } catch e { return f"{e.kind}: {e.message}" }
      }
      found = [
        caught(fn() = write_text(".", "x")), caught(fn() = save(table({a: [print]}), "t.csv")),
        caught(fn() = build(sprites(count: 2, size: 8, seed: 1), path: "taken.txt")), caught(fn() = write_json("x", print)),
        caught(fn() = write_text("taken.txt/x", "x")), caught(fn() = write_text("/etc/x", "x")),
        caught(fn() = save(plot([1, 2]), "plot.xyz")),
      ]
      fn tell(c) {
        print found[c.i // 2]
        return 0
      }
      sweep(tell, {i: range(2 * len(found))});
      """
    let one = try run(0, [], script: failing)
    let lines = one.output.split(separator: "\n")
    #expect(one.status == 0 && lines.count == 14, "\(one.errors)")
    #expect(Set(lines.compactMap { $0.split(separator: ":").first }) == ["io", "type", "value"])
    let several = try run(2, [], script: failing)
    #expect(several.status == 0 && several.output == one.output, "\(several.errors)")
  }

  @Test(.enabled(if: isThere, "Open MPI is not installed")) func ranksThatDifferAreTold() throws {
    func program(_ rate: Double) -> String {
      "net = lstm(dim: 9, state: 4, depth: 1, seed: 1)\n"
        + "train(net, sprites(count: 2, size: 8, seed: 1), steps: 1, sequence: 8, lr: \(rate))"
    }
    let result = try runApart([program(0.5), program(0.25)])
    #expect(result.status == 1)
    #expect(result.errors.contains("rank 1 and rank 0 differ in lr: 0.25 and 0.5"), "\(result.errors)")
    let failing = try runApart(["print 1", "print nothing"])
    #expect(failing.status == 1 && failing.output == "1\n")
    #expect(failing.errors.contains("rank 1 of 2 has ended with status 1: error[name]"), "\(failing.errors)")
  }

  /// The first rank alone is handed standard input, whether it is named or not.
  @Test(.enabled(if: isThere, "Open MPI is not installed"), arguments: [["-"], [], ["run", "-"]])
  func standardInputReachesAll(arguments: [String]) throws {
    let result = try Program.run(
      executable: "/usr/bin/timeout", Self.watched + ["-n", "2", Program.path] + arguments,
      input: "print item(rand(1)) > 2\n",
      environment: Self.environment)
    #expect(result.status == 0 && result.output == "false\n", "\(result.errors)")
    #expect(result.errors.components(separatedBy: "seed").count == 2, "\(result.errors)")
  }

  /// Ranks of which each runs a code of its own.
  private func runApart(_ codes: [String]) throws -> Program.Result {
    let parts = codes.map { ["-n", "1", Program.path, "-e", $0] }
    return try Program.run(
      executable: "/usr/bin/timeout", Self.watched + parts.joined(separator: [":"]), environment: Self.environment,
      folder: folder.path
    )
  }

  /// Ranks that go separate ways end, whichever of them waits for the other.
  @Test(.enabled(if: isThere, "Open MPI is not installed")) func separateWaysAreTold() throws {
    let start = "net = lstm(dim: 9, state: 4, depth: 1, seed: 1)\nrows = sprites(count: 2, size: 8, seed: 1)\n"
    let ways = [
      (#"write_text "a", "x""#, "work that rank 0 does alone"), ("evaluate(net, rows, sequence: 8)", "an evaluation"),
      ("train(net, rows, steps: 1, sequence: 8)", "a training"), ("sweep(fn(c) = c.x, {x: [1]})", "a sweep"),
    ]
    for (index, (code, place)) in ways.enumerated() {
      let (other, otherPlace) = ways[(index + 1) % ways.count]
      let result = try runApart([start + code, start + other])
      #expect(result.status == 1)
      #expect(result.errors.contains("rank 1 has come to \(otherPlace) and rank 0 to \(place)"), "\(result.errors)")
    }
    let early = try runApart([start + ways[2].0, "print 1"])
    #expect(early.status == 1 && early.errors.contains("rank 1"), "\(early.errors)")
  }

  private static let sweep = """
    rows = sprites(count: 4, size: 8, seed: 1)
    fn learn(c) {
      net = lstm(dim: 9, state: 4, depth: 1, seed: c.seed)
      h = train(net, rows, steps: 2, sequence: 8, lr: c.lr)
      write_text f"FOLDER-{c.lr}-{c.seed}.txt", f"{c.budget}"
      print f"trial {c.lr} {c.seed} {item(rand(1))}"
      return {loss: h.train_loss[-1], drawn: item(rand(2)[1])}
    }
    seed 5
    t = sweep(learn, {lr: [1e-3, 1e-2, 1e-1]}, seeds: 3, search: "halving", folder: "FOLDER")
    for r in t { print r.lr, r.budget, r.loss, r.loss_std, r.drawn, r.seeds }
    print item(rand(1)), len(runs("FOLDER")), read_text("FOLDER-0.001-2.txt"), read_text("FOLDER-0.1-3.txt")
    try { sweep(fn(c) = [1, 2][c.x], {x: [0, 2, 5]}) } catch e { print e.kind, e.message }
    """

  /// The trials of a sweep are made by all ranks, and come out and are told as by one.
  @Test(.enabled(if: isThere, "Open MPI is not installed")) func sweepsAreSpread() throws {
    func sweep(_ ranks: Int) throws -> Program.Result {
      try run(ranks, [], script: Self.sweep.replacing("FOLDER", with: "sweep-\(ranks)"))
    }
    let one = try sweep(0)
    #expect(one.status == 0, "\(one.errors)")
    for ranks in [2, 3] {
      let several = try sweep(ranks)
      #expect(several.status == 0 && several.output == one.output, "\(several.errors)")
      // The same sweep goes on, also with another number of ranks.
      let lines = try String(decoding: bytes("sweep-\(ranks)/trials.jsonl"), as: UTF8.self).split(separator: "\n")
      #expect(lines.count == 15)
    }
    _ = try folder.write("sweep-3/trials.jsonl", "")
    let again = try run(
      2, [],
      script: "rows = 1\nfn f(c) { raise {kind: \"value\", message: f\"at {c.x}\"} }\n"
        + "sweep(f, {x: [7, 8, 9]}, folder: \"sweep-3\")\n")
    #expect(again.status == 1 && again.errors.components(separatedBy: "at 7").count == 2, "\(again.errors)")
    // A trial made by the second rank is made again by one process, and by two.
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/sweep-2").filter {
      $0.hasPrefix("script-")
    }
    let last = try #require(names.sorted().last)
    for ranks in [0, 2] {
      let result = try run(ranks, [], script: "print reproduce(\"sweep-2/\(last)\")")
      #expect(result.status == 0 && result.output == "2\n", "\(result.errors)")
    }
  }

  @Test func aMissingLibraryIsTold() throws {
    _ = try folder.write("libmpi.so.40", "")
    for (rank, isTold) in [("0", true), ("1", false)] {
      let result = try Program.run(
        ["-e", "print 1"],
        environment: [
          "OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": rank, "LD_LIBRARY_PATH": folder.path,
        ])
      #expect(result.status == 69 && result.output == "")
      #expect(result.errors.contains("Open MPI, which joins the 2 ranks of this run, can't be opened") == isTold)
      #expect(result.errors.contains("apt-get install openmpi-bin") == isTold)
    }
  }

  @Test func oneRankNeedsNoLibrary() throws {
    _ = try folder.write("libmpi.so.40", "")
    let result = try Program.run(
      ["-e", "print 1"],
      environment: ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0", "LD_LIBRARY_PATH": folder.path])
    #expect(result.status == 0 && result.output == "1\n")
  }
}
