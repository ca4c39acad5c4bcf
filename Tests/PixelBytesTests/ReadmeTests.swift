import Foundation
import PixelBytes
import Tensors
import Testing

/// The Swift lines of the README, run as they stand there.
@Suite struct ReadmeTests {
  @Test func theSwiftLinesRun() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pixelbytes-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }

    let data = try DataSet.sprites(count: 200, size: 10, seed: 1)
    let (training, testing) = try data.split(test: 0.1, seed: 42)
    let family = LSTMFamily(bidirectional: false, forgetBias: 3)
    let model = try SequenceModel(try ModelConfiguration(family, depth: 1), seed: 1)
    var options = TrainingOptions()
    (options.steps, options.positions, options.rate) = (100, .all, 1e-2)
    let trainer = try Trainer(model, training: try training.encoded(), testing: try testing.encoded(), options)
    var losses: [Double] = []
    let history = try trainer.run { progress in losses.append(progress.loss) }
    let generator = try Generator(model, Tokenizer(), try Sampler(temperature: 0.5))
    var random = Random(seed: 7, stream: "sampling")
    let out = try generator.generate(
      after: Tokenizer().encode(text: testing[0].caption), count: 150, stop: .image, using: &random)
    try Checkpoint.save(model, to: folder + "/first-model")

    #expect(losses[losses.count - 1] < losses[0])
    let scores = history.compactMap(\.test)
    #expect(scores[scores.count - 1].loss < scores[0].loss)
    #expect(!out.ids.isEmpty)
  }

  @Test func theyAreThoseOfTheReadme() throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let source = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
    let block = try #require(readme.components(separatedBy: "```swift\n").dropFirst().first)
    let lines = try #require(block.components(separatedBy: "```").first).split(separator: "\n").dropLast()
    #expect(lines.count > 10)
    for line in lines { #expect(source.contains("    \(line)\n"), "not run: \(line)") }
  }
}
