import PixelBytes
import PixelScript

extension WindowRule: ScriptChoice {}

/// The windows that models are measured on.
struct MeasuredWindows {
  let sequence: Int?
  let stride: Int
  let rule: WindowRule?
  let samples: Int?
  let seed: Int
  let prompt: Int
  let tokens: Int
  /// The share of draws over rows that an interval holds.
  var interval: Double?

  /// The parameters of commands about them.
  struct Parameters: CommandParameter {
    private let sequence = Parameter<Int?>(
      "sequence", "most tokens of a window; 128, or the longest row of windows by rows")
    private let stride = Parameter<Int>(
      "stride", "tokens from the start of one circular window to the next", default: 32)
    private let rule = Parameter<WindowRule?>(
      "windows", "how rows are cut; as in the model's last training, else \"circular\"")
    private let samples = Parameter<Int?>(
      "samples", "the most windows to measure on, or rows to draw, write or copy for, drawn by the seed")
    private let seed = Parameter<Int>("seed", "what decides which windows", default: 0)
    private let prompt = Parameter<Int>("prompt", "tokens that hamming, cosine and bleu give a model", default: 64)
    private let tokens = Parameter<Int>("tokens", "tokens that it then goes on for", default: 16)

    var signatures: [Signature] {
      sequence.signatures + stride.signatures + rule.signatures + samples.signatures + seed.signatures
        + prompt.signatures + tokens.signatures
    }

    func accepts(_ slot: Slot) throws -> Bool { try sequence.accepts(slot) }

    func take(from arguments: inout ArgumentReader) throws -> MeasuredWindows {
      let windows = MeasuredWindows(
        sequence: try sequence.take(from: &arguments), stride: try stride.take(from: &arguments),
        rule: try rule.take(from: &arguments), samples: try samples.take(from: &arguments),
        seed: try seed.take(from: &arguments), prompt: try prompt.take(from: &arguments),
        tokens: try tokens.take(from: &arguments))
      try CommandGroup.requireCounts([
        "sequence": windows.sequence ?? 1, "stride": windows.stride, "samples": windows.samples ?? 1,
        "prompt": windows.prompt, "tokens": windows.tokens,
      ])
      return windows
    }
  }

  /// The parameter of commands that tell how far figures may be off.
  static var intervalParameter: Parameter<Double?> {
    Parameter(
      "interval", "a share such as 0.95: adds between what a figure lies in so many of 1,000 draws over rows",
      byName: true)
  }

  /// The same windows with an interval; throws for a share that is none.
  func with(interval share: Double?) throws(ScriptError) -> MeasuredWindows {
    if let share, !(share > 0 && share < 1) {
      throw ScriptError(
        .value, "interval must be between 0 and 1, found \(Display.text(of: share))", argument: "interval")
    }
    var windows = self
    windows.interval = share
    return windows
  }
}
