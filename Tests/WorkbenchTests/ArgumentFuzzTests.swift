import Formats
import PixelScript
import Safepoint
import Tensors
import Testing
import Workbench

/// Every command is tried with arguments it did not expect: it may refuse them, it must not trap.
@Suite(.serialized) struct ArgumentFuzzTests {
  /// What may be given; tensors of many shapes above all, as the operators below trap on shapes that do not fit.
  private static func values() throws -> [Value] {
    let numbers: [Value] = [-1, 0, 1, 2, 3, 0.5, 1e9, 1e300, -.infinity, .nan].map { .number($0 as Double) }
    let shapes: [Shape] = [[], [0], [1], [2], [3], [2, 3], [3, 2], [2, 0], [1, 2, 4], [2, 1, 3, 3], [1, 1, 4, 4]]
    let tensors = try shapes.flatMap { shape -> [Value] in
      let values = (0..<shape.elementCount).map { Float($0 % 3) }
      let types: [ElementType] = [.float32, .int32, .bool]
      return try types.map { type in .object(TensorObject(try Tensor(values, shape).converted(to: type))) }
    }
    let odd: [Value] = [
      .object(TensorObject(Tensor([.nan, .infinity, -1e30], [3]))),
      .object(TensorObject(parameter: Tensors.Parameter("w", Tensor([1, 2, 3], [3])))),
      .object(ImageObject(RasterImage(width: 1, height: 2, rgba: [UInt8](repeating: 7, count: 8)))),
      .object(TableObject(columns: ["a", "b"], rows: [[.number(1), .nil], [.string("x"), .number(2)]])),
    ]
    let plain: [Value] = [
      .nil, .bool(true), .string(""), .string("a"), .string("fuzz.png"), .list([]), .list([.number(0), .number(-1)]),
      .list([.number(2), .number(3)]), .list([.list([.number(1), .number(1)])]), .map([("a", .number(1))]),
    ]
    return numbers + tensors + odd + plain + [.list(Array(tensors.prefix(9))), .list([tensors[15], tensors[15]])]
  }

  /// Commands that end the session, run scripts, train and draw for long, or give tables that are long to show.
  private static let skipped: Set<String> = ["quit", "run", "help", "reset", "sprites", "commands"]

  @Test(arguments: 0..<8) func refusesOrAnswers(seed: Int) throws {
    var random = Random(seed: UInt64(seed), stream: "fuzz")
    let limits = Limits(steps: 100_000, time: .seconds(2), memory: 200_000_000)
    let test = TestSession(SessionOptions(seed: 1, quiet: true, writeFolders: [TestSession.folder], limits: limits))
    let interpreter = test.session.interpreter
    let pool = try Self.values()
    var answered = 0
    for entry in interpreter.registry.entries where !Self.skipped.contains(entry.name) {
      #expect(test.run("0") == "0\n", "a run sets the budgets")
      for _ in 0..<150 {
        let form = entry.forms[random.below(entry.forms.count)]
        var arguments = Arguments((0..<random.below(form.signature.count + 2)).map { _ in Self.pick(pool, &random) })
        if let parameter = form.signature.last(where: { $0.gathering == .one }), random.below(3) == 0 {
          arguments.named = [(parameter.name, Self.pick(pool, &random))]
        }
        do {
          let result = try interpreter.call(entry.name, arguments)
          _ = result.echo
          answered += 1
        } catch let error as ScriptError {
          #expect(error.kind != .internal)
        } catch let error as any ScriptErrorConvertible {
          #expect(error.scriptError.kind != .internal)
        } catch is Diagnostic {
        } catch is Stopped {
        }
      }
    }
    #expect(answered > 1000)
  }

  @Test(arguments: 0..<8) func operatorsRefuseOrAnswer(seed: Int) throws {
    var random = Random(seed: UInt64(seed), stream: "operators")
    let pool = try Self.values()
    let tensors = try pool.compactMap { try TensorObject.convert($0) }
    for _ in 0..<4000 {
      let tensor = tensors[random.below(tensors.count)]
      let other = Self.pick(pool, &random)
      let operation = Operation.allCases[random.below(Operation.allCases.count)]
      do {
        _ = try tensor.binary(operation, other, reflected: random.below(2) == 0)
        _ = try tensor.unary(.negate)
        let index = (0..<random.below(3)).map { _ in Self.index(pool, &random) }
        if random.below(2) == 0 {
          _ = try tensor.element(at: index)
        } else {
          _ = try TensorObject(tensor.tensor).setElement(at: index, to: other)
        }
      } catch let error as ScriptError {
        #expect(error.kind != .internal)
      } catch is ShapeError {
      } catch is ElementError {
      }
    }
  }

  private static func pick(_ pool: [Value], _ random: inout Random) -> Value { pool[random.below(pool.count)] }

  private static func index(_ pool: [Value], _ random: inout Random) -> PixelScript.Index {
    switch random.below(5) {
    case 0: return .position(random.below(7) - 3)
    case 1: return .positions((0..<random.below(3)).map { _ in random.below(5) - 2 })
    case 2: return .all
    default:
      if case .object(let object) = pick(pool, &random) { return .object(object) }
      return .key("a")
    }
  }
}
