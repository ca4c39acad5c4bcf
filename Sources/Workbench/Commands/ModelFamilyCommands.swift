import PixelBytes
import PixelScript
import Tensors

extension CommandGroup {
  /// Making models, one command a family; those of the paper first.
  static func families(_ environment: Environment) -> [Command] {
    ModelFamilies.all.map { family($0, environment) } + [bestModel(environment)]
  }

  private static func bestModel(_ environment: Environment) -> Command {
    Command(
      "best_model", "Makes the best model so far of at most so many parameters: a `mixmamba` as wide as fits.",
      Parameter<Int>("vocabulary", "number of tokens", default: 113),
      Parameter<Int>("parameters", "the most parameters", default: 100_000),
      Parameter<Int?>("seed", "seed of the first values, in place of the session's"),
      example: """
        net = best_model(parameters: 20_000)
        print net.config.depth, describe(net)[-1].count <= 20_000  # expect: 3 true
        """
    ) { _, vocabulary, parameters, seed in
      let configuration = try ModelConfiguration.best(vocabulary: vocabulary, parameters: parameters)
      return .object(try ModelObject(configuration, seed: seed, environment))
    }
  }

  /// The command that makes a model of a family, with first values from its seed or from the session's.
  private static func family<Family: ModelFamily>(_ family: Family.Type, _ environment: Environment) -> Command {
    Command(
      Family.name, Family.summary,
      SettingParameters(ModelConfiguration.settings(of: family), initial: ModelConfiguration(usual: family)),
      Parameter<Int?>("seed", "seed of the first values, in place of the session's"), example: Family.example
    ) { _, configuration, seed in
      try configuration.check()
      return .object(try ModelObject(configuration, seed: seed, environment))
    }
  }
}
