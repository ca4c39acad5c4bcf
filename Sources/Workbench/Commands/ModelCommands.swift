import PixelBytes
import PixelScript
import Tensors

extension EmbeddingKind: ScriptChoice {}

extension CommandGroup {
  /// Making, loading and describing models.
  static func models(_ environment: Environment) -> CommandGroup {
    CommandGroup("Models", families(environment) + [loadModel(environment), describeModel, copyModel])
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
      for file in ["", "/config.json", "/model.safetensors", "/vocabulary.json"] {
        _ = try environment.files.readable(path + file)
      }
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
