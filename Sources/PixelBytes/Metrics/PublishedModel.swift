/// What was published of one of the 15 models of the paper: its configuration, and the figures of its training and evaluation.
///
/// The figures are those of the files `models/2D-EMBED/train_results/*.csv` and `eval_results/*.csv` of fabienfrfr/PixelBytes at commit
/// 7646d6a (2025-01-25). A split of 964 rows was drawn anew in every session, so no two models need have the same test rows; losses are
/// as published, 0.9 to 1.5 % too high (a sum over batches divided by n // 32); hamming, cosine and bleu are of the last models, after 200
/// epochs, on all rows, nine tenths of which they had learned from.
public struct PublishedModel: Sendable {
  /// Its name here.
  public let name: String
  /// The folder of its checkpoint.
  public let folder: String
  /// What it is made of.
  public let configuration: ModelConfiguration
  /// The command that makes it.
  public let line: String
  /// The number of its parameters.
  public let parameters: Int
  /// The epoch of the lowest loss on test rows, and that loss.
  public let bestEpoch: Int, bestTestLoss: Double
  /// After the last epoch, on training rows.
  public let trainLoss: Double, trainAccuracy: Double
  /// After the last epoch, on test rows; f1 is weighted by class.
  public let testLoss: Double, testAccuracy: Double, testF1: Double
  /// Means over 13,740 windows, and their standard deviations.
  public let hamming: Spread, cosine: Spread, bleu: Spread

  /// A mean with its standard deviation (n - 1).
  public typealias Spread = (mean: Double, deviation: Double)

  private init(
    _ name: String, _ folder: String, _ configuration: ModelConfiguration, _ line: String, _ figures: [Double]
  ) {
    (self.name, self.folder, self.configuration, self.line) = (name, folder, configuration, line)
    (parameters, bestEpoch, bestTestLoss) = (Int(figures[0]), Int(figures[1]), figures[2])
    (trainLoss, trainAccuracy, testLoss, testAccuracy, testF1) = (
      figures[3], figures[4], figures[5], figures[6], figures[7]
    )
    (hamming, cosine) = ((figures[8], figures[9]), (figures[10], figures[11]))
    bleu = (figures[12], figures[13])
  }

  private static func configuration(
    _ family: any ModelFamily, width: Int = 81, depth: Int = 2, embedding: EmbeddingKind = .pxby
  ) -> ModelConfiguration {
    var configuration = ModelConfiguration(usual: LSTMFamily.self)
    (configuration.family, configuration.width, configuration.depth) = (family, width, depth)
    configuration.embedding = embedding
    return configuration
  }

  private static func lstm(
    width: Int = 81, state: Int = 64, depth: Int = 2, bidirectional: Bool = true, embedding: EmbeddingKind = .pxby
  ) -> ModelConfiguration {
    configuration(
      LSTMFamily(state: state, bidirectional: bidirectional), width: width, depth: depth, embedding: embedding)
  }

  private static func mamba(depth: Int = 2, bidirectional: Bool = true) -> ModelConfiguration {
    var family = MambaFamily.initial
    family.bidirectional = bidirectional
    return configuration(family, depth: depth)
  }

  /// What was published of a model, by its name, the folder of its checkpoint, or its configuration; nil of any other.
  public static func find(_ name: String, _ configuration: ModelConfiguration?) -> PublishedModel? {
    all.first { $0.name == name || $0.folder == name }
      ?? configuration.flatMap { configuration in all.first { $0.configuration == configuration } }
  }

  /// The figure that was published of a metric: of the test rows after the last epoch, or of what the model went on with.
  public func value(of metric: Metric) -> Double? {
    switch metric {
    case .loss: testLoss
    case .accuracy: testAccuracy
    case .f1: testF1
    default: nil
    }
  }

  /// The figure that was published of what the model went on with.
  public func value(of metric: ContinuationMetric) -> Spread {
    switch metric {
    case .hamming: hamming
    case .cosine: cosine
    case .bleu: bleu
    }
  }

  /// All, in the order of the paper's table.
  public static let all: [PublishedModel] = [
    PublishedModel(
      "ssm_bi_d1", "ssm_bi_pxby_conv_81_dim_64_state_1_layer_last", mamba(depth: 1),
      "mamba(depth: 1)",
      [
        91431, 5, 1.520184, 0.18381, 0.939269, 3.965624, 0.513426, 0.51204, 0.170041, 0.085658, 0.882871, 0.105215,
        0.753447, 0.115439,
      ]),
    PublishedModel(
      "ssm_bi_d2", "ssm_bi_pxby_conv_81_dim_64_state_2_layer_last", mamba(),
      "mamba()",
      [
        164979, 5, 1.499043, 0.08695, 0.970486, 4.480697, 0.540736, 0.534599, 0.15796, 0.073747, 0.896278, 0.095151,
        0.77145, 0.0968,
      ]),
    PublishedModel(
      "ssm_uni_d2", "ssm_uni_pxby_conv_81_dim_64_state_2_layer_last", mamba(bidirectional: false),
      "mamba(bidirectional: false)",
      [
        164817, 5, 1.56925, 0.14777, 0.955483, 4.450637, 0.528179, 0.524797, 0.166037, 0.080592, 0.885845, 0.101831,
        0.760245, 0.105805,
      ]),
    PublishedModel(
      "att_d1", "attention_bi_pxby_conv_81_dim_64_state_1_layer_last",
      configuration(TransformerFamily.initial, depth: 1),
      "transformer(depth: 1)",
      [
        95477, 10, 1.640457, 0.772926, 0.740271, 2.156467, 0.492181, 0.480328, 0.157431, 0.063624, 0.887452, 0.102579,
        0.764872, 0.088029,
      ]),
    PublishedModel(
      "att_d2", "attention_bi_pxby_conv_81_dim_64_state_2_layer_last", configuration(TransformerFamily.initial),
      "transformer()",
      [
        173317, 15, 1.647086, 0.546694, 0.821639, 2.291897, 0.491, 0.474564, 0.158942, 0.065899, 0.886944, 0.103263,
        0.759542, 0.091884,
      ]),
    PublishedModel(
      "rnn_center", "rnn_bi_center_81_dim_64_state_2_layer_last", lstm(embedding: .center),
      "lstm(embedding: \"center\")",
      [
        79218, 15, 1.634108, 0.276524, 0.921875, 2.852453, 0.483918, 0.480397, 0.184993, 0.07406, 0.888156, 0.082874,
        0.750153, 0.093438,
      ]),
    PublishedModel(
      "rnn_ref", "rnn_bi_pxby_81_dim_64_state_2_layer_last", lstm(),
      "lstm()",
      [
        78633, 20, 1.585211, 0.324658, 0.906834, 2.554702, 0.535336, 0.530978, 0.153174, 0.061023, 0.901877, 0.089961,
        0.777343, 0.083348,
      ]),
    PublishedModel(
      "rnn_dim162", "rnn_bi_pxby_conv_162_dim_64_state_2_layer_last", lstm(width: 162),
      "lstm(dim: 162)",
      [
        122508, 15, 1.537645, 0.270633, 0.917668, 2.607278, 0.554315, 0.545135, 0.151516, 0.061937, 0.904507, 0.088657,
        0.778166, 0.083991,
      ]),
    PublishedModel(
      "rnn_dim36", "rnn_bi_pxby_conv_36_dim_64_state_2_layer_last", lstm(width: 36),
      "lstm(dim: 36)",
      [
        63333, 20, 1.545392, 0.355121, 0.898738, 2.434125, 0.537417, 0.532295, 0.151685, 0.060833, 0.904364, 0.089838,
        0.777884, 0.083301,
      ]),
    PublishedModel(
      "rnn_state128", "rnn_bi_pxby_conv_81_dim_128_state_2_layer_last", lstm(state: 128),
      "lstm(state: 128)",
      [
        230505, 10, 1.48694, 0.218611, 0.932091, 2.977813, 0.54077, 0.538859, 0.152569, 0.062923, 0.902617, 0.091468,
        0.775554, 0.086261,
      ]),
    PublishedModel(
      "rnn_state32", "rnn_bi_pxby_conv_81_dim_32_state_2_layer_last", lstm(state: 32),
      "lstm(state: 32)",
      [
        33417, 70, 1.612866, 0.949641, 0.710036, 1.730264, 0.552895, 0.534467, 0.14879, 0.061845, 0.898565, 0.094982,
        0.784805, 0.081744,
      ]),
    PublishedModel(
      "rnn_depth1", "rnn_bi_pxby_conv_81_dim_64_state_1_layer_last", lstm(depth: 1),
      "lstm(depth: 1)",
      [
        45353, 25, 1.561815, 0.945339, 0.716647, 1.71175, 0.556835, 0.542452, 0.14894, 0.062407, 0.897092, 0.09623,
        0.779676, 0.085373,
      ]),
    PublishedModel(
      "rnn_depth3", "rnn_bi_pxby_conv_81_dim_64_state_3_layer_last", lstm(depth: 3),
      "lstm(depth: 3)",
      [
        111913, 15, 1.521279, 0.201043, 0.938393, 2.88674, 0.540185, 0.536794, 0.152831, 0.062836, 0.905544, 0.087382,
        0.775807, 0.086029,
      ]),
    PublishedModel(
      "rnn_linear", "rnn_bi_pxby_noconv_81_dim_64_state_2_layer_last", lstm(embedding: .linear),
      "lstm(embedding: \"linear\")",
      [
        77895, 20, 1.506925, 0.320253, 0.90506, 2.475844, 0.551094, 0.541166, 0.150926, 0.061842, 0.902716, 0.090096,
        0.779014, 0.084106,
      ]),
    PublishedModel(
      "rnn_uni", "rnn_uni_pxby_conv_81_dim_64_state_2_layer_last", lstm(bidirectional: false),
      "lstm(bidirectional: false)",
      [
        86825, 15, 1.500064, 0.272278, 0.918182, 2.50272, 0.548313, 0.53797, 0.153372, 0.06364, 0.904343, 0.088132,
        0.776722, 0.08717,
      ]),
  ]
}
