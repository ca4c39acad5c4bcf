import PixelBytes
import Testing

/// The operations of a token against counts by hand.
@Suite struct ModelCostTests {
  private func operations(
    _ family: any ModelFamily, depth: Int = 1, embedding: EmbeddingKind = .center
  ) throws -> Int {
    let configuration = try ModelConfiguration(family, width: 16, depth: depth, embedding: embedding, vocabulary: 10)
    return try SequenceModel(configuration, seed: 0).operations
  }

  /// Taps and bias of the convolution, x_proj, dt_proj and its bias, the scan and D, for 32 channels of 3 states.
  private let direction = 2 * 32 * 4 + 32 + 2 * 32 * (1 + 2 * 3) + 2 * 32 + 32 + 8 * 32 * 3 + 32
  /// in_proj to 32 channels and as many gates, and out_proj.
  private let projections = 2 * 16 * 64 + 2 * 32 * 16
  private let head = 2 * 16 * 10
  /// Weights and biases from 16 to 64 numbers and back.
  private let feedForward = 2 * 16 * 64 + 64 + 2 * 64 * 16 + 16
  private let layerNorm = 2 * 16

  @Test func mambaSharesTheProjectionsOfBothDirections() throws {
    #expect(try operations(MambaFamily(state: 3, bidirectional: false)) == projections + direction + head)
    let both = projections + 2 * direction + layerNorm + head
    #expect(try operations(MambaFamily(state: 3)) == both)
    #expect(try operations(MambaFamily(state: 3), depth: 2) == both + projections + direction)
  }

  @Test func biMambaPlusHasTwoBlocksALayer() throws {
    let layer = 2 * (projections + direction) + 3 * layerNorm + feedForward
    #expect(try operations(BiMambaPlusFamily(state: 3), depth: 3) == 3 * layer + head + 10)
  }

  @Test func aTiedHeadIsMultipliedBy() throws {
    let blocks = 2 * (projections + direction + 16) + 16
    #expect(try operations(MambaByteFamily(state: 3), depth: 2) == blocks + head)
    #expect(try operations(MambaByteFamily(state: 3, isTied: true), depth: 2) == blocks + head)
  }

  @Test func attentionCountsItsProjections() throws {
    let layer = 2 * 16 * 48 + 48 + 2 * 16 * 16 + 16 + feedForward + 2 * layerNorm
    #expect(try operations(TransformerFamily(), depth: 2) == 2 * layer + head + 10)
    #expect(try operations(TransformerFamily(positions: .learned), depth: 2) == 2 * layer + head + 10)
    #expect(try operations(ImageTransformerFamily(), depth: 2) == 2 * layer + layerNorm + head + 10)
  }

  @Test func lstmCountsBothDirections() throws {
    let direction = 2 * 16 * 4 * 4 + 2 * 4 * 4 * 4 + 2 * 4 * 4
    let upper = 2 * 8 * 32 + 2 * 8 * 32 + 2 * 32
    #expect(try operations(LSTMFamily(state: 8), depth: 2) == 2 * direction + upper + 2 * 8 * 10 + 10)
  }

  @Test func resNetCountsTapsAndShortcuts() throws {
    func convolution(_ inputs: Int, _ outputs: Int, taps: Int = 1) -> Int { 2 * inputs * outputs * taps + 2 * outputs }
    var expected = convolution(16, 16, taps: 7)
    var width = 16
    for wider in [16, 32, 64, 128] {
      for _ in 0..<2 {
        let inner = wider / 4
        expected += convolution(width, inner) + convolution(inner, inner, taps: 3) + convolution(inner, wider)
        if width != wider { expected += convolution(width, wider) }
        width = wider
      }
    }
    #expect(try operations(ResNetFamily(layerCount: 26)) == expected + 2 * 128 * 10 + 10)
  }

  /// Nine cells, each a mix of itself and of a convolution that sees 49 of 81 neighbors, then projected.
  @Test func patchesCountTheConvolutionInsideThem() throws {
    let plain = try operations(LSTMFamily(state: 8))
    let patches = try operations(LSTMFamily(state: 8), embedding: .pxby)
    let norm = layerNorm
    #expect(patches - plain == 2 * 49 * 9 * 9 + 9 + 2 * 9 + (2 * 81 * 16 + 16) + norm)
  }
}
