import Formats
import PixelScript

/// What a session has run so far, so that a run of training can tell how it came about and be repeated.
struct SessionInputs {
  /// One text with the values of its parameters.
  struct Input {
    /// The text, and what errors call it.
    let source: SourceText
    /// The values that were given for its parameters.
    let parameters: [String: Value]
    /// The indices of the cells that were run, where they were not all.
    let cells: Range<Int>?
  }

  /// What calls of `train` and trials of sweeps are counted in.
  private struct Place {
    var number = 0
    var trials = 0
    var trainings = 0
  }

  /// The most bytes of text that are kept.
  private static let limit = 4 << 20

  /// The seed that the session began with.
  let seed: UInt64
  /// The inputs in their order, the one that runs last; empty once there were too many.
  private(set) var inputs: [Input] = []
  /// What is under way: the session, and within it a trial of a sweep, and maybe within that another one.
  private var places = [Place()]
  /// Why trainings from now on cannot be made again, where they cannot.
  var obstacle: String?
  private var bytes = 0

  init(seed: UInt64) { self.seed = seed }

  /// A text begins to run.
  mutating func begin(_ script: Script, _ parameters: [String: Value], cells: Range<Int>?) {
    bytes += script.source.bytes.count
    guard bytes <= Self.limit else { return inputs = [] }
    inputs.append(Input(source: script.source, parameters: parameters, cells: cells))
  }

  /// A call of `train` begins.
  mutating func beginTraining() { places[places.count - 1].trainings += 1 }

  /// The number of the last call of `train`: "2", or "3.1" for the first one of the third trial. It does not depend on which trials
  /// were made elsewhere or before.
  var training: String {
    let last = places[places.count - 1]
    return (places.dropFirst().map(\.number) + [last.trainings]).map(String.init).joined(separator: ".")
  }

  /// How many calls of `train` and trials of sweeps there were at the place that is under way.
  var counts: (trainings: Int, trials: Int) { (places[places.count - 1].trainings, places[places.count - 1].trials) }

  /// Calls of `train` are passed over, as what they gave was kept.
  mutating func skip(trainings: Int) { places[places.count - 1].trainings += trainings }

  /// Some trials of a sweep begin; gives how many there were before them.
  mutating func beginTrials(_ count: Int) -> Int {
    defer { places[places.count - 1].trials += count }
    return places[places.count - 1].trials
  }

  /// A trial begins; its number counts from 1.
  mutating func beginTrial(_ number: Int) { places.append(Place(number: number)) }

  /// The trial under way has ended.
  mutating func endTrial() { places.removeLast() }

  /// What run.json keeps of it.
  func json(threads: Int, sweepSeed: UInt64?) throws -> JSON {
    let inputs = try inputs.map { input in
      var fields = [JSON.Field("name", .string(input.source.name))]
      if let cells = input.cells {
        fields += [.init("cell", .integer(cells.lowerBound + 1)), .init("until", .integer(cells.upperBound))]
      }
      let names = input.parameters.keys.sorted()
      let values = try names.map { name in
        JSON.Field(name, try JSONText.standard(input.parameters[name] ?? .nil))
      }
      return JSON.object(
        fields + [.init("parameters", .object(values)), .init("text", .string(input.source.text(input.source.span)))])
    }
    let sweep = sweepSeed.map { [JSON.Field("sweep_seed", .string("\($0)"))] } ?? []
    let obstacles = obstacle.map { [JSON.Field("obstacle", .string($0))] } ?? []
    return .object(
      obstacles + [
        .init("seed", .string("\(seed)"))
      ] + sweep + [
        .init("threads", .integer(threads)),
        .init("training", Int(training).map { .integer($0) } ?? .string(training)),
        .init("inputs", .array(inputs)),
      ])
  }
}
