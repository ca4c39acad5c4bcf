import Foundation

/// The README.md of a checkpoint as the Hugging Face Hub shows it: what the model is, what it learned from, how well it does,
/// and how it is loaded. The same model gives the same text, which holds no dates and no paths.
public struct ModelCard {
  /// The most runs that are told, the last ones.
  private static let shownRuns = 10
  private let model: SequenceModel

  /// Returns a license as the Hub names them; throws for what can be no such name.
  public static func checked(license: String) throws(ConfigurationError) -> String {
    let characters = Set("abcdefghijklmnopqrstuvwxyz0123456789.-+")
    guard (1...64).contains(license.count), license.allSatisfy(characters.contains) else {
      throw ConfigurationError(
        "license should be a name of the Hugging Face Hub such as mit, apache-2.0 or cc-by-4.0, found \(license)")
    }
    return license
  }

  /// Describes a model.
  public init(_ model: SequenceModel) { self.model = model }

  private var family: any ModelFamily { model.configuration.family }
  private var familyName: String { type(of: family).name }

  /// The whole text.
  public var text: String {
    // The prompt and the classes in PyTorch read patches alone.
    let uses = model.contextShape == .patch ? [use] : []
    return ([frontMatter, heading, settings] + training + uses).joined(separator: "\n\n") + "\n"
  }

  private var frontMatter: String {
    var lines = ["---"]
    if let license = model.license { lines.append("license: \(Self.quoted(license))") }
    lines += ["library_name: pixelbytes", "tags:", "- pixelbytes", "- \(familyName)", "- pixel-art"]
    if let run = model.training.last, let test = run.test, let score = run.evaluations.last?.test {
      let name = Self.quoted(test.name ?? "unnamed")
      let measured = run.ownObjective.map { Self.quoted($0) } ?? "next token"
      lines += ["model-index:", "- name: pixelbytes-\(familyName)", "  results:", "  - task:"]
      lines += ["      type: text-generation", "      name: \(measured)", "    dataset:"]
      lines += ["      type: \(name)", "      name: \(name)", "    metrics:"]
      for (type, value) in [("loss", score.loss), ("accuracy", score.accuracy), ("f1", score.f1)] {
        lines += ["    - type: \(type)", "      value: \(Self.rounded(value))"]
      }
    }
    return (lines + ["---"]).joined(separator: "\n")
  }

  private var heading: String {
    let shape = model.contextShape
    return """
      # PixelBytes \(familyName)

      Text and pixel sprites as one sequence of tokens: patches of \(shape.rows) x \(shape.columns) tokens in, the next of \
      \(model.configuration.vocabulary) tokens out.
      """
  }

  private var settings: String {
    let it = model.configuration
    var rows = [
      ("model", familyName), ("class in PyTorch", type(of: family).architecture), ("dim", "\(it.width)"),
      ("depth", "\(it.depth)"),
    ]
    rows += family.settings.map { ($0.name, Self.text(of: $0.value)) }
    rows += [("embedding", it.embedding.rawValue), ("vocabulary", vocabulary)]
    rows += [
      ("parameters", Self.grouped(model.parameterCount)), ("operations a token", Self.grouped(model.operations)),
    ]
    return Self.table(["setting", "value"], rows.map { [$0.0, $0.1] })
  }

  private var vocabulary: String {
    guard let known = model.vocabulary else { return "\(model.configuration.vocabulary) tokens" }
    let kinds = [
      (known.bytes.count, "of text"), (known.palette.colors.count, "colors"), (known.values.count, "values"),
    ]
    let parts = kinds.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return "\(known.count) tokens: \(parts) (vocabulary.json)"
  }

  private var training: [String] {
    guard !model.training.isEmpty else { return ["## Training\n\nNo run of `train` is known for this model."] }
    let about = """
      ## Training

      What `train` did, in order; of other changes to the weights nothing is known. A hash is that of every row's number of \
      tokens, as 8 bytes with the lowest first, and its tokens, a byte each.
      """
    let skipped = max(model.training.count - Self.shownRuns, 0)
    let note = skipped == 0 ? [] : ["The runs before number \(skipped + 1) are in training.json."]
    return [about] + note
      + model.training.enumerated().dropFirst(skipped).flatMap { index, run in text(of: run, number: index + 1) }
  }

  private func text(of run: TrainingRecord, number: Int) -> [String] {
    let sources = [("training", run.data)] + (run.test.map { [("test", $0)] } ?? [])
    let data = Self.table(
      ["rows for", "data", "rows", "tokens", "SHA-256"],
      sources.map { use, source in
        [
          use, Self.inline(source.name ?? "unnamed"), Self.grouped(source.rows), Self.grouped(source.tokens),
          Self.inline(source.sha256),
        ]
      })
    let options = run.options.filter { $0.key != "steps" }.sorted { $0.key < $1.key }
    let words = options.map { "\(Self.inline($0.key)) \(Self.inline(Self.text(of: $0.value)))" }
    let steps = "\(Self.grouped(run.steps)) steps; \(words.joined(separator: ", "))."
    let teachers = run.teachers.map { teachers in
      "Taught by models whose weights have the SHA-256 " + teachers.map(Self.inline).joined(separator: ", ") + "."
    }
    return ["### Run \(number)", data, steps] + (teachers.map { [$0] } ?? [])
      + (run.evaluations.last.map { [Self.text(of: $0, run)] } ?? [])
  }

  private static func text(of evaluation: TrainingRecord.Evaluation, _ run: TrainingRecord) -> String {
    let scores = [("training", evaluation.train)] + (evaluation.test.map { [("test", $0)] } ?? [])
    let measured = run.ownObjective.map { "the objective \(inline($0))" } ?? "the next token"
    return "After epoch \(evaluation.epoch.brief), of \(measured):\n\n"
      + table(
        ["rows", "loss", "accuracy", "F1"],
        scores.map { [$0, rounded($1.loss), rounded($1.accuracy), rounded($1.f1)] })
  }

  private var use: String {
    """
    ## Use

    At the prompt or in a script of PixelBytes, with the path of this folder:

    ```
    net = load_model("model")
    show generate(net, prompt: "a red cat", tokens: 256)
    ```

    In PyTorch, with Scripts/pytorch_models.py of PixelBytes:

    ```python
    from pytorch_models import load

    model = load("model")  # \(type(of: family).architecture), filled strictly
    logits = model(ids)  # patches [batch, length, 3, 3] to [batch, \(model.configuration.vocabulary)]
    ```
    """
  }
}

extension ModelCard {
  private static func table(_ columns: [String], _ rows: [[String]]) -> String {
    let rule = columns.map { _ in "---" }
    return ([columns, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  private static func text(of value: SettingValue) -> String {
    switch value {
    case .count(let value): "\(value)"
    case .fraction(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .text(let value): value
    case .list(let values): "[\(values.map { text(of: $0) }.joined(separator: ", "))]"
    }
  }

  /// Four decimal places.
  private static func rounded(_ value: Double) -> String {
    value.isFinite ? "\((value * 10_000).rounded() / 10_000)" : "\(value)"
  }

  /// 12345 as 12,345.
  private static func grouped(_ number: Int) -> String {
    let digits = Array("\(number)")
    return String(
      digits.enumerated().flatMap { place, digit in
        place > 0 && digits[place - 1] != "-" && (digits.count - place) % 3 == 0 ? [",", digit] : [digit]
      })
  }

  /// A text as part of a line of Markdown: nothing in it means anything to Markdown or HTML.
  private static func inline(_ text: String) -> String {
    let plain = text.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } ? " " : String($0) }.joined()
    return plain.map { #"\`*[]<>|#&"#.contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  /// A text between quotation marks, as YAML and JSON read it.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 32 || scalar.value == 127: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
