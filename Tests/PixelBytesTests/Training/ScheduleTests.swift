import PixelBytes
import Testing

/// The share of the learning rate at every step of a run, from the formulas on paper.
@Suite struct ScheduleTests {
  private func factors(_ schedule: Schedule, of total: Int, warmup: Int) -> [Float] {
    (0..<total).map { schedule.factor(step: $0, of: total, warmup: warmup) }
  }

  private func expect(_ schedule: Schedule, of total: Int, warmup: Int, _ expected: [Float]) {
    let found = factors(schedule, of: total, warmup: warmup)
    #expect(found.count == expected.count)
    for (step, (a, b)) in zip(found, expected).enumerated() {
      #expect(abs(a - b) < 1e-6, "\(schedule), step \(step) of \(total), \(warmup) steps of warm-up")
    }
  }

  @Test func withoutWarmupTheFirstStepIsFull() {
    expect(.constant, of: 4, warmup: 0, [1, 1, 1, 1])
    expect(.linear, of: 4, warmup: 0, [1, 0.75, 0.5, 0.25])
    // (1 + cos(k pi / 4)) / 2, where cos(pi / 4) is 0.70710678.
    expect(.cosine, of: 4, warmup: 0, [1, 0.85355339, 0.5, 0.14644661])
  }

  @Test func warmupRisesEvenlyToItsLastStep() {
    // The first of three steps is a third; the last is full, and so is the one behind it, where the fall begins.
    let rise: [Float] = [1.0 / 3, 2.0 / 3, 1]
    expect(.constant, of: 7, warmup: 3, rise + [1, 1, 1, 1])
    expect(.linear, of: 7, warmup: 3, rise + [1, 0.75, 0.5, 0.25])
    expect(.cosine, of: 7, warmup: 3, rise + [1, 0.85355339, 0.5, 0.14644661])
    for schedule in Schedule.allCases {
      expect(schedule, of: 3, warmup: 1, [1, 1] + factors(schedule, of: 2, warmup: 0)[1...])
    }
  }

  /// The last fifth of ten steps is two: full, full, and half of it before the end; of five steps it is one.
  @Test func warmupStableDecayFallsOverTheLastFifth() {
    expect(.wsd, of: 10, warmup: 2, [0.5, 1, 1, 1, 1, 1, 1, 1, 1, 0.5])
    expect(.wsd, of: 5, warmup: 0, [1, 1, 1, 1, 1])
    expect(.wsd, of: 20, warmup: 0, [Float](repeating: 1, count: 17) + [0.75, 0.5, 0.25])
    #expect(Schedule.wsd.factor(step: 9, of: 9, warmup: 2) == 0)
  }

  @Test func aRunMayEndWithinItsWarmup() {
    for schedule in Schedule.allCases {
      expect(schedule, of: 2, warmup: 2, [0.5, 1])
      expect(schedule, of: 3, warmup: 8, [0.125, 0.25, 0.375])
      expect(schedule, of: 1, warmup: 0, [1])
    }
  }

  @Test func theFallEndsBehindTheLastStep() {
    #expect(Schedule.constant.factor(step: 9, of: 9, warmup: 2) == 1)
    #expect(Schedule.linear.factor(step: 9, of: 9, warmup: 2) == 0)
    #expect(abs(Schedule.cosine.factor(step: 9, of: 9, warmup: 2)) < 1e-7)
  }
}
