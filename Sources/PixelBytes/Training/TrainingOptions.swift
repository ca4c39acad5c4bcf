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
  /// The patches of a window.
  public var sequence = 128
  /// The distance from the start of one window to the next.
  public var stride = 32
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
  /// Epochs from one evaluation to the next; the first and the last epoch are always evaluated.
  public var every = 5
  /// The seed of the order of the windows.
  public var seed: UInt64 = 0
  /// How many threads work; the result does not depend on it, so it is no setting.
  public var threads = 1

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
    .count("sequence", \.sequence, counts, "tokens of a window"),
    .count("stride", \.stride, counts, "tokens from the start of one window to the next"),
    .choice("loss", \.positions, "which positions count; \"all\" for models of one direction"),
    .number("weight_decay", \.weightDecay, .notNegative, "AdamW's weight decay"),
    .choice("schedule", \.schedule, "how the learning rate falls"),
    .count("warmup", \.warmup, 0...Int.max, "steps over which the learning rate rises at first"),
    .number("clip", \.clip, .positiveOrInfinite, "largest norm of the gradient"),
    .count("patience", \.patience, 1...Int.max, "evaluations without a lower loss before training ends"),
    .count("every", \.every, 1...Int.max, "epochs from one evaluation to the next"),
    .count("seed", \.seedNumber, Int.min...Int.max, "what decides the order of the windows"),
  ]

  private var seedNumber: Int {
    get { Int(truncatingIfNeeded: seed) }
    set { seed = UInt64(truncatingIfNeeded: newValue) }
  }

  /// The settings by their names in scripts, those that decide nothing left out.
  var recorded: [String: SettingValue] {
    var values: [String: SettingValue] = [:]
    for setting in Self.settings { values[setting.name] = setting.value(of: self) }
    if steps != nil { values["epochs"] = nil }
    return values
  }
}
