import Foundation
import PixelBytes
import PixelScript
import Tensors
import Testing
import Workbench

/// Models built from layers in scripts.
@Suite(.serialized) struct LayerTests {
  /// A model of the language's own layers learns to repeat a pattern that it has read.
  @Test(arguments: [
    "lstm_layer(24, 48, forget_bias: 1), linear(48, 24)",
    "module({mix: mamba_layer(24, 16)}, fn(parts, x) = x + parts.mix(x))",
    """
    module([parameter(randn(12, 24) * 0.5), attention_layer(24, 4, causal: true), layer_norm(24),
      linear(24, 48), linear(48, 24)], fn(parts, x) {
        y = x + parts[0][:x.shape[1]]
        y = y + parts[1](parts[2](y))
        return y + parts[4](relu(parts[3](y)))
      })
    """,
  ]) func learnsToCopy(body: String) throws {
    let script = """
      seed 5
      # Five tokens, a sign, and the same five tokens again: what follows the sign is known.
      net = sequential([embedding(9, 24), \(body), \(body), linear(24, 9)])
      opt = adamw(net, lr: 5e-3)
      fn sample(count) {
        tokens = randint(0, 8, count, 6)
        tokens[:, 5] = 8
        return concat([tokens, tokens], axis: 1)
      }
      for i in range(400) {
        x = sample(64)
        loss = cross_entropy(net(x[:, :-1])[:, 5:-1], x[:, 6:-1])
        zero_grad opt
        backward loss
        step opt
      }
      x = sample(200)
      hits = argmax(net(x[:, :-1])[:, 5:-1], -1) == x[:, 6:-1]
      item(mean(hits))
      """
    let output = TestSession().run(script).trimmingCharacters(in: .whitespacesAndNewlines)
    let accuracy = try #require(Double(output), "\(output)")
    #expect(accuracy >= 0.95, "\(accuracy)")
  }

  /// A model of the paper, put together from layers, has the same names, and learns and draws the same, as near as rounding lets it:
  /// the named one works out equal patches once, and with the last position the head has other rows beside it.
  @Test(arguments: ["last", "all"]) func equalsTheNamedModel(loss: String) {
    let tolerance = 1e-5
    let script = """
      net = lstm(dim: 18, state: 8, bidirectional: false, seed: 1)
      same = sequential({
        embedding: patch_embedding(18), _lstm: lstm_layer(18, 8), lstm: lstm_layer(8, 8), fc: linear(8, 113)
      })
      same.parameters = net.parameters
      rows = build(sprites(count: 8, size: 8, seed: 1))
      fn learned(model) = train(model, rows, steps: 5, sequence: 24, loss: "\(loss)").train_loss[-1]
      print abs(learned(net) - learned(same)) <= \(tolerance)
      names = keys(net.parameters)
      print max(map(names, fn(name) = item(max(abs(net.parameters[name] - same.parameters[name]))))) <= \(tolerance)
      print evaluate(net, rows, sequence: 24).accuracy == evaluate(same, rows, sequence: 24).accuracy
      print generate(net, prompt: "a cat", tokens: 9, seed: 2).ids == generate(same, prompt: "a cat", tokens: 9, seed: 2).ids
      """
    #expect(TestSession().run(script) == "true\ntrue\ntrue\ntrue\n")
  }

  /// Layers that give no logits, or see what they should predict, are told so before anything is trained.
  @Test(arguments: [
    ("linear(16, 7)", "the model has 7 tokens, but the data set was built with 113"),
    ("fn(x) = sum(x)", "the model makes [] of patches [1, 128, 3, 3], not logits [1, V] or [1, 128, V]"),
    ("fn(x) = 3", "the model gives number, not logits [B, V] or [B, L, V]"),
    ("linear(16, 113), fn(x) = detach(x)", "the loss does not depend on any parameter of the model"),
    (
      "linear(16, 113), fn(x) = x[:, -1]",
      "loss \"all\" needs logits of all positions [B, L, V]; the model gives [1, 113]"
    ),
    (
      "attention_layer(16), linear(16, 113)",
      "loss \"all\" needs a model of one direction: one that reads both ways sees the tokens it should predict"
    ),
  ]) func refusesToTrain(layers: String, message: String) {
    let script = """
      net = sequential([patch_embedding(16), \(layers)])
      try { train net, build(sprites(count: 2, size: 8)), steps: 1, loss: "all" } catch e { print e.message }
      """
    #expect(TestSession().run(script) == message + "\n")
  }

  /// A copy computes the same, shares nothing that is trained, and keeps what stands in two places one.
  @Test func copiesLayers() {
    let script = """
      seed 1
      twice, bias = linear(8, 8), parameter(ones(8))
      inner = module({layers: [twice, {again: twice}], bias: bias, same: bias, net: mamba(dim: 9, state: 2, depth: 1)},
        fn(it, x) = relu(it.layers[0](x)) + it.layers[1].again(x) * it.bias + it.same)
      net = sequential([patch_embedding(8), inner, {out: [lstm_layer(8, 4), dropout(0.5)]}, fn(x) = x[:, -1], linear(4, 113)])
      x = encode("a red cat")
      other = copy(net)
      print equal(net(x), other(x)), keys(net.parameters) == keys(other.parameters)
      before = map(keys(other.parameters), fn(name) = detach(other.parameters[name]))
      opt = sgd(net, lr: 1)
      backward(sum(net(x)))
      step opt
      print equal(net(x), other(x))
      print all(map(range(len(before)), fn(i) = equal(before[i], other.parameters[keys(other.parameters)[i]])))
      save net, "copied.safetensors"
      other.parameters = load_tensors("copied.safetensors")
      print equal(net(x), other(x))
      """
    #expect(TestSession().run(script) == "true true\nfalse\ntrue\ntrue\n")
  }

  /// Any sizes and shapes are refused or answered: none reaches an operator that traps.
  @Test(arguments: 0..<4) func refusesOrAnswers(seed: Int) throws {
    var random = Random(seed: UInt64(seed), stream: "layers")
    let test = TestSession(
      SessionOptions(seed: 1, quiet: true, writeFolders: [TestSession.folder], limits: Limits(memory: 400_000_000)))
    #expect(test.run("0") == "0\n")
    let interpreter = test.session.interpreter
    let names = Layers.all.map { $0.name }
    let sizes: [Double] = [1, 1, 2, 2, 3, 3, 4, 9, 0, -1, 0.5, 70_000, 1e9, 1e300]
    let flags = ["causal", "bidirectional", "bias"], counts = ["groups", "padding", "conv", "expand"]
    var (made, answered) = (0, 0)
    for _ in 0..<1500 {
      var arguments = Arguments((0..<random.below(4)).map { _ in .number(sizes[random.below(sizes.count)]) })
      if random.below(3) == 0 { arguments.named.append((flags[random.below(3)], .bool(true))) }
      if random.below(3) == 0 { arguments.named.append((counts[random.below(4)], .number(sizes[random.below(9)]))) }
      do {
        let layer = try interpreter.call(names[random.below(names.count)], arguments)
        made += 1
        for _ in 0..<8 {
          let shape = (0..<random.below(5)).map { _ in [0, 1, 2, 3, 3, 4, 9][random.below(7)] }
          let values = (0..<shape.elementCount).map { Float($0 % 3) }
          let x = Value.object(TensorObject(Tensor(values, shape)))
          do {
            _ = try interpreter.call(layer, Arguments([x], named: [("training", .bool(random.below(2) == 0))]))
            answered += 1
          } catch let error as ScriptError {
            #expect(error.kind != .internal)
          } catch let error as any ScriptErrorConvertible {
            #expect(error.scriptError.kind != .internal)
          }
        }
      } catch let error as ScriptError {
        #expect(error.kind != .internal)
      } catch let error as any ScriptErrorConvertible {
        #expect(error.scriptError.kind != .internal)
      }
    }
    #expect(made > 100 && answered > 100, "\(made) layers, \(answered) answers")
  }

  @Test func nestingHasAnEnd() {
    let test = TestSession()
    #expect(
      test.run("net = relu()\nfor i in range(100) { net = sequential([net]) }")
        .contains("layers stand inside each other at most 32 deep"))
    // Functions that hold layers that hold functions are let go one after the other.
    #expect(
      test.run(
        """
        fn wrap(inner) { return sequential([fn(x) = inner(x)]) }
        net = relu()
        for i in range(100_000) { net = wrap(net) }
        net = nil
        print "gone"
        """) == "gone\n")
    #expect(test.run("parts = []\npush(parts, parts)\nmodule(parts, fn(p, x) = x)").contains("contain themselves"))
    #expect(test.run("fn f(p, x) = p.self(x)\nm = {}\nm.self = module(m, f)\nm.self(1)").contains("error"))
  }

  /// Every setting of every layer is part of what a run is compared by.
  @Test func everySettingIsPartOfTheStructure() {
    func check<Layer: LayerConfiguration>(_ type: Layer.Type) {
      for setting in Layer.settings where setting.isStored {
        var layer = Layer()
        let before = LayerObject.text(of: layer)
        let values: [SettingValue] =
          switch setting.form {
          case .count, .counts: [.count(7)]
          case .number: [.fraction(0.75)]
          case .flag: [.flag(true), .flag(false)]
          case .choice(let choices): choices.map { .text($0) }
          case .interval, .numbers, .weights, .choices: []
          }
        var texts: Set<String> = [before]
        for value in values {
          #expect(throws: Never.self) { try setting.set(value, of: &layer) }
          texts.insert(LayerObject.text(of: layer))
        }
        #expect(texts.count > 1, "\(Layer.name): \(setting.name)")
      }
    }
    for type in Layers.all { check(type) }
  }
}
