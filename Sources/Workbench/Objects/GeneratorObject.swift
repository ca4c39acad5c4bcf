import PixelScript
import Tensors

/// A stream of random numbers in a script, which goes on from draw to draw (PyTorch's `Generator`).
public final class GeneratorObject {
  var random: Random

  /// Wraps a stream.
  init(_ random: Random) { self.random = random }
}

extension GeneratorObject: ScriptObject {
  /// "generator".
  public static let scriptName = "generator"
  /// Where it stands.
  public var displayText: String { "generator \(Display.quoted(random.text))" }
  /// Where it stands, so that it can be saved.
  public var fieldNames: [String] { ["state"] }

  /// `state` as a string, from which `generator(state)` goes on.
  public func field(_ name: String) throws -> Value? { name == "state" ? .string(random.text) : nil }

  /// Sets `state` to that of another one.
  public func setField(_ name: String, to value: Value) throws -> Bool {
    guard name == "state" else { return false }
    guard let text = String.convert(value), let random = Random(text: text) else { throw GeneratorSeed.mistake(value) }
    self.random = random
    return true
  }

  /// True when both draw the same numbers from now on.
  public func isEqual(to other: any ScriptObject) -> Bool { (other as? GeneratorObject)?.random == random }
}

/// What a generator starts from: a seed, or where another one stood.
enum GeneratorSeed: ScriptConvertible {
  case seed(Int)
  case state(Random)

  static let scriptName = "whole number or state of a generator"

  static func convert(_ value: Value) -> GeneratorSeed? {
    if let seed = Int.convert(value) { return .seed(seed) }
    return String.convert(value).flatMap { Random(text: $0) }.map { .state($0) }
  }

  static func mistake(_ value: Value) -> ScriptError {
    ScriptError(
      .value, "the state of a generator is a string of 64 hexadecimal digits, found \(describe(value))",
      help: "`g.state` of a generator is one")
  }

  var scriptValue: Value {
    switch self {
    case .seed(let seed): .number(seed)
    case .state(let random): .string(random.text)
    }
  }

  /// The stream at its start.
  var random: Random {
    switch self {
    case .seed(let seed): Random(seed: UInt64(bitPattern: Int64(seed)), stream: "generator")
    case .state(let random): random
    }
  }
}

/// Where a command draws from: the session's stream, one of a seed, or a generator.
struct RandomSource {
  private let seed: Int?
  private let generator: GeneratorObject?
  private let environment: Environment

  /// The parameters `seed` and `generator`, of which a call gives one at most.
  struct Parameters: CommandParameter {
    let environment: Environment
    private let seed = TensorParameter.seed
    private let generator = Parameter<GeneratorObject?>(
      "generator", "a generator to draw from, which goes on", byName: true)

    init(_ environment: Environment) { self.environment = environment }

    var signatures: [Signature] { seed.signatures + generator.signatures }

    func take(from arguments: inout ArgumentReader) throws -> RandomSource {
      let (seed, generator) = (try seed.take(from: &arguments), try generator.take(from: &arguments))
      guard seed == nil || generator == nil else {
        throw ScriptError(.value, "`seed` and `generator` both say what is drawn: give one of them", argument: "seed")
      }
      return RandomSource(seed: seed, generator: generator, environment: environment)
    }
  }

  /// Whether the call says where it draws from.
  var isOwn: Bool { seed != nil || generator != nil }

  /// Calls `body` with the stream; that of the session has a name.
  func callAsFunction<Result>(_ name: String, _ body: (inout Random) throws -> Result) rethrows -> Result {
    if let generator {
      // What is drawn from may hold the generator, and tell it in an error.
      var random = generator.random
      defer { generator.random = random }
      return try body(&random)
    }
    return try environment.withRandom(name, seed: seed, body)
  }
}
