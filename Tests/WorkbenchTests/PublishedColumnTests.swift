import Testing

/// What a table must hold to be saved as the published training logs are, and what is told of each column that it lacks.
@Suite(.serialized) struct PublishedColumnTests {
  private static let columns = [
    "epoch", "train_loss", "train_accuracy", "train_f1", "test_loss", "test_accuracy", "test_f1",
  ]

  private func saved(_ columns: [(name: String, value: String)]) -> String {
    let fields = columns.map { "\($0.name): [\($0.value)]" }.joined(separator: ", ")
    return TestSession().shown("save table({\(fields)}), \"published.csv\", columns: \"published\"")
  }

  /// A column that is not there, or holds no number; the figures of test rows come from `validate:`.
  @Test(arguments: columns, [nil, "nil", "\"a\""]) func everyColumnIsNeeded(name: String, value: String?) {
    let others = Self.columns.filter { $0 != name }.map { (name: $0, value: "1") }
    let told = saved(others + (value.map { [(name: name, value: $0)] } ?? []))
    #expect(told.contains("the published columns need \"\(name)\", of which the table has no values"), "\(told)")
    #expect(told.contains("help: train with validate:") == name.hasPrefix("test"), "\(told)")
  }

  @Test func allOfThemAreEnough() {
    #expect(saved(Self.columns.map { (name: $0, value: "0.25") }) == "")
    #expect(
      TestSession().shown("print read_text(\"published.csv\")")
        == "epoch,train_eval_loss,train_accuracy,train_f1,test_loss,test_accuracy,test_f1\n0.25,0.25,25,0.25,0.25,25,0.25\n\n"
    )
  }
}
