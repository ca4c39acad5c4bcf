import PixelScript

/// Gives lexer, parser and machine one input after the other and says what went wrong.
///
/// An input follows from its number alone, so that a failing one comes again. What a crash is, the process itself tells; what
/// comes back as a fault is an error without a place, of the kind `internal` or without text, or an input that took too long.
public final class Fuzzer {
  /// What an input is.
  public enum Kind: Int, CaseIterable, Sendable {
    /// Words of the language in any order, only parsed.
    case words
    /// A script of the corpus with damages, parsed and run.
    case damaged
    /// Statements by the grammar, run.
    case program
  }

  /// The inputs that share variables, so that statements meet values of all kinds: those from a multiple of it to the next.
  public static let block = 32
  /// The inputs that share an interpreter.
  public static let share = 64 * block

  private let corpus: [[UInt8]]
  private let kinds: [Kind]
  private var interpreter: Interpreter

  /// Creates a fuzzer that damages these scripts.
  public init(corpus: [[UInt8]], kinds: [Kind] = Kind.allCases) {
    self.corpus = corpus
    self.kinds = kinds
    interpreter = Fuzzer.makeInterpreter()
  }

  private static func makeInterpreter() -> Interpreter {
    let interpreter = Interpreter(registry: Registry([Builtins.values])) { _ in }
    interpreter.limits = Limits(depth: 300, steps: 5_000, memory: 8 << 20)
    return interpreter
  }

  /// The text with a number.
  public func input(_ number: Int) -> (kind: Kind, bytes: [UInt8]) {
    var random = FuzzRandom(UInt64(number))
    _ = random.next()
    switch kinds[number % kinds.count] {
    case .damaged where !corpus.isEmpty:
      let (text, other) = (corpus[random.below(corpus.count)], corpus[random.below(corpus.count)])
      var mutator = TextMutator(random: random)
      return (.damaged, mutator.damaged(text, with: other))
    case .program:
      var writer = ProgramWriter(random)
      return (.program, Array(writer.statement(3).utf8))
    default:
      var mutator = TextMutator(random: random)
      return (.words, mutator.words())
    }
  }

  /// What is wrong with how an input is answered, or nil.
  public func fault(of number: Int) -> String? {
    let (kind, bytes) = input(number)
    if number.isMultiple(of: Fuzzer.share) { interpreter = Fuzzer.makeInterpreter() }
    if number.isMultiple(of: Fuzzer.block) {
      interpreter.reset()
      do {
        if try interpreter.run("1 + 1") != .number(2) { return "the interpreter can't add any more" }
      } catch { return "the interpreter does not go on: \(error)" }
    }
    let clock = ContinuousClock()
    var fault: String?
    let time = clock.measure { fault = kind == .words ? parse(bytes, render: number % 8 == 0) : run(bytes) }
    if fault == nil, time > .seconds(5) { return "took \(time)" }
    return fault
  }

  private func parse(_ bytes: [UInt8], render: Bool) -> String? {
    do throws(SyntaxFailure) {
      let script = try Script.parse(SourceText(name: "fuzz", bytes: bytes))
      let isInside = script.cells.allSatisfy { $0.span.range.upperBound <= bytes.count }
      return isInside ? nil : "a cell reaches beyond the text"
    } catch {
      return fault(of: error.diagnostics, render: render)
    }
  }

  private func fault(of diagnostics: [Diagnostic], render: Bool) -> String? {
    if diagnostics.isEmpty { return "a failure without an error" }
    for diagnostic in diagnostics {
      if diagnostic.kind == .internal { return "an internal error: \(diagnostic.message)" }
      guard let location = diagnostic.location else { return "an error without a place: \(diagnostic.message)" }
      let spans = [location.span] + diagnostic.labels.map(\.span)
      if !spans.allSatisfy({ $0.range.upperBound <= location.source.bytes.count }) {
        return "a place beyond the text: \(diagnostic.message)"
      }
    }
    guard render else { return nil }
    return DiagnosticRenderer(usesColor: true, width: 50).text(of: diagnostics).isEmpty ? "an error without text" : nil
  }

  private func run(_ bytes: [UInt8]) -> String? {
    do {
      _ = try interpreter.run(Script.parse(SourceText(name: "fuzz", bytes: bytes)))?.echo
      return nil
    } catch let failure as SyntaxFailure {
      return fault(of: failure.diagnostics, render: false)
    } catch let diagnostic as Diagnostic {
      return fault(of: [diagnostic], render: false)
    } catch let error as ScriptError {
      return error.kind == .internal ? "an internal error: \(error.message)" : nil
    } catch {
      return "an error of an unknown kind: \(error)"
    }
  }
}
