import Formats
import PixelBytes
import Tensors
import Testing

struct PatchBuilderTests {
  private struct Case: Decodable {
    var name: String
    var tokens: [UInt8]
  }

  @Test func rebuildsThePublishedTraces() throws {
    let file = try Fixture.tensors("generator/generator.safetensors")
    let cases = try Fixture.json("generator/generator", as: [Case].self)
    #expect(cases.count == 5)
    for expected in cases {
      var builder = PatchBuilder(continuing: PatchSequence(ids: try file.entry(expected.name + ".start").uint8s()))
      for token in expected.tokens { builder.append(token) }
      #expect(builder.patches.ids == (try file.entry(expected.name + ".sequence").uint8s()), "\(expected.name)")
    }
  }

  @Test func trueTokensGiveTheTokenizersPatches() {
    var random = Random(seed: 3, stream: "test")
    for _ in 0..<100 {
      let (width, height) = (1 + random.below(20), 1 + random.below(20))
      let image = IndexedImage(
        width: width, height: height, indices: (0..<width * height).map { _ in UInt8(random.below(55)) })
      let row = Tokenizer().encode(image, caption: "a small cat")
      var twice = row
      twice.append(row)
      for start in [0, 1, 5, 9] {
        var (published, encoded) = (
          PatchBuilder(continuing: twice[0..<start]), PatchBuilder(continuing: twice[0..<start], rule: .encoded)
        )
        for (place, token) in twice.tokens.enumerated().dropFirst(start) {
          let expected = twice[place..<place + 1].ids
          #expect(Array(encoded.append(token)) == expected)
          let patch = published.append(token)
          // The published rule keeps the newline left of the second row's first token.
          if place != row.count { #expect(Array(patch) == expected) } else { #expect(patch.dropFirst(3).first == 2) }
        }
      }
    }
  }

  @Test func anyTokensAreAccepted() {
    var random = Random(seed: 4, stream: "test")
    for _ in 0..<500 {
      var builder = PatchBuilder()
      for step in 1...40 {
        let token = UInt8(random.below(3) == 0 ? random.below(3) : random.below(113))
        #expect(builder.append(token).count == 9)
        #expect(builder.patches.count == step && builder.patches.tokens.last == token)
      }
    }
  }
}
