import PixelBytes
import Safepoint
import Tensors
import Testing

/// What models take is known before they are made, and counted as long as they live.
@Suite struct ModelMemoryTests {
  /// A small one of each.
  static let families: [any ModelFamily] = [
    LSTMFamily(state: 8, forgetBias: 2), MambaFamily(state: 4), TransformerFamily(positions: .learned),
    BiMambaPlusFamily(state: 4), MambaByteFamily(state: 4), ImageTransformerFamily(), ResNetFamily(layerCount: 26),
    MixMambaFamily(state: 4, neighbors: false), MixMambaFamily(state: 4, neighbors: false, attention: 2),
  ]

  private func watch(_ bytes: Int) -> Watch {
    let watch = Watch(Interruption())
    var bounds = Watch.Bounds()
    bounds.held = bytes
    watch.bounds = bounds
    return watch
  }

  @Test func thereIsOneOfEachFamily() {
    #expect(Set(Self.families.map { type(of: $0).name }) == Set(ModelFamilies.all.map { $0.name }))
  }

  @Test(arguments: families.indices) func thePlanIsThatOfTheModel(_ family: Int) throws {
    let configuration = try ModelConfiguration(Self.families[family], width: 16, depth: 2)
    let plan = SequenceModel.plan(of: configuration)
    let model = try SequenceModel(configuration, seed: 1)
    #expect(plan.entries.map(\.name) == model.parameters.map(\.name))
    #expect(plan.entries.map(\.shape) == model.parameters.map(\.value.shape))
    #expect(plan.byteCount == 4 * model.parameterCount)
  }

  @Test(arguments: families.indices) func aModelThatDoesNotFitIsNotMade(_ family: Int) throws {
    let configuration = try ModelConfiguration(Self.families[family], width: 16, depth: 2)
    let bytes = SequenceModel.plan(of: configuration).byteCount
    let watch = watch(bytes - 1)
    Safepoint.$watch.withValue(watch) {
      #expect(throws: Stopped.self) { try SequenceModel(configuration, seed: 1) }
    }
    #expect(watch.nativeBytes == 0)
  }

  @Test func valuesGradientsAndMomentsCountAsLongAsTheyLive() throws {
    let watch = watch(.max)
    try Safepoint.$watch.withValue(watch) {
      let configuration = try ModelConfiguration(width: 9, state: 8, depth: 1)
      let bytes = SequenceModel.plan(of: configuration).byteCount
      do {
        let model = try SequenceModel(configuration, seed: 1)
        #expect(watch.nativeBytes == bytes)
        let optimizer = try Optimizer(model.parameters)
        #expect(watch.nativeBytes == 3 * bytes)
        for parameter in model.parameters { parameter.gradient = parameter.value }
        #expect(watch.nativeBytes == 4 * bytes)
        for parameter in model.parameters { parameter.gradient = nil }
        #expect(try model.copy().parameterCount == model.parameterCount)
        #expect(watch.nativeBytes == 3 * bytes)
        withExtendedLifetime((model, optimizer)) {}
      }
      #expect(watch.nativeBytes == 0)
    }
  }

  @Test func sizesStopAtTheLargestNumber() {
    #expect(Size.product(3, 4) == 12 && Size.product(.max, 2) == .max && Size.product(.max, 0) == 0)
    #expect(Size.product([1 << 40, 1 << 40, 0]) == 0 && Size.product([1 << 40, 1 << 40, 1]) == .max)
    #expect(Size.product([]) == 1 && Size.product([-1, .max]) == 0)
    #expect(Size.sum([.max, 1]) == .max && Size.sum([]) == 0 && Size.sum([-5, 2]) == 2)
    #expect([0, .max].elementCount == 0 && [0, .max].placeCount == .max && [0, .max, 2].placeCount == .max)
  }
}
