import FuzzInputs
import ParameterTrial
import Testing

/// A part of what `Scripts/fuzz --parameters` tries: every parameter of every command and every use of every kind of object,
/// each with a few of the extreme values, others in each part.
@Suite(.serialized) struct ParameterTrialTests {
  @Test(arguments: 0..<3) func answersOrRefuses(part: Int) throws {
    _ = TestSession()
    let trial = try ParameterTrial(folder: TestSession.folder, isAlone: false)
    #expect(trial.templateCount > 1000)
    for template in 0..<trial.templateCount where template % 3 == part {
      let number = trial.number(template: template, value: template / 3 + part)
      if let fault = trial.fault(of: number) {
        Issue.record("\(fault):\n\(String(decoding: trial.file(of: number).bytes, as: UTF8.self))")
      }
    }
    #expect(trial.answers["values", default: 0] > 50)
  }
}
