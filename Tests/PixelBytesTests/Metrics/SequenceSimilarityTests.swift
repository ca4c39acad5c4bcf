import Formats
import Foundation
import PixelBytes
import Testing

@Suite struct SequenceSimilarityTests {
  /// SciPy's distances and NLTK's BLEU of twenty pairs; what they have no number for is none here.
  @Test func equalsSciPyAndNLTK() throws {
    let data = try Data(contentsOf: URL(filePath: Fixture.path("metrics/metrics.json")))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let pairs = try #require(json["pairs"] as? [[String: Any]])
    let arrays = try Fixture.tensors("metrics/metrics.safetensors")
    let (targets, generated) = (try arrays.entry("target").uint8s(), try arrays.entry("generated").uint8s())
    let size = targets.count / pairs.count
    #expect(pairs.count == 20 && size == 144)
    for (k, expected) in pairs.enumerated() {
      let range = k * size..<(k + 1) * size
      let found = SequenceSimilarity(of: Array(generated[range]), to: Array(targets[range]))
      #expect(abs(found.hamming - (try #require(expected["hamming"] as? Double))) <= 1e-12, "pair \(k)")
      #expect(abs(found.bleu - (try #require(expected["bleu"] as? Double))) <= 1e-12, "pair \(k)")
      if let cosine = expected["cosine"] as? Double {
        #expect(abs(found.cosine - cosine) <= 1e-12, "pair \(k)")
      } else {
        #expect(found.cosine.isNaN, "pair \(k)")
      }
    }
  }

  /// By hand: of [1, 2, 3, 4, 9] four of five ids are right, three of four pairs, two of three triples, one of two fours.
  @Test func countsRuns() {
    let found = SequenceSimilarity(of: [1, 2, 3, 4, 9], to: [1, 2, 3, 4, 5])
    #expect(abs(found.bleu - pow(4.0 / 5 * 3 / 4 * 2 / 3 * 1 / 2, 0.25)) < 1e-15)
    #expect(found.hamming == 0.2)
    // What is said more often than it stands there counts as often as it stands there.
    let twice = SequenceSimilarity(of: [1, 1, 1, 1, 1], to: [1, 1, 2, 2, 2])
    #expect(abs(twice.bleu - exp((log(2.0 / 5) + log(1.0 / 4) + 2 * log(Double.leastNormalMagnitude)) / 4)) < 1e-90)
    #expect(twice.bleu > 0 && SequenceSimilarity(of: [3], to: [4]).bleu == 0)
    // Too short for runs of four, as NLTK has it.
    #expect(SequenceSimilarity(of: [1, 2, 3], to: [1, 2, 3]).bleu < 1e-70)
  }
}
