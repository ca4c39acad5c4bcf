import Formats
import Foundation

/// The contents of state.json.
struct SavedRun: Codable {
  /// The version of the layout and of the arithmetic of a run.
  let version: Int
  /// What the run learned from, how, and what it had measured.
  let record: TrainingRecord
  /// Where it stood, without its moments.
  let state: TrainingState
  /// What its model was made of.
  let structure: String
  /// What of it was a program's text; nil in files of before it was kept.
  let code: String?
  /// What made its best model the best; nil in files of before it was kept.
  let keep: String?
  /// The SHA-256 of the files beside it.
  let sha256: [String: String]

  init(_ run: TrainingRun, _ state: TrainingState, keep: RunFolder.Measure, sha256: [String: String]) throws {
    (version, record, self.state) = (RunFolder.version, run.record, state)
    (structure, code) = (try run.model.structure, run.model.code)
    (self.keep, self.sha256) = (keep.rawValue, sha256)
  }

  init(contentsOf path: String) throws(FormatError) {
    let bytes = Data(try readFile(path, limit: 1 << 28, expected: "the state of a run"))
    do { self = try JSONDecoder().decode(SavedRun.self, from: bytes) } catch {
      throw FormatError(.malformed, in: path, "is no state of a run: \(TrainingRecord.reason(error))")
    }
  }

  func encoded() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// What makes another run of this one, in words; nil where nothing does.
  func difference(to trainer: Trainer, keep other: RunFolder.Measure) -> String? {
    if version != RunFolder.version { return "it was made by another version of the program" }
    if let difference = record.difference(to: trainer.record()) { return difference }
    if let keep, keep != other.rawValue {
      return TrainingRecord.difference("keep", "\"\(keep)\"", "\"\(other.rawValue)\"")
    }
    return code.flatMap { TrainingRecord.difference(between: $0, and: trainer.model.code) }
  }

  /// What makes another model of its model, in words; nil where nothing does, or nothing is known.
  func difference(to model: any TokenModel) throws -> String? {
    let other = try model.structure
    // What earlier versions kept of layers was their names alone, which is no JSON.
    if structure == other || version < 4 && !structure.hasPrefix("{") { return nil }
    return TrainingRecord.difference(between: structure, and: other) ?? "it is made of other layers"
  }
}

extension TrainingRecord {
  /// What makes another run of this one, in words: other rows or options; nil where nothing does.
  package func difference(to other: TrainingRecord) -> String? {
    for (name, mine, theirs) in [("data", data, Optional(other.data)), ("validate", test, other.test)] {
      guard mine?.sha256 != theirs?.sha256 else { continue }
      func text(_ source: TrainingRecord.Source?) -> String {
        source.map { "\(String(counting: $0.rows, "row")) of \($0.tokens) tokens" } ?? "no rows"
      }
      let (there, here) = (text(mine), text(theirs))
      return Self.difference(name, there, there == here ? "others" : here)
    }
    if teachers != other.teachers {
      func text(_ teachers: [String]?) -> String {
        teachers.map { "models of the weights \($0.map { $0.prefix(8) }.joined(separator: ", "))" } ?? "none"
      }
      return Self.difference("teacher", text(teachers), text(other.teachers))
    }
    for setting in TrainingOptions.settings {
      let (there, here) = (options[setting.name], other.options[setting.name])
      if there != here { return Self.difference(setting.name, there?.shown ?? "not set", here?.shown ?? "not set") }
    }
    return nil
  }

  /// What differs between two descriptions, each an object of JSON; nil where nothing does.
  package static func difference(between there: String, and here: String) -> String? {
    guard there != here else { return nil }
    func fields(_ text: String) -> [JSON.Field] {
      do throws(JSONFault) { return try JSON(Array(text.utf8)).fields ?? [] } catch { return [] }
    }
    return difference(between: fields(there), and: fields(here))
  }

  /// What differs first between the values of some names.
  package static func difference(between there: [JSON.Field], and here: [JSON.Field]) -> String? {
    for name in there.map(\.name) + here.map(\.name) {
      let (mine, theirs) = (there.first { $0.name == name }?.value, here.first { $0.name == name }?.value)
      guard mine != theirs else { continue }
      func text(_ value: JSON?) -> String { value.map { $0.string ?? $0.text(.spaced) } ?? "absent" }
      return difference(name, text(mine), text(theirs))
    }
    return nil
  }

  private static let shown = 120

  fileprivate static func difference(_ name: String, _ there: String, _ here: String) -> String {
    func cut(_ text: String) -> String { text.count > shown ? text.prefix(shown) + "..." : text }
    return "\(ModelConfiguration.scriptName(of: name)) was \(cut(there)) there, and is \(cut(here)) here"
  }
}

extension ModelConfiguration {
  /// What scripts call the setting that has a key in config.json; the key itself of what is none.
  fileprivate static func scriptName(of key: String) -> String {
    func name<Family: ModelFamily>(_ family: Family.Type) -> String? {
      settings(of: family).first { $0.key == key }?.name
    }
    for family in ModelFamilies.all {
      if let name = name(family) { return name }
    }
    return key
  }
}
