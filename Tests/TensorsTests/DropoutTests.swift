import Tensors
import Testing

/// Every form of dropout clears its share and keeps the mean.
@Suite struct DropoutTests {
  private static let count = 100_000

  /// The values must be 0, a share of them, or the input scaled up.
  private func check(_ found: [Float], of input: Float, _ probability: Float, _ what: String) {
    let kept = input / (1 - probability)
    #expect(found.allSatisfy { $0 == 0 || abs($0 - kept) <= 1e-5 * kept }, "\(what)")
    let cleared = Float(found.count { $0 == 0 }) / Float(found.count)
    // Five deviations of the share of so many draws.
    let deviation = (probability * (1 - probability) / Float(found.count)).squareRoot()
    #expect(abs(cleared - probability) <= 5 * deviation, "\(what): \(cleared) cleared")
    let mean = Float(found.reduce(0.0) { $0 + Double($1) } / Double(found.count))
    #expect(abs(mean - input) <= 5 * deviation * kept, "\(what): mean \(mean)")
  }

  @Test(arguments: [0.02, 0.1, 0.5, 0.9] as [Float]) func clearsItsShareAndKeepsTheMean(_ probability: Float) {
    let x = Tensor(repeating: 3, [Self.count])
    var random = Random(seed: 1, stream: "dropout")
    check(x.dropout(Dropout(probability, seed: 1)).values, of: 3, probability, "dropout")
    check(x.relu(Dropout(probability, seed: 2)).values, of: 3, probability, "ReLU with dropout")
    check(x.dropout(probability, using: &random).values, of: 3, probability, "dropout of a stream")
    #expect((-x).relu(Dropout(probability, seed: 2)).values.allSatisfy { $0 == 0 })
  }

  /// The one probability of a query that sees one key is 1; with it the value is cleared or scaled up.
  @Test(arguments: [0.1, 0.5] as [Float], [false, true])
  func attentionClearsProbabilities(_ probability: Float, lastOnly: Bool) {
    let (heads, batch) = (20, 2000)
    var bias = [Float](repeating: 0, count: 3 * heads)
    for k in 2 * heads..<3 * heads { bias[k] = 3 }
    let weights = AttentionWeights(
      input: Tensor(repeating: 0, [3 * heads, heads]), inputBias: Tensor(bias, [3 * heads]))
    let options = AttentionOptions(heads: heads, dropout: Dropout(probability, seed: 3))
    let y = Tensor(repeating: 0, [batch, 1, heads]).attention(weights, options, lastOnly: lastOnly)
    check(y.values, of: 3, probability, "attention")
  }

  @Test func nothingIsClearedWithoutDropout() {
    let x = Tensor((0..<1000).map { Float($0 - 500) }, [1000])
    #expect(x.dropout(.none).values == x.values)
    #expect(x.relu(.none).values == x.relu().values)
    #expect(x.dropout(Dropout(0, seed: 4)).values == x.values)
  }
}
