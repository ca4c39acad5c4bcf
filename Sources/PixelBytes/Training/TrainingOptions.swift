/// How a model is trained; the defaults are the paper's where it has one.
public struct TrainingOptions: Sendable {
  /// Passes over the training windows.
  public var epochs = 10
  /// Optimizer steps in all; given, it decides in place of `epochs`.
  public var steps: Int?
  /// Windows of one step.
  public var batch = 32
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
  /// How many threads work; the result does not depend on it.
  public var threads = 1

  /// What a number of epochs, steps, windows or tokens may be: the product of two is a number too.
  public static let counts = 1...Int(Int32.max)

  /// The defaults.
  public init() {}

  /// Throws when a value makes no training.
  func check() throws(ConfigurationError) {
    // These are multiplied with one another, the others only compared.
    let counts = [
      ("epochs", epochs), ("steps", steps ?? 1), ("batch", batch), ("sequence", sequence), ("stride", stride),
    ]
    for (name, value) in counts { try ModelConfiguration.check(name, value, Self.counts) }
    for (name, value, least) in [("every", every, 1), ("patience", patience ?? 1, 1), ("warmup", warmup, 0)]
    where value < least {
      throw ConfigurationError("\(name) must be \(least) or more, found \(value)")
    }
    guard rate > 0, rate.isFinite else { throw ConfigurationError("lr must be more than 0, found \(rate)") }
    guard weightDecay >= 0 else { throw ConfigurationError("weight_decay must be 0 or more, found \(weightDecay)") }
    if let clip, !(clip > 0) { throw ConfigurationError("clip must be more than 0, found \(clip)") }
  }
}
