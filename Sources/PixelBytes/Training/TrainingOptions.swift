import Ranks

/// How a model is trained; the defaults are the paper's where it has one.
public struct TrainingOptions: Configurable {
  /// Passes over the training windows.
  public var epochs = 10
  /// Optimizer steps in all; given, it decides in place of `epochs`.
  public var steps: Int?
  /// Windows of one step.
  public var batch = 32
  /// Windows whose gradients are worked out at once, whatever the number of threads; fewer make more parts for more cores, and
  /// each costs a little more. By default 8, or half of a batch of fewer than 16.
  public var part: Int?
  /// The full learning rate.
  public var rate: Float = 1e-3
  /// The most tokens of a window; nil stands for `usualSequence`, or for the longest row where rows are the windows.
  public var sequence: Int?
  /// The distance from the start of one window to the next.
  public var stride = 32
  /// How rows are cut into windows; nil stands for what `WindowRule.usual` says of them.
  public var windows: WindowRule?
  /// Which positions count in the loss.
  public var positions = Positions.last
  /// AdamW's weight decay.
  public var weightDecay: Float = 0.01
  /// How the learning rate changes.
  public var schedule = Schedule.constant
  /// Steps over which the learning rate rises at first.
  public var warmup = 0
  /// The largest norm of the gradient, which is scaled down to it.
  public var clip: Float?
  /// Evaluations without a lower test loss before training ends.
  public var patience: Int?
  /// How far it is from one evaluation to the next; there is always one before the first step and one behind the last.
  public var every = EvaluationInterval.epochs(5)
  /// The seed of the order of the windows.
  public var seed: UInt64 = 0
  /// How many threads work; the result does not depend on it, so it is no setting.
  public var threads = 1
  /// The processes that train together, each with these same options; the result does not depend on them either.
  public var ranks: (any Communicator)?

  /// The tokens of a window where nothing else is said.
  public static let usualSequence = 128

  /// What a number of epochs, steps, windows or tokens may be: the product of two is a number too.
  public static let counts = 1...Int(Int32.max)

  /// The defaults.
  public init() {}

  /// The defaults.
  public static let initial = TrainingOptions()

  /// The settings as `train` takes them.
  public static let settings: [Setting<TrainingOptions>] = [
    .count("epochs", \.epochs, counts, "passes over the training windows"),
    .count("steps", \.steps, counts, "optimizer steps in all, in place of epochs"),
    .count("batch", \.batch, counts, "windows of one step"),
    .count("part", \.part, counts, "windows worked out at once; 8, or half of a batch below 16"),
    .number("lr", \.rate, .positive, "learning rate"),
    .count("sequence", \.sequence, counts, "most tokens of a window; 128, or the longest row of windows by rows"),
    .count("stride", \.stride, counts, "tokens from the start of one circular window to the next"),
    .choice("windows", \.windows, "how rows are cut; \"rows\" where a caption begins them and loss is \"all\""),
    .choice("loss", \.positions, "which positions count; \"all\" for models of one direction"),
    .number("weight_decay", \.weightDecay, .notNegative, "AdamW's weight decay"),
    .choice("schedule", \.schedule, "how the learning rate falls"),
    .count("warmup", \.warmup, 0...Int.max, "steps over which the learning rate rises at first"),
    .number("clip", \.clip, .positiveOrInfinite, "largest norm of the gradient"),
    .count("patience", \.patience, 1...Int.max, "evaluations without a lower loss before training ends"),
    .interval("every", \.every, "epochs, or a text such as \"500 steps\", from one evaluation to the next"),
    .count("seed", \.seedNumber, Int.min...Int.max, "what decides the order of the windows"),
  ]

  private var seedNumber: Int {
    get { Int(truncatingIfNeeded: seed) }
    set { seed = UInt64(truncatingIfNeeded: newValue) }
  }

  /// The same options with what they leave to the data: how rows are cut, and the tokens of a window.
  func resolved(for training: TokenSequences, _ testing: TokenSequences?) throws -> TrainingOptions {
    var options = self
    let rule = try windows ?? WindowRule.usual(for: training, positions)
    options.windows = rule
    if sequence == nil {
      options.sequence =
        rule == .rows ? try max(training.longest, testing?.longest ?? 0, 1) : Self.usualSequence
    }
    return options
  }

  /// The settings by their names in scripts, those that decide nothing left out.
  var recorded: [String: SettingValue] {
    var values: [String: SettingValue] = [:]
    for setting in Self.settings { values[setting.name] = setting.value(of: self) }
    if steps != nil { values["epochs"] = nil }
    return values
  }
}
