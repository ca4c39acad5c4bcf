import Testing
import Workbench

@Suite struct ProgressLineTests {
  let report = ProgressReport(
    "train", done: 30, total: 120, unit: "steps", elapsed: 10, rate: 3, metrics: [.init("loss", 2.3456)])

  @Test func drawsABarInTheWidthGiven() {
    #expect(ProgressLine.bar(report, width: 60) == "train  ███▊░░░░░░░░░░░  25%  30s left  loss 2.346  3 steps/s")
    #expect(ProgressLine.bar(report, width: 20) == "train  25%  30s left")
    #expect(ProgressLine.bar(report, width: 5) == "train")
    #expect(ProgressLine.bar(report, width: 0) == ProgressLine.bar(report, width: 80))
  }

  @Test(arguments: [0, 1, 2, 7, 11, 19, 20, 21, 40, 57, 80, 200])
  func neverIsLongerThanTheTerminal(width: Int) {
    for done in [-1, 0, 1, 119, 120, 121, Int.max] {
      var report = report
      report.done = done
      let bar = ProgressLine.bar(report, width: width)
      #expect(bar.count <= (width < 1 ? 80 : width))
      #expect(!bar.unicodeScalars.contains { $0.value < 32 })
    }
  }

  @Test func saysWholeLinesForALog() {
    #expect(ProgressLine.line(report) == "train: 30/120 steps (25%), 30s left, loss 2.346, 3 steps/s")
    #expect(
      ProgressLine.line(ProgressReport("read", done: 5, total: nil, unit: "rows", elapsed: 1)) == "read: 5 rows")
    #expect(ProgressLine.line(ProgressReport("read", done: 0, total: 0, unit: "rows", elapsed: 0)) == "read: 0/0 rows")
    #expect(ProgressLine.summary(report) == "train: 30 steps in 10s, 3 steps/s, loss 2.346")
    #expect(
      ProgressLine.summary(
        ProgressReport("train", done: 30, before: 10, total: 120, unit: "steps", elapsed: 10, rate: 2))
        == "train: 30 steps, 20 of them in 10s, 2 steps/s")
  }

  @Test(
    arguments: [
      (0, "0.0s"), (4.21, "4.2s"), (9.94, "9.9s"), (9.949, "9.9s"), (9.95, "10s"), (9.96, "10s"), (10.4, "10s"),
      (59.5, "1m 00s"),
      (3599.4, "59m 59s"), (3599.5, "1h 00m"), (86_399.4, "23h 59m"), (86_399.5, "1d 0h"), (90_061, "1d 1h"),
      (86_399_999, "999d 23h"),
      (86_400_000, "over 1000d"), (59.4, "59s"), (59.6, "1m 00s"), (185, "3m 05s"), (3599.9, "1h 00m"),
      (224_086, "2d 14h"), (86_400, "1d 0h"), (.infinity, "?"), (.nan, "?"), (-1, "?"), (1e30, "over 1000d"),
    ] as [(Double, String)])
  func saysDurationsInTwoUnits(seconds: Double, text: String) {
    #expect(ProgressLine.duration(seconds) == text)
  }

  @Test func showsFiguresThatAreNoNumbers() {
    let odd = ProgressReport(
      "train", done: 1, total: 2, unit: "steps", elapsed: 1, rate: 0,
      metrics: [.init("a", .nan), .init("b", -.infinity), .init("c", 1e-9), .init("d", 123456), .init("e", 0)])
    #expect(
      ProgressLine.line(odd)
        == "train: 1/2 steps (50%), a nan, b -inf, c 1.00e-09, d 123456, e 0, 0 steps/s")
  }
}
