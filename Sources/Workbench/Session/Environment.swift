import Formats
import PixelScript
import Ranks
import Safepoint
import Tensors

/// What the commands of one session share: its seed and random streams, its threads, its files and its console.
public final class Environment {
  /// Where output and progress go.
  public internal(set) var console: Console
  /// The colors of what is typed at a prompt.
  var theme = InputTheme.dark
  /// The files that scripts may read and write.
  public let files: FileAccess
  /// The number of threads that work is spread over, from 1 to `threadLimit`.
  public var threads: Int
  /// The most threads.
  static let threadLimit = 256
  /// True when notices and progress are left out.
  public let quiet: Bool
  /// The seed of all random streams.
  public private(set) var seed: UInt64
  /// What layers and models share.
  private(set) lazy var layers = LayerSession(self)
  /// The script that ran last, for `cells`.
  var lastScript: Script?
  /// The scripts that `run` runs, each inside the one before.
  var running = RunningScripts()
  /// Which cells ran when, for `cells`.
  var ledger = CellLedger()
  /// The cells that the session ran, with what they showed.
  var log: CellLog
  /// The report of the script that is run, and of the one that ran last, for `export`.
  var report: RunReport?, lastReport: RunReport?
  /// What notes all that a cell does, where it may be restored later.
  private(set) var trace: CellTrace?
  /// The texts that the session has run so far, for `recall`.
  var inputs = EarlierInputs()
  /// What the session has run so far, for runs of training.
  var past: SessionInputs
  /// What the session was begun with.
  let options: SessionOptions
  /// The folder in which every training is logged, if any.
  var logFolder: String?
  /// The run of training that this session is there to repeat.
  var reproduction: Reproduction?
  /// The processes that run this script together; nil for one alone, and while it works apart from the others.
  var ranks: (any Communicator)? { files.ranks }
  /// What is told while it works apart, in place of the console.
  private var held: [Told]?
  /// What a command had reached when it was interrupted.
  private var unfinished: Value?
  /// True between `quit` and the end of the run.
  private(set) var wantsToQuit = false
  /// True between the Ctrl-C that ended an animation at the prompt and the end of the input.
  private(set) var hasEndedShow = false
  private var seedIsTold: Bool
  /// Whether the seed was given, by the options or by the script, and not drawn.
  private(set) var seedIsGiven: Bool
  /// Whether numbers came of the seed that the session began with.
  private var usesFirstSeed: Bool
  /// The seed of the streams that are under way.
  private var streamSeed: UInt64
  /// The seed that the sweep under way began with in another session; nil where it is this one's.
  var sweepSeed: UInt64?
  private var streams: [String: Random] = [:]

  /// Creates the surroundings of a session.
  public init(options: SessionOptions, console: Console) {
    self.console = console
    files = FileAccess(
      writeFolders: options.writeFolders, readFolders: options.readFolders, ranks: options.ranks)
    threads = min(max(options.threads, 1), Self.threadLimit)
    quiet = options.quiet
    log = CellLog(memory: options.limits.memory)
    seed = options.seed ?? options.drawnSeed ?? UInt64.random(in: 0..<1 << 32)
    streamSeed = seed
    seedIsGiven = options.seed != nil
    seedIsTold = seedIsGiven
    usesFirstSeed = seedIsTold
    past = SessionInputs(seed: seed)
    self.options = options
    logFolder = options.logFolder
  }

  /// Where all random streams stand.
  struct RandomState: Codable, Equatable {
    fileprivate let seed, streamSeed: UInt64
    fileprivate let streams: [String: [UInt64]]
    fileprivate let isGiven: Bool
  }

  /// Where all random streams stand now.
  var randomState: RandomState {
    get {
      RandomState(
        seed: seed, streamSeed: streamSeed,
        streams: streams.mapValues { [$0.state.0, $0.state.1, $0.state.2, $0.state.3] }, isGiven: seedIsGiven)
    }
    set {
      (seed, streamSeed, seedIsTold, seedIsGiven) = (newValue.seed, newValue.streamSeed, true, newValue.isGiven)
      streams = newValue.streams.mapValues { state in
        var random = Random(seed: 0, stream: "")
        if state.count == 4 { random.state = (state[0], state[1], state[2], state[3]) }
        return random
      }
    }
  }

  /// Notes what is done on the way.
  func tracing<Result>(_ trace: CellTrace, _ body: () throws -> Result) rethrows -> Result {
    defer { (self.trace, files.trace) = (nil, nil) }
    (self.trace, files.trace) = (trace, trace)
    return try body()
  }

  /// The seed that the session began with, where its numbers came of it and a script can name it.
  var firstSeed: UInt64? { usesFirstSeed && past.seed < 1 << 53 ? past.seed : nil }

  /// Starts all random streams again from another seed.
  public func reseed(_ seed: UInt64) {
    trace?.setsSeed()
    self.seed = seed
    streamSeed = seed
    (seedIsTold, seedIsGiven) = (true, true)
    restartStreams()
  }

  /// Starts all random streams again from the same seed.
  func restartStreams() {
    trace?.drawsRandom()
    streams = [:]
  }

  /// Calls `body` with the random stream of a name, which goes on from call to call; with a `seed`, with a fresh one.
  ///
  /// Streams of different names never disturb each other.
  public func withRandom<Result>(
    _ name: String, seed given: Int? = nil, _ body: (inout Random) throws -> Result
  ) rethrows -> Result {
    if let given {
      var random = Random(seed: UInt64(bitPattern: Int64(given)), stream: name)
      return try body(&random)
    }
    trace?.drawsRandom()
    if !seedIsTold {
      seedIsTold = true
      notice("seed \(seed)")
    }
    usesFirstSeed = usesFirstSeed || streamSeed == past.seed
    var random = streams[name] ?? Random(seed: streamSeed, stream: name)
    defer { streams[name] = random }
    return try body(&random)
  }

  /// Calls `body` with streams that begin anew, of a seed that follows from that of the sweep and from `number`, and puts those before it
  /// back: what it draws does not depend on what was drawn before it, nor what comes after it on what it draws.
  func withStreams<Result>(of number: Int, _ body: () throws -> Result) rethrows -> Result {
    trace?.drawsRandom()
    let outer = (seed, streamSeed, streams)
    defer { (seed, streamSeed, streams) = outer }
    // 2^64 over the golden ratio, so that neighbouring numbers are far from each other.
    streamSeed = (sweepSeed ?? seed) &+ UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15
    streams = [:]
    return try body()
  }

  /// Asks to end the session: throws an error that no `catch` of a script holds up.
  func quit() throws -> Never {
    wantsToQuit = true
    throw ScriptError(.interrupted, "the script has ended the session")
  }

  /// True once after `quit`.
  func takeQuit() -> Bool {
    defer { wantsToQuit = false }
    return wantsToQuit
  }

  /// True once after an animation was ended, which is no mistake to tell.
  func takeEndedShow() -> Bool {
    defer { hasEndedShow = false }
    return hasEndedShow
  }

  /// Keeps what an interrupted command has reached, to be found in `_`.
  func keepUnfinished(_ value: Value) { unfinished = value }

  /// What the command that was just interrupted had reached.
  func takeUnfinished() -> Value? {
    defer { unfinished = nil }
    return unfinished
  }

  /// Writes what a script prints.
  func write(_ text: String) {
    if held != nil {
      held?.append(.text(text))
      return
    }
    log.write(text)
    report?.write(text)
    console.write(text)
  }

  /// Writes a text to be read, at the prompt no more of it than a screen has room for; all of it then goes to `keep`.
  func writePage(_ text: String, keep: (String) throws -> Void) rethrows {
    let shown = held == nil && console.cutsEchoes ? console.echoStyle.fitted(text, isDrawn: false) : text
    guard shown != text else { return write(text) }
    log.write(text)
    report?.write(text)
    console.write(shown)
    try keep(text)
  }

  /// Shows a value, unless `check` throws because the run must stop and its drawing may have ended early.
  func show(_ value: Value, isEcho: Bool = false, check: () throws -> Void) throws {
    let rendering = try Rendering(of: value, isEcho: isEcho)
    try check()
    try show(rendering, isEcho: isEcho, check: check)
  }

  /// Shows a drawing.
  func show(_ rendering: Rendering, isEcho: Bool = false, check: () throws -> Void) throws {
    guard held == nil else { return write(try rendering.text(in: console.style.inText)) }
    do {
      if case .animation(let animation) = rendering, let play = console.play {
        log.show(rendering)
        report?.show(rendering)
        return try play(animation, console.style, console.cutsEchoes)
      }
      try console.show(rendering, isEcho: isEcho)
    } catch let error as Stopped {
      hasEndedShow = rendering.isAnimation && console.cutsEchoes && error.reason == .interrupted
      try check()
      throw error
    }
    log.show(rendering)
    report?.show(rendering)
  }

  /// Tells a line beside the output proper, unless the session is quiet.
  public func notice(_ text: String) {
    if !quiet { tell(text.onOneLine) }
  }

  /// Tells of something that went wrong while the work goes on, also where notices are not wanted.
  func warn(_ text: String) { tell("warning: \(text)") }

  private func tell(_ text: String) {
    if held != nil {
      held?.append(.notice(text))
      return
    }
    console.notify(.notice(text))
  }

  /// Whether more than a line of work under way is shown.
  var isLive: Bool { console.isLive && !quiet && reproduction == nil }

  /// Starts to tell how far some work has come, of which `before` was done earlier; `total` is nil when its length is unknown.
  public func progress(_ what: String, from before: Int = 0, total: Int?, unit: String) -> ProgressMeter {
    ProgressMeter(what, from: before, total: total, unit: unit, notify: quiet ? { _ in } : console.notify)
  }
}

extension Environment {
  /// Something that a script tells.
  enum Told: Equatable, Sendable {
    /// Output proper.
    case text(String)
    /// A line beside it.
    case notice(String)
  }

  /// Calls `body` as if this rank were alone, and holds back what it tells, to be told at its time.
  func apart<Result>(_ body: () throws -> Result) rethrows -> (result: Result, told: [Told]) {
    let outer = (ranks, held)
    defer { (files.ranks, held) = outer }
    (files.ranks, held) = (nil, [])
    let result = try body()
    return (result, held ?? [])
  }

  /// Tells what was held back.
  func tell(_ told: [Told]) {
    for part in told {
      switch part {
      case .text(let text): write(text)
      case .notice(let text): tell(text)
      }
    }
  }
}
