import Foundation
import FuzzInputs
import PixelScript
import Workbench

/// Puts extreme values into every parameter of every command, and does everything that can be written with each kind of object
/// and each extreme value.
///
/// Commands and parameters are those of the registry, their calls those of the examples, so that new ones are tried too. The
/// outcome must be a value or an error that has a place and is no fault of the program, within the budgets of time and memory.
public final class ParameterTrial: FuzzSubject {
  /// The budgets of each input.
  public static let limits = Limits(time: .seconds(5), memory: 400 << 20)
  /// How long an input may take: the budget, and time to come to an end.
  private static let timeBound = Duration.seconds(7)
  /// What the process may take beside: a quarter of the budget and what is freed late.
  private static let memorySlack = 300 << 20

  /// The most bytes of a message, a help or a note: more is not read.
  private static let textBound = 1000

  private let templates: [String]
  private let folder: String
  private let isAlone: Bool
  private var told: [String: Int] = [:]

  /// Collects what is tried; scripts write below `folder`, which becomes the working folder.
  ///
  /// Time and memory are judged only where the process does nothing else.
  public init(folder: String, isAlone: Bool = true) throws {
    (self.folder, self.isAlone) = (folder, isAlone)
    _ = unsafe mkfifo(folder + "/pipe", 0o600)
    let registry = Session(console: Console(write: { _ in })).registry
    templates = try Self.calls(registry) + Self.uses()
  }

  /// The number of inputs: each template with each value.
  public var count: Int? { templates.count * ExtremeValues.all.count }
  /// Few, since one may take seconds.
  public var portion: Int { 10 * ExtremeValues.all.count }
  /// Values and errors.
  public var answers: [String: Int] { told }
  /// How many ways there are to put a value.
  public var templateCount: Int { templates.count }
  /// How many values there are.
  public static var valueCount: Int { ExtremeValues.all.count }

  /// The number of a template with a value.
  public func number(template: Int, value: Int) -> Int { template * Self.valueCount + value % Self.valueCount }

  private static func calls(_ registry: Registry) throws -> [String] {
    try registry.entries.flatMap(\.forms).flatMap { command -> [String] in
      guard let call = try CommandCall(command) else { return [] }
      return command.signature.indices.flatMap { call.texts(parameter: $0, value: "v") }
    }
  }

  private static func uses() -> [String] {
    ExtremeValues.objects.flatMap { kind, text -> [String] in
      let session = Session(console: Console(write: { _ in }))
      _ = session.run("x = \(text)", name: kind)
      var fields: [String] = []
      if case .object(let object) = session.interpreter.variable("x") { fields = object.fieldNames }
      let all = ExtremeValues.uses + fields.filter { Int($0) == nil }.flatMap { ["x.\($0)\nx.\($0) = v"] }
      return all.map { "x = \(text)\n\($0)" }
    }
  }

  private func text(_ number: Int) -> String {
    let (template, value) = number.quotientAndRemainder(dividingBy: Self.valueCount)
    return "v = \(ExtremeValues.all[value])\n\(templates[template])"
  }

  /// The script.
  public func file(of number: Int) -> (ending: String, bytes: [UInt8]) { (".pxb", Array(text(number).utf8)) }

  /// What is wrong with how an input is answered, or nil.
  public func fault(of number: Int) -> String? {
    guard FileManager.default.changeCurrentDirectoryPath(folder) else { return "there is no folder \(folder)" }
    ProcessUse.forgetPeak()
    let (start, began) = (ProcessUse.now(), ContinuousClock.now)
    let options = SessionOptions(seed: 1, quiet: true, writeFolders: [folder], limits: Self.limits)
    let session = Session(options: options, console: Console(write: { _ in }))
    let outcome = session.run(text(number), name: "trial", echo: true)
    let use = ProcessUse.now()
    // Several threads take more processor time than passes; beside other work more time passes than they take.
    let time = min(use.time - start.time, ContinuousClock.now - began)
    if isAlone, time > Self.timeBound { return "took \(time)" }
    if isAlone, use.memory - start.memory > (Self.limits.memory ?? 0) + Self.memorySlack {
      return "took \((use.memory - start.memory) >> 20) MB"
    }
    told[outcome.diagnostics.isEmpty ? "values" : "errors", default: 0] += 1
    for diagnostic in outcome.diagnostics {
      if diagnostic.kind == .internal { return "an internal error: \(diagnostic.message)" }
      if diagnostic.kind == .syntax { return "no script: \(diagnostic.message)" }
      if diagnostic.location == nil, diagnostic.kind != .interrupted { return "no place: \(diagnostic.message)" }
      let longest = ([diagnostic.message] + diagnostic.help + diagnostic.notes).map(\.utf8.count).max() ?? 0
      if longest > Self.textBound { return "an error with a text of \(longest) bytes" }
      if DiagnosticRenderer(width: 80).text(of: [diagnostic]).isEmpty { return "an error without text" }
    }
    return nil
  }
}
