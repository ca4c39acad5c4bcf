import PixelBytes
import PixelScript
import Tensors

extension EmbeddingKind: ScriptChoice {}

extension CommandGroup {
  /// Making, loading and describing models.
  static func models(_ environment: Environment) -> CommandGroup {
    CommandGroup("Models", [lstm(environment), loadModel(environment), describeModel, copyModel])
  }

  private static func lstm(_ environment: Environment) -> Command {
    Command(
      "lstm", "Makes the paper's LSTM model with first values drawn from the session's seed.",
      Parameter<Int>("dim", "width of the embedding", default: 81),
      Parameter<Int>("state", "hidden size of each layer; two directions get half each", default: 64),
      Parameter<Int>("depth", "number of LSTM layers", default: 2),
      Parameter<Bool>("bidirectional", "whether the first layer reads both ways", default: true),
      Parameter<EmbeddingKind>("embedding", "how a 3x3 patch becomes a vector", default: .pxby),
      Parameter<Int>("vocabulary", "number of tokens", default: 113),
      Parameter<Float>(
        "forget_bias", "added to the first biases of the forget gates: 1 to 3 remembers further from the start",
        default: 0),
      Parameter<Int?>("seed", "seed of the first values, in place of the session's"),
      example: """
        net = lstm(dim: 36, state: 32)
        print net.config.dim  # expect: 36
        print net.parameters["fc.weight"].shape  # expect: [113, 32]
        """
    ) { _, dim, state, depth, bidirectional, embedding, vocabulary, forgetBias, seed in
      let configuration = try ModelConfiguration(
        width: dim, state: state, depth: depth, bidirectional: bidirectional, embedding: embedding,
        vocabulary: vocabulary)
      let seed = environment.withRandom("initialization", seed: seed) { $0.next() }
      return .object(ModelObject(SequenceModel(configuration, seed: seed, forgetBias: forgetBias)))
    }
  }

  private static func loadModel(_ environment: Environment) -> Command {
    Command(
      "load_model", "Loads a model from a folder with model.safetensors and config.json, ours or published.",
      Parameter<String>("path", "the folder", completion: .path),
      example: """
        save lstm(dim: 9, state: 4, depth: 1), "checkpoint"
        print load_model("checkpoint").config.state  # expect: 4
        """
    ) { _, path in
      let path = try environment.files.existing(path)
      // A link in the folder may lead out of what may be read.
      for file in ["", "/config.json", "/model.safetensors"] { _ = try environment.files.readable(path + file) }
      return .object(ModelObject(try Checkpoint.load(path)))
    }
  }

  private static let describeColumns = ["parameter", "shape", "count"]

  private static var describeModel: Command {
    Command(
      "describe", "Lists the parameters of a model with their shapes, and the total.",
      Parameter<ModelObject>("model", "the model"),
      example: """
        print describe(lstm(dim: 81, state: 64)).count[-1]  # expect: 78633
        """
    ) { _, net in
      let rows = net.model.parameters.map { parameter -> [Value] in
        let shape = parameter.value.shape.map(String.init).joined(separator: " x ")
        return [.string(parameter.name), .string(shape), .number(parameter.value.count)]
      }
      let total: [Value] = [.string("total"), .string(""), .number(net.model.parameterCount)]
      return .object(TableObject(columns: describeColumns, rows: rows + [total]))
    }
  }

  private static var copyModel: Command {
    Command(
      "copy", "Copies a model with its present values.",
      Parameter<ModelObject>("model", "the model"),
      example: """
        net = lstm(dim: 9, state: 4)
        print copy(net) == net  # expect: true
        """
    ) { _, net in .object(ModelObject(net.model.copy())) }
  }
}
