import PixelBytes
import PixelScript

extension CommandGroup {
  static var published: Command {
    Command(
      "published",
      "Gives what was published of the paper's 15 models: after 200 epochs on test rows that were drawn anew for each, and what "
        + "they went on with on all rows.",
      example: """
        t = published()
        print len(t), t[t.model == "rnn_ref"].line, t[t.model == "rnn_ref"].bleu  # expect: 15 ["lstm()"] [0.777343]
        """
    ) { _ in
      let names = ContinuationMetric.allCases
      let columns =
        ["model", "line", "parameters", "best_epoch", "best_test_loss", "train_loss", "train_accuracy"]
        + ["test_loss", "test_accuracy", "test_f1"] + names.flatMap { [$0.rawValue, "\($0.rawValue)_std"] }
      let rows = PublishedModel.all.map { model -> [Value] in
        let figures = [
          model.bestTestLoss, model.trainLoss, model.trainAccuracy, model.testLoss, model.testAccuracy, model.testF1,
        ]
        let spreads = names.flatMap { [model.value(of: $0).mean, model.value(of: $0).deviation] }
        return [.string(model.name), .string(model.line), .number(model.parameters), .number(model.bestEpoch)]
          + (figures + spreads).map { .number($0) }
      }
      return .object(TableObject(columns: columns, rows: rows))
    }
  }
}
