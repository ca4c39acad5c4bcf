import Foundation
import PixelBytes

/// One thing to time: its answer is checked before, so that no wrong program is praised for its speed.
struct Benchmark: Sendable {
  /// The name to choose it by.
  let name: String
  /// What is counted, such as "steps".
  let unit: String
  /// Prepares the work, throws when its answer is wrong, and gives a piece of work that tells how many units it did.
  let prepare: @Sendable () throws -> () throws -> Int

  /// The median rate of pieces of work over about `seconds`, in units per second, and the least processor time of a unit, in
  /// milliseconds over all threads, which other work on the machine changes less.
  func rate(seconds: Double) throws -> (median: Double, processor: Double) {
    let work = try prepare()
    _ = try work()  // Warms caches and the processor's clock.
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var rates: [Double] = [], processor = Double.infinity
    repeat {
      var count = 0
      let before = processorSeconds()
      let time = try clock.measure { count = try work() }
      rates.append(Double(count) / time.seconds)
      processor = min(processor, (processorSeconds() - before) * 1000 / Double(count))
    } while clock.now < end
    return (rates.sorted()[rates.count / 2], processor)
  }
}

/// An answer that is not what it must be.
struct WrongAnswer: Error, CustomStringConvertible {
  let description: String

  static func check(_ holds: Bool, _ what: String) throws {
    if !holds { throw WrongAnswer(description: "wrong answer: \(what)") }
  }
}

/// The largest resident memory of this process so far, in MB, as the kernel tells it.
func peakMemory() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
    throw WrongAnswer(description: "/proc/self/status does not tell the peak memory")
  }
  return kilobytes / 1024
}

/// The seconds of processor time of this process so far, which C counts in millionths.
private func processorSeconds() -> Double { Double(clock()) / 1e6 }
