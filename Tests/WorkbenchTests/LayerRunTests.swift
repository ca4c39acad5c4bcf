import Foundation
import PixelBytes
import PixelScript
import Tensors
import Testing
import Workbench

/// A run over layers of a script that was stopped and went on is the run that never stopped, to the bit.
@Suite(.serialized) struct LayerRunTests {
  private static let rows = TokenSequences(["abcdefgh", "a cat, a bat."].map { Tokenizer().encode(text: $0) })

  private static let options = {
    var options = TrainingOptions()
    (options.sequence, options.stride, options.batch, options.epochs, options.every) = (6, 3, 5, 3, 2)
    return options
  }()

  private static func trainer(_ model: LayerModel) throws -> Trainer {
    try Trainer(model, training: rows, testing: rows, options)
  }

  private static func bits(_ layer: LayerObject) -> [[UInt32]] {
    layer.parameters.map { $0.value.values.map(\.bitPattern) }
  }

  /// `stops(net, other)` trains `net` without a stop, then again with one behind each event, after which `other` goes on.
  private static var stops: Command {
    Command(
      "stops", "Compares runs that stop with one that does not.", Parameter<LayerObject>("net", "layers"),
      Parameter<LayerObject>("other", "the same layers, made a second time"), example: ""
    ) { context, net, other in
      let first = net.parameters.map(\.value)
      let model = try LayerModel(net, length: options.sequence ?? 8, context)
      #expect(Set(model.parameterNames).count == net.parameters.count)
      let expected = try trainer(model).run { _ in }
      let weights = bits(net)
      for (parameter, value) in zip(net.parameters, first) { parameter.value = value }
      let run = try trainer(model).start()
      var events = 0
      repeat {
        let json = try JSONEncoder().encode(run.state)
        for (target, source) in zip(other.parameters, net.parameters) { target.value = source.value }
        let fresh = try LayerModel(other, length: options.sequence ?? 8, context)
        let history = try trainer(fresh).run(from: try JSONDecoder().decode(TrainingState.self, from: json)) { _ in }
        #expect(bits(other) == weights, "stopped behind event \(events)")
        #expect(history.map(\.epoch) == expected.map(\.epoch))
        #expect(history.map(\.train) == expected.map(\.train) && history.map(\.test) == expected.map(\.test))
        events += 1
      } while try run.next() != nil
      #expect(bits(net) == weights)
      return .number(events)
    }
  }

  @Test(arguments: [
    "sequential([patch_embedding(9), lstm_layer(9, 6), dropout(0.3), linear(6, 113)])",
    "sequential([patch_embedding(8), attention_layer(8, 2, causal: true), layer_norm(8), gelu, linear(8, 113)])",
    """
    module({embed: patch_embedding(6), mix: mamba_layer(6, 4), head: linear(6, 113)},
      fn(parts, x) = parts.head(parts.mix(parts.embed(x))))
    """,
  ]) func layersGoOnToTheSameBits(_ net: String) {
    let session = Session(
      options: SessionOptions(seed: 1), console: Console(write: { _ in }),
      commands: [CommandGroup("Tests", [Self.stops])])
    let outcome = session.run("fn make() = \(net)\nassert stops(make(), make()) == 10", name: "stops")
    #expect(outcome.diagnostics.isEmpty, "\(outcome.diagnostics)")
  }
}
