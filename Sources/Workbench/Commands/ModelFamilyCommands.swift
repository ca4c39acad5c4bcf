import PixelBytes
import PixelScript
import Tensors

extension CommandGroup {
  /// Making models, one command a family; those of the paper first.
  static func families(_ environment: Environment) -> [Command] {
    ModelFamilies.all.map { family($0, environment) }
  }

  /// The command that makes a model of a family, with first values from its seed or from the session's.
  private static func family<Family: ModelFamily>(_ family: Family.Type, _ environment: Environment) -> Command {
    Command(
      Family.name, Family.summary,
      SettingParameters(ModelConfiguration.settings(of: family), initial: ModelConfiguration(usual: family)),
      Parameter<Int?>("seed", "seed of the first values, in place of the session's"), example: Family.example
    ) { _, configuration, seed in
      try configuration.check()
      let seed = environment.withRandom("initialization", seed: seed) { $0.next() }
      return .object(ModelObject(try SequenceModel(configuration, seed: seed), environment.layers))
    }
  }
}
