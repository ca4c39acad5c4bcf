import Tensors

extension ModelConfiguration {
  /// The depth of the best small model so far.
  private static let bestDepth = 3

  /// The best model so far of at most so many parameters (SmallModels.md): a MixMamba, as wide as fits.
  ///
  /// Throws where not even the narrowest fits.
  public static func best(vocabulary: Int = 113, parameters most: Int) throws(ConfigurationError) -> ModelConfiguration
  {
    func count(_ width: Int) throws(ConfigurationError) -> (ModelConfiguration, Int) {
      let configuration = try ModelConfiguration(
        MixMambaFamily(dropout: 0.1), width: width, depth: bestDepth, vocabulary: vocabulary)
      return (configuration, SequenceModel.plan(of: configuration).byteCount / 4)
    }
    let (smallest, least) = try count(1)
    var best = smallest
    guard least <= most else {
      throw ConfigurationError(
        "the smallest such model of \(vocabulary) tokens has \(least) parameters, found \(most)", setting: "parameters")
    }
    // More width is more parameters.
    var widths = 1..<8193
    while widths.count > 1 {
      let middle = (widths.lowerBound + widths.upperBound) / 2
      let (configuration, parameters) = try count(middle)
      let fits = parameters <= most
      if fits { best = configuration }
      widths = fits ? middle..<widths.upperBound : widths.lowerBound..<middle
    }
    return best
  }
}
