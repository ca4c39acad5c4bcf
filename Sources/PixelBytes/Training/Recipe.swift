/// A set of training options that has a name: each is what `TrainingOptions` then starts from, and can still be given.
public enum Recipe: String, CaseIterable, Sendable {
  /// The published one to the letter (PixelBytes paper, its comparison of 15 models).
  case paper
  /// The best so far, for models of any family, found by the runs that SmallModels.md tells of.
  case best

  /// The options that it sets, by their names in scripts; the others are as ever.
  public var options: KeyValuePairs<String, SettingValue> {
    switch self {
    case .paper:
      [
        "epochs": .count(200), "batch": .count(32), "lr": .fraction(1e-3), "sequence": .count(256),
        "stride": .count(32),
        "windows": .text("circular"), "loss": .text("last"), "optimizer": .text("adamw"),
        "betas": .list([.fraction(0.9), .fraction(0.999)]), "weight_decay": .fraction(0.01), "decay": .text("all"),
        "schedule": .text("constant"), "warmup": .count(0), "every": .count(5),
      ]
    case .best:
      [
        "epochs": .count(16), "batch": .count(16), "lr": .fraction(4e-3), "sequence": .count(256), "stride": .count(67),
        "windows": .text("circular"), "augment": .list([.text("flip")]), "loss": .text("all"),
        "optimizer": .text("adamw"), "weight_decay": .fraction(0.5), "decay": .text("matrices"),
        "schedule": .text("linear"), "warmup": .count(100), "clip": .count(1),
      ]
    }
  }
}

extension TrainingOptions {
  /// Starts anew from the options of a recipe where there is one: all that is given stands beside it and comes behind.
  public mutating func follow() throws(ConfigurationError) {
    guard let recipe else { return }
    let (stepped, optimizer) = (stepped, optimizer)
    self = .initial
    (self.recipe, self.stepped) = (recipe, stepped)
    // Another optimizer has numbers of its own.
    let own =
      recipe.options.contains { $0.key == "optimizer" && $0.value != .text(optimizer.rawValue) } ? ["betas"] : []
    for (name, value) in recipe.options where !own.contains(name) {
      for setting in Self.settings where setting.name == name { try setting.set(value, of: &self) }
    }
    leavesPositions = true
  }

  /// The same options with the last position alone where a recipe says all of them and the model reads both ways.
  func fitting(_ model: any TokenModel) -> TrainingOptions {
    guard leavesPositions, positions == .all else { return self }
    do { try model.check(.all) } catch {
      var options = self
      options.positions = .last
      return options
    }
    return self
  }
}
