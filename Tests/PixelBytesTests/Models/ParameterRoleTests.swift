import PixelBytes
import Tensors
import Testing

/// What the parameters of each family are: weight decay and Muon ask for it.
@Suite struct ParameterRoleTests {
  /// Names that end so are tables, numbers of single channels, biases or norms.
  private static func expected(_ name: String, _ shape: Shape) -> ParameterRole {
    let isTable = ["linear_embedding.weight", "embedding.weight", "positions.weight"].contains {
      name == $0 || name.hasSuffix("." + $0)
    }
    if isTable { return .embedding }
    if ["fc.weight", "lm_head.weight", "head.weight"].contains(name) { return .head }
    if ["alpha", "A_log", "conv1d.weight"].contains(where: { name == $0 || name.hasSuffix("." + $0) }) {
      return .vector
    }
    return shape.count > 1 ? .matrix : .vector
  }

  @Test(arguments: ModelMemoryTests.families.indices, EmbeddingKind.allCases)
  func everyFamilyTellsThem(_ family: Int, _ embedding: EmbeddingKind) throws {
    let configuration = try ModelConfiguration(
      ModelMemoryTests.families[family], width: 16, depth: 1, embedding: embedding)
    let model = try SequenceModel(configuration, seed: 1)
    for parameter in model.parameters {
      #expect(
        parameter.role == Self.expected(parameter.name, parameter.value.shape),
        "\(parameter.name) \(parameter.value.shape)")
    }
    #expect(model.roles.count { $0 == .head } == 1)
  }

  /// A head that is the embedding's table stays one.
  @Test func aTiedHeadIsAnEmbedding() throws {
    let family = MambaByteFamily(state: 4, isTied: true)
    let model = try SequenceModel(
      try ModelConfiguration(family, width: 16, depth: 1, embedding: .center), seed: 1)
    #expect(!model.roles.contains(.head) && model.roles.count { $0 == .embedding } == 1)
  }
}
