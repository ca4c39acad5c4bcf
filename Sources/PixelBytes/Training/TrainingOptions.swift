import Ranks

/// How a model is trained; the defaults are the paper's where it has one.
public struct TrainingOptions: Configurable {
  /// The recipe whose options these are, where nothing else was given; nil for none.
  public var recipe: Recipe?
  /// Passes over the training windows.
  public var epochs = 10
  /// Optimizer steps in all; given, it decides in place of `epochs`.
  public var steps: Int?
  /// Windows of one step.
  public var batch = 32
  /// Batches of one step: a step goes along the mean gradient of all their windows, as of one batch of so many times the windows.
  public var accumulate = 1
  /// Windows whose gradients are worked out at once, whatever the number of threads; fewer make more parts for more cores, and
  /// each costs a little more. By default 8, or half of a batch of fewer than 16.
  public var part: Int?
  /// The full learning rate.
  public var rate: Float = 1e-3
  /// The most tokens of a window; nil stands for `usualSequence`, or for the longest row where rows are the windows.
  public var sequence: Int?
  /// The most tokens of a window over equal shares of the steps, of which `sequence` is the largest; empty stands for that one alone.
  public var curriculum: [Int] = []
  /// The distance from the start of one window to the next.
  public var stride = 32
  /// How rows are cut into windows; nil stands for what `WindowRule.usual` says of them.
  public var windows: WindowRule?
  /// How the rows to learn from are changed at random.
  public var augment: [Augmentation] = []
  /// Which positions count in the loss.
  public var positions = Positions.last { didSet { leavesPositions = false } }
  /// Whether a recipe, not the user, says which.
  var leavesPositions = false
  /// How gradients become steps.
  public var optimizer = OptimizerKind.adamW
  /// How much of its two moments an optimizer keeps at each step; nil stands for what its paper says.
  public var betas: [Double]?
  /// What is added against division by 0; nil stands for 1e-8.
  public var epsilon: Float?
  /// How much of the last steps SGD or Muon keeps; nil stands for 0 of SGD and 0.95 of Muon.
  public var momentum: Float?
  /// The weight decay; nil stands for 0.01, or 0 of Adam and SGD.
  public var weightDecay: Float?
  /// Which parameters it makes smaller.
  public var decay = DecayRule.all
  /// How the learning rate changes.
  public var schedule = Schedule.constant
  /// Steps over which the learning rate rises at first.
  public var warmup = 0
  /// The largest norm of the gradient, which is scaled down to it.
  public var clip: Float?
  /// The share of a target that all tokens get evenly.
  public var labelSmoothing: Float = 0
  /// How much each token counts as a target; nil stands for all the same.
  public var classWeights: ClassWeights?
  /// The share of a target that teachers say, where there are some; nil stands for 0.5.
  public var teacherShare: Float?
  /// The share of the embedding's numbers that is cleared in training, beside the dropout of the layers.
  public var dropout: Float = 0
  /// The share of an average of the weights that a step keeps; given, it is the average that is measured, and that the model has at
  /// the end.
  public var ema: Float?
  /// Evaluations without a lower test loss before training ends.
  public var patience: Int?
  /// How far it is from one evaluation to the next; there is always one before the first step and one behind the last.
  public var every = EvaluationInterval.epochs(5)
  /// The most windows of each kind that an evaluation measures; the same ones at each.
  public var samples: Int?
  /// The seed of the order of the windows.
  public var seed: UInt64 = 0
  /// The parameters of the optimizer whose rule this is, where one was given: they must be those of the model.
  public var stepped: Set<ObjectIdentifier>?
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
    .choice("recipe", \.recipe, "options to start from: the paper's, or the best so far; others given stand").byName(),
    .count("epochs", \.epochs, counts, "passes over the training windows"),
    .count("steps", \.steps, counts, "optimizer steps in all, in place of epochs")
      .replacing("epochs"),
    .count("batch", \.batch, counts, "windows of one step"),
    .count("accumulate", \.accumulate, counts, "batches whose mean gradient makes one step").byName(),
    .count("part", \.part, counts, "windows worked out at once; 8, or half of a batch below 16"),
    .number("lr", \.rate, .positive, "learning rate"),
    .counts(
      "sequence", \.sequenceValue, counts,
      "most tokens of a window; 128, or the longest row of windows by rows; a list takes shares of the steps"),
    .count("stride", \.stride, counts, "tokens from the start of one circular window to the next"),
    .choice("windows", \.windows, "how rows are cut; \"rows\" where a caption begins them and loss is \"all\""),
    .choices("augment", \.augment, "\"flip\" mirrors pictures, and left and right in captions, half of the time")
      .byName(),
    .choice("loss", \.positions, "which positions count; \"all\" for models of one direction"),
    .choice("optimizer", \.optimizer, "how gradients become steps").byName(),
    .numbers("betas", \.betas, .share, count: 2, "moments kept at a step; [0.9, 0.999], of lion [0.9, 0.99]").byName(),
    .number("eps", \.epsilon, .notNegative, "what adamw, adam and muon add against division by 0; 1e-8").byName(),
    .number("momentum", \.momentum, .share, "what sgd and muon keep of the last steps; 0 and 0.95").byName(),
    .number("weight_decay", \.weightDecay, .notNegative, "weight decay; 0.01, or 0 of adam and sgd"),
    .choice("decay", \.decay, "what decays; \"matrices\" spares biases, norms and embeddings").byName(),
    .choice("schedule", \.schedule, "how the learning rate falls; \"wsd\" over the last fifth of the steps"),
    .count("warmup", \.warmup, 0...Int.max, "steps over which the learning rate rises at first"),
    .number("clip", \.clip, .positiveOrInfinite, "largest norm of the gradient"),
    .number("label_smoothing", \.labelSmoothing, .share, "share of a target that all tokens get evenly").byName(),
    .weights("class_weights", \.classWeights, "a number for each token, or \"balanced\" by the training tokens")
      .byName(),
    .number("teacher_share", \.teacherShare, .share, "share of a target that is what the teachers say; 0.5").byName(),
    .number("dropout", \.dropout, .share, "share of the embedding's numbers cleared, beside the model's dropout")
      .byName(),
    .number("ema", \.ema, .share, "what an average of the weights keeps at a step; it is measured and kept").byName(),
    .count("patience", \.patience, 1...Int.max, "evaluations without a lower loss before training ends"),
    .interval("every", \.every, "epochs, or a text such as \"500 steps\", from one evaluation to the next"),
    .count("samples", \.samples, counts, "most windows that an evaluation measures").byName(),
    .count("seed", \.seedNumber, Int.min...Int.max, "what decides the order of the windows"),
  ]

  private var sequenceValue: SettingValue? {
    get { curriculum.isEmpty ? sequence.map { .count($0) } : .list(curriculum.map { .count($0) }) }
    set {
      curriculum = newValue?.numbers?.map { Int($0) } ?? []
      sequence = if case .count(let count)? = newValue { count } else { curriculum.max() }
    }
  }

  private var seedNumber: Int {
    get { Int(truncatingIfNeeded: seed) }
    set { seed = UInt64(truncatingIfNeeded: newValue) }
  }

  /// The same options with what they leave to the data: how rows are cut, and the tokens of a window.
  func resolved(for training: TokenSequences, _ testing: TokenSequences?) throws -> TrainingOptions {
    var options = try withOptimizer()
    let rule = try windows ?? WindowRule.usual(for: training, positions)
    options.windows = rule
    if !curriculum.isEmpty { options.sequence = curriculum.max() }
    if options.sequence == nil {
      options.sequence =
        rule == .rows ? try max(training.longest, testing?.longest ?? 0, 1) : Self.usualSequence
      if rule == .rows, augment.contains(.flip) {
        options.sequence = max(options.sequence ?? 1, try training.longestMirrored)
      }
    }
    return options
  }

  /// The windows of one step.
  var windowsOfStep: Int { batch * accumulate }

  /// What a model learns by default: the next token, smoothed and weighed as the options say.
  func nextToken(_ rule: WindowRule, for model: any TokenModel, _ training: TokenSequences) throws -> NextToken {
    var objective = try NextToken(positions, rule)
    objective.smoothing = labelSmoothing
    objective.weights = try classWeights?.resolved(for: training, count: model.tokenCount)
    return objective
  }

  /// What teachers say to a model; nil where there are none.
  func teaching(_ teachers: [any TokenModel], of model: any TokenModel, isNextToken: Bool) throws -> Teaching? {
    guard !teachers.isEmpty else {
      guard teacherShare == nil else {
        throw ConfigurationError("teacher_share needs a teacher", setting: "teacher_share")
      }
      return nil
    }
    guard isNextToken else {
      throw ConfigurationError("teachers say the next token, and nothing else", setting: "teacher")
    }
    guard labelSmoothing == 0 else {
      throw ConfigurationError(
        "label_smoothing gives a share of each target to all tokens, and a teacher too: give one of them",
        setting: "label_smoothing")
    }
    return try Teaching(teachers, share: teacherShare ?? 0.5, of: model, positions)
  }

  /// The settings by their names in scripts, those that decide nothing left out.
  var recorded: [String: SettingValue] {
    var values: [String: SettingValue] = [:]
    for setting in Self.settings { values[setting.name] = setting.value(of: self) }
    if steps != nil { values["epochs"] = nil }
    return values
  }
}
