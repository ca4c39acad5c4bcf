import Formats
import Foundation
import PixelBytes
import Testing

@Suite struct ClassificationTests {
  @Test func equalsScikitLearn() throws {
    let data = try Data(contentsOf: URL(filePath: Fixture.path("metrics/metrics.json")))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let cases = try #require(json["labels"] as? [[String: Any]])
    let arrays = try Fixture.tensors("metrics/metrics.safetensors")
    #expect(!cases.isEmpty)
    for (k, expected) in cases.enumerated() {
      let found = Classification(
        labels: try arrays.entry("y_true.\(k)").int32s(), predictions: try arrays.entry("y_pred.\(k)").int32s())
      #expect(abs(found.accuracy - (try #require(expected["accuracy"] as? Double))) <= 1e-12)
      for average in Classification.Average.allCases {
        let reference = try #require(expected[average.rawValue] as? [String: Double])
        let values = [
          "precision": found.precision(average), "recall": found.recall(average), "f1": found.f1(average),
        ]
        for (name, value) in values {
          #expect(abs(value - (try #require(reference[name]))) <= 1e-12, "\(average) \(name) of case \(k)")
        }
      }
    }
  }
}
