import PixelScript
import Testing
import Workbench

/// The commands of the language's page, all of which must be known, be it to say that they are not there yet.
@Suite struct ContractTests {
  private static let names = """
    help vars recall cells run export reset timeit seed threads quit
    print type len str num list keys values push pop insert remove sorted reversed enumerate zip range map filter reduce sum
    min max any all round floor ceil abs sqrt exp log sin cos tan tanh upper lower strip join find replace starts_with
    ends_with split contains format read_text write_text read_json write_json exists list_files now
    tensor zeros ones full eye arange linspace rand randn randint one_hot reshape transpose permute concat stack flip repeat
    pad gather where clamp argmax argmin mean var std cumsum norm equal softmax log_softmax sigmoid relu gelu silu softplus
    matmul conv1d conv2d embedding layer_norm rms_norm dropout cross_entropy mse item to_list to_image parameter backward
    zero_grad detach grad adamw adam sgd lion muon step
    read_image load_palette quantize pixelize resize crop show plot save
    sprites load_dataset build shuffle take describe load_tokenizer encode decode batches
    lstm mamba transformer bimamba_plus mambabyte image_transformer resnet mixmamba best_model load_model load_tensors copy
    train evaluate generate compare
    """

  /// What is an axis here is a `dim` in PyTorch, and what keeps it `keepdim`: both names are taken.
  @Test func everyAxisIsADim() throws {
    let session = Session(console: Console(write: { _ in }))
    let group = try #require(session.registry.groups.first { $0.title == "Tensors" })
    var count = 0
    for command in group.commands {
      for signature in command.signature where ["axis", "keep"].contains(signature.name) {
        count += 1
        #expect(signature.aliases.contains(signature.name == "axis" ? "dim" : "keepdim"), "\(command.name)")
      }
    }
    #expect(count > 40)
  }

  /// What makes one element of many takes axes, and keeps them with size 1 where it is asked to, of all elements too.
  @Test func everyReductionKeepsItsAxes() throws {
    let test = TestSession()
    let group = try #require(test.session.registry.groups.first { $0.title == "Tensors" })
    let start = """
      fn shape(r) { try { return r.values.shape } catch e { return r.shape } }
      x = tensor([[1, 2, 3], [4, 5, 6]])

      """
    var count = 0
    for command in group.commands where command.signature.contains(where: { $0.name == "axis" }) {
      // A share stands before the axis.
      let x = command.signature.contains { $0.name == "share" } ? "x, 0.5" : "x"
      if command.signature.contains(where: { $0.name == "keep" }) {
        count += 1
        let calls = ["keep: true", "axis: 0, keep: true", "dim: -1, keepdim: true", "axis: 1"].map {
          "shape(\(command.name)(\(x), \($0)))"
        }
        #expect(
          test.run(start + "print \(calls.joined(separator: ", "))") == "[1, 1] [1, 3] [2, 1] [2]\n", "\(command.name)")
      } else if command.name != "squeeze" {
        let call = "r = \(command.name)(\(x), axis: 0)\n"
        let found = test.run(start + call + "print type(r) == \"tensor\" and len(r.shape) < 2")
        #expect(found != "true\n", "\(command.name) leaves an axis out and has no `keep`")
      }
    }
    #expect(count >= 15)
  }

  @Test(arguments: names.split(whereSeparator: \.isWhitespace).map(String.init))
  func isKnown(_ name: String) {
    let session = Session(console: Console(write: { _ in }))
    #expect(session.registry[name] != nil)
  }
}
