import PixelBytes
import PixelScript
import Tensors

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
      for file in [""] + Checkpoint.files.map({ "/" + $0 }) { _ = try environment.files.readable(path + file) }
      return .object(ModelObject(try Checkpoint.load(path), environment.layers))
    }
  }

  private static let describeColumns = ["parameter", "shape", "count", "bytes", "flops"]

  private static var describeModel: Command {
    Command(
      "describe",
      "Lists the parameters of a model with shapes, bytes and operations a token, and the totals; training takes four "
        + "times the bytes, and attention operations beside these that depend on the length.",
      Parameter<ModelObject>("model", "the model"),
      example: """
        total = describe(lstm(dim: 81, state: 64))[-1]
        print total.count, total.bytes, total.flops  # expect: 78633 314532 160323
        """
    ) { _, net in
      let rows = net.model.parameters.map { parameter -> [Value] in
        let shape = parameter.value.shape.map(String.init).joined(separator: " x ")
        let count = parameter.value.count
        return [
          .string(parameter.name), .string(shape), .number(count), .number(4 * count),
          .number(parameter.operations),
        ]
      }
      let count = net.model.parameterCount
      let total: [Value] = [
        .string("total"), .string(""), .number(count), .number(4 * count), .number(net.model.operations),
      ]
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
    ) { _, net in .object(ModelObject(try net.model.copy(), net.session)) }
  }
}
