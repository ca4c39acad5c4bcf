import Formats
import PixelBytes
import Testing

/// All that the reference outputs hold of pictures and tokens, element by element, with the number of elements.
struct FixtureAgreementTests {
  /// What was compared under one name.
  private struct Count: Equatable, CustomStringConvertible {
    var elements = 0
    var different = 0
    var description: String { "\(elements) elements, \(different) different" }

    mutating func compare(_ ours: [UInt8], _ published: [UInt8]) {
      elements += published.count
      different += zip(ours, published).filter { $0 != $1 }.count + abs(ours.count - published.count)
    }
  }

  private struct Row: Decodable {
    var image: String
    var caption: String
    var key: String?
  }

  private struct Description: Decodable {
    var captions: [String]
    var captions_simplified: [String]
    var rows: [Row]
  }

  @Test func thePicturesAndTokensOfTheFirstModels() throws {
    let file = try Fixture.tensors("tok/tok2d.safetensors")
    let description = try Fixture.json("tok/tok2d", as: Description.self)
    let tokenizer = Tokenizer()
    var (indices, texts, images, rows) = (Count(), Count(), Count(), Count())
    for entry in file.entries where entry.name.hasPrefix("img.") {
      let parts = entry.name.split(separator: ".").map(String.init)
      guard parts[2] != "pixels" else { continue }
      let image = try Fixture.picture(parts[1], in: file).quantized()
      let expected = try entry.uint8s()
      switch parts[2] {
      case "palette_index": indices.compare(image.indices, expected)
      case "image_seq": images.compare(tokenizer.encode(image).ids, expected)
      default: texts.compare(tokenizer.encode(text: tokenizer.shapeText(of: image)).ids, expected)
      }
    }
    for (place, caption) in description.captions.enumerated() {
      let simple = try file.entry("cap.\(place).simplified").uint8s()
      texts.compare(tokenizer.encode(text: tokenizer.normalized(caption)).ids, simple)
      if let raw = file["cap.\(place).raw"] { texts.compare(tokenizer.encode(text: caption).ids, try raw.uint8s()) }
    }
    for row in description.rows {
      guard let key = row.key else { continue }
      let image = try Fixture.picture(row.image, in: file).quantized()
      rows.compare(tokenizer.encode(image, caption: row.caption).ids, try file.entry(key).uint8s())
    }
    #expect(indices == Count(elements: 8694))
    #expect(texts == Count(elements: 3249))
    #expect(images == Count(elements: 13707))
    #expect(rows == Count(elements: 64602))
  }

  private struct Call: Decodable {
    struct Slicing: Decodable {
      var image: Int
      var audio: Int
    }
    struct Inputs: Decodable {
      var text: String?
      var image: String?
      var audio: String?
    }
    var name: String
    var slicing: Slicing?
    var inputs: Inputs
    var shapes: [Shape]?
  }

  /// A shape, or the name of an element type.
  private enum Shape: Decodable {
    case sizes([Int])
    case name

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      self = container.decodeNil() ? .name : (try? container.decode([Int].self)).map { .sizes($0) } ?? .name
    }
  }

  private struct Calls: Decodable {
    var calls: [Call]
  }

  @Test func theTokensAndContextsOfTheLaterModel() throws {
    let file = try Fixture.tensors("tok/tok151.safetensors")
    let calls = try Fixture.json("tok/tok151", as: Calls.self).calls.filter { $0.slicing != nil }
    var (labels, contexts) = (Count(), Count())
    for call in calls {
      let sequence = try sequence(of: call, file)
      labels.compare(sequence.labels, try file.entry("\(call.name).labels").uint8s())
      contexts.compare(sequence.contexts, try file.entry("\(call.name).input_ids").uint8s())
    }
    let silent = try Tokenizer(.actionPixelbytes).contexts(audio: [[0.5, 0.5, 0.5, 0.5, 0.5]])
    labels.compare(silent.labels, try file.entry("err.audio_constant.labels").uint8s())
    contexts.compare(silent.contexts, try file.entry("err.audio_constant.input_ids").uint8s())
    #expect(calls.count == 20)
    #expect(labels == Count(elements: 5258))
    #expect(contexts == Count(elements: 31548))
  }

  private func sequence(of call: Call, _ file: Safetensors) throws -> ContextSequence {
    let tokenizer = Tokenizer(.actionPixelbytes)
    let slicing = try #require(call.slicing)
    var sequence = ContextSequence()
    if let text = call.inputs.text { sequence.append(tokenizer.contexts(text: text)) }
    if call.inputs.image != nil {
      sequence.append(tokenizer.contexts(frames: try frames(call.name), step: slicing.image))
    }
    if call.inputs.audio != nil {
      let name = call.name.hasSuffix("audio1") ? "audio1" : "audio2"
      let clip = try file.entry(name)
      let samples = clip.floats()
      let channels = stride(from: 0, to: samples.count, by: clip.shape.last ?? 1).map {
        Array(samples[$0..<$0 + (clip.shape.last ?? 1)])
      }
      sequence.append(try tokenizer.contexts(audio: channels, step: slicing.audio))
    }
    return sequence
  }

  /// The frames that a call names: those of the animation, else of one picture.
  private func frames(_ call: String) throws -> [IndexedImage] {
    if call.hasSuffix("anim") || call.hasSuffix("all") {
      let path = Fixture.path("tok/anim.gif")
      return try GIF.frames(try readFile(path), file: path).map { $0.image.quantized() }
    }
    let name = try #require(call.split(separator: ".", maxSplits: 1).last?.dropFirst("image_".count))
    let picture = try RasterImage.read(Fixture.path("tok/\(name).png"))
    // The published path drops alpha here, where ours merges it with white.
    let opaque = picture.rgba.enumerated().map { $0 % 4 == 3 ? 255 : $1 }
    return [RasterImage(width: picture.width, height: picture.height, rgba: opaque).quantized()]
  }

  private struct Decoded: Decodable {
    struct Parts: Decodable {
      var text_hex: String
      var frame_line_lengths: [[Int]]
      var audio: [Double]
    }
    var parts: Parts

    enum CodingKeys: String, CodingKey { case parts = "decode_s11.all.labels" }
  }

  /// The published decoder keeps the id 0 of unknown characters and drops the first row of each frame; ours the reverse.
  @Test func theLaterModelsTokensDecode() throws {
    let ids = try Fixture.tensors("tok/tok151.safetensors").entry("s11.all.labels").uint8s()
    let published = try Fixture.json("tok/tok151", as: Decoded.self).parts
    let decoding = Tokenizer(.actionPixelbytes).decode(ids)
    #expect(decoding.text == "hello, world! 42   ")
    #expect(published.text_hex == "68656c6c6f2c20776f726c64212034322000200020" + "00")
    #expect(decoding.images == (try frames("s11.anim")))
    #expect(published.frame_line_lengths.map(\.count) == decoding.images.map { $0.height - 1 })
    #expect(decoding.values.count == published.audio.count)
    for (ours, theirs) in zip(decoding.values, published.audio) { #expect(abs(ours - theirs) < 1e-12) }
  }

  private struct Trace: Decodable {
    var name: String
    var tokens: [UInt8]
  }

  @Test func thePatchesOfTheGenerator() throws {
    let file = try Fixture.tensors("generator/generator.safetensors")
    var count = Count()
    for trace in try Fixture.json("generator/generator", as: [Trace].self) {
      var builder = PatchBuilder(continuing: PatchSequence(ids: try file.entry(trace.name + ".start").uint8s()))
      for token in trace.tokens { builder.append(token) }
      count.compare(builder.patches.ids, try file.entry(trace.name + ".sequence").uint8s())
    }
    #expect(count == Count(elements: 5616))
  }

  @Test func thePicturesOfTheDisplays() throws {
    let file = try Fixture.tensors("displays/displays.safetensors")
    var count = Count()
    for name in ["row0", "adversarial"] {
      let decoding = PublishedDecoding(try file.entry("\(name).ids").int32s().map { UInt8($0) })
      for (place, found) in decoding.images.enumerated() {
        let colors = found.image.indices.map { Palette.nes.colors[Int($0)] }
        let samples = colors.flatMap { [$0.red, $0.green, $0.blue] }
        count.compare(samples, try file.entry("\(name).image.\(place)").uint8s())
      }
    }
    #expect(count == Count(elements: 1725))
  }
}
