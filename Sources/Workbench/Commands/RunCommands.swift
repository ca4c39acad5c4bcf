import Formats
import Foundation
import PixelScript
import Safepoint
import Tensors

extension CommandGroup {
  /// Looking at runs of training that folders tell of.
  static func runs(_ environment: Environment) -> CommandGroup {
    CommandGroup("Runs", [list(environment), compareRuns(environment), reproduce(environment), sweep(environment)])
  }

  private static let example = """
    net = lstm(dim: 9, state: 4, depth: 1, bidirectional: false, seed: 1)
    if not exists("FOLDER") { train(net, sprites(count: 2, size: 8), steps: 1, sequence: 8, log: "FOLDER/first") }

    """

  private static func list(_ environment: Environment) -> Command {
    Command(
      "runs", "Gives a table of the runs of training that folders tell of: settings that differ, figures, state.",
      Parameter<String>("folder", "the folder that holds the folders of runs", default: "runs", completion: .path),
      Parameter<Bool?>(
        "keep", "no table: true has every training from here on told of in a folder below; false ends that",
        byName: true),
      example: example.replacingOccurrences(of: "FOLDER", with: "listed")
        + "print runs(\"listed\").model, runs(\"listed\").state  # expect: [\"lstm\"] [\"finished\"]"
    ) { _, folder, keep in
      guard let keep else { return .object(RunTables.table(of: try runs(in: folder, environment))) }
      let place = try environment.files.writable(folder)
      if keep, environment.reproduction == nil { try environment.onFirst { try PendingFolder.makeFolders(place) } }
      // What the program was told holds for all of a script.
      environment.logFolder = environment.options.logFolder ?? (keep ? place : nil)
      return .nil
    }
  }

  private static func compareRuns(_ environment: Environment) -> Command {
    Command(
      "compare_runs", "Gives a table with a column for each run: the settings that differ, and figures.",
      Parameter<Variadic<String>>("folders", "folders of runs, or of several", completion: .path),
      example: example.replacingOccurrences(of: "FOLDER", with: "compared")
        + "print compare_runs(\"compared\").columns[1]  # expect: first"
    ) { _, folders in
      let paths = folders.elements.isEmpty ? ["runs"] : folders.elements
      return .object(RunTables.comparison(of: try paths.flatMap { try runs(in: $0, environment) }))
    }
  }

  private static func reproduce(_ environment: Environment) -> Command {
    Command(
      "reproduce",
      "Runs again what led to a run of training, and throws unless every figure of every evaluation is the same to the bit.",
      Parameter<String>("run", "the folder of the run", completion: .path),
      example: """
        folder = f"again-{now()}"
        net = lstm(dim: 9, state: 4, depth: 1, bidirectional: false, seed: 1)
        train(net, sprites(count: 2, size: 8), steps: 1, sequence: 8, log: folder)
        print reproduce(folder)  # expect: 2
        """
    ) { context, path in
      guard environment.reproduction == nil else {
        throw ScriptError(.value, "a run that is made again makes none again itself", argument: "run")
      }
      let run = try runs(in: path, environment).first { $0.path == path } ?? KeptRun(path)
      let again = { try Reproduction.run(run, in: environment, context.interpreter.interruption) }
      // A trial of a sweep was made by one rank, and is made again by one.
      let count =
        Reproduction.isOfTrial(run)
        ? try environment.onFirst { try environment.apart(again).result } ?? run.metrics.count : try again()
      environment.notice("\(count) evaluation\(count == 1 ? " is" : "s are") equal to the bit")
      return .number(count)
    }
  }

  private static func sweep(_ environment: Environment) -> Command {
    Command(
      "sweep", "Calls a function with each combination of settings and gives a table of its scores, the best first.",
      Parameter<ScriptFunction>(
        "f", "takes a map of the settings with `seed` and `budget`; gives a score, or a map whose first number is it"),
      Parameter<Value>("settings", "a map from names to lists of values"),
      Parameter<Int>("seeds", "how often each combination is tried; `c.seed` counts from 1", default: 1),
      Parameter<Sweep.Search>(
        "search",
        "all combinations, \"points\" of them, or all with small budgets and the better half of them with more",
        default: .grid),
      Parameter<Int>("points", "how many combinations a random search tries", default: 10),
      Parameter<Sweep.Goal>("goal", "which score is the best", default: .min),
      Parameter<String?>(
        "folder", "keeps the trials and logs every training in them; a sweep that was stopped goes on", byName: true,
        completion: .path),
      example: """
        t = sweep(fn(c) = (c.x - 2) * (c.x - 2) + c.y, {x: [1, 2, 3], y: [0, 5]})
        print t.best, t.score[0], len(t)  # expect: {x: 2, y: 0} 0 6
        """
    ) { context, function, settings, seeds, search, points, goal, folder in
      try requireCounts(["seeds": seeds, "points": points])
      try requireMap(function)
      let path = try environment.reproduction == nil ? folder.map { try environment.files.writable($0) } : nil
      let settings = try lists(settings, isKept: path != nil)
      let sweep = try Sweep(settings.map(\.name), seeds: seeds, goal, folder: path, environment)
      let outer = environment.sweepSeed
      defer { environment.sweepSeed = outer }
      if path != nil, sweep.seed != environment.seed {
        environment.sweepSeed = sweep.seed
        environment.notice("the trials go on with the seed \(sweep.seed), with which the sweep began")
      }
      var remaining = try Sweep.grid(settings)
      let call = { (settings: Value) in try context.call(function, settings) }
      let poll = { try context.poll() }
      do {
        switch search {
        case .grid: try sweep.run(remaining, call, poll)
        case .random:
          let order = try environment.withRandom("sweep") { stream in
            // In a folder the same ones are drawn whenever it goes on.
            guard folder != nil else { return try stream.permutation(remaining.count) }
            var own = Random(seed: environment.sweepSeed ?? environment.seed, stream: "sweep")
            return try own.permutation(remaining.count)
          }
          try sweep.run(order.prefix(points).map { remaining[Int($0)] }, call, poll)
        case .halving:
          var rounds = 0
          while remaining.count >> rounds > 1 { rounds += 1 }
          for round in 0...rounds {
            let budget = 1 / Double(1 << (rounds - round))
            try sweep.run(remaining, budget: budget, call, poll)
            remaining = sweep.betterHalf(of: remaining, budget: budget)
          }
        }
      } catch {
        // What was tried is worth keeping, whatever stops the rest.
        environment.keepUnfinished(.object(Safepoint.withoutWatch { sweep.table() }))
        guard var stop = error as? Diagnostic, stop.kind == .interrupted else { throw error }
        stop.help = [
          (path == nil
            ? "with folder: a sweep goes on where it was stopped"
            : "the same sweep goes on with the trial that was under way") + "; `_` is the table so far"
        ]
        throw stop
      }
      return .object(sweep.table())
    }
  }

  /// The names of settings with their values, from a map of lists.
  /// Throws for a function that asks for the settings one by one.
  private static func requireMap(_ function: ScriptFunction) throws(ScriptError) {
    let names = function.requiredParameterNames
    guard function.commandName == nil, names.count > 1 else { return }
    throw ScriptError(
      .type,
      "`sweep` gives its function one map of the settings, and this one takes \(names.count) values: \(names.joined(separator: ", "))",
      help: "a setting is a field of the map: `sweep(fn(c) = c.\(names[0]), {\(names[0]): [1, 2]})`", argument: "f")
  }

  private static func lists(_ value: Value, isKept: Bool) throws -> [(name: String, values: [SweepSetting])] {
    guard case .map(let map) = value else {
      throw ScriptError(
        .type,
        "the settings of a sweep are a map from names to lists, such as {lr: [1e-3, 3e-3]}, found \(describe(value))",
        argument: "settings")
    }
    guard map.count > 0 else {
      throw ScriptError(
        .value, "there are no settings to try: the map is empty", help: "name one with its values: {lr: [1e-3, 3e-3]}",
        argument: "settings")
    }
    return try map.entries.map { key, value in
      let name = key.description
      guard !["seed", "budget"].contains(name) else {
        throw ScriptError(
          .value, "`\(name)` is given to the function by the sweep itself", help: "seeds: says how many there are",
          argument: "settings")
      }
      guard let values = try [Value].convert(value) else {
        throw ScriptError(
          .type, "the values of \(Display.quoted(name)) are a list, found \(value.echo)", argument: "settings")
      }
      guard !values.isEmpty else {
        throw ScriptError(
          .value, "\(Display.quoted(name)) has no value to try: its list is empty", argument: "settings")
      }
      return (
        name, try values.enumerated().map { try SweepSetting(name, $1, at: $0, isKept: isKept) }
      )
    }
  }

  private static func runs(in folder: String, _ environment: Environment) throws -> [KeptRun] {
    let path = try environment.files.existing(folder)
    let found = try KeptRun.all(in: path, warn: environment.warn)
    guard !found.isEmpty else {
      throw ScriptError(
        .value, "there are no runs in \(Display.quoted(folder))", help: "`train` with log: \"runs/name\" makes one",
        argument: "folder")
    }
    return found
  }
}
