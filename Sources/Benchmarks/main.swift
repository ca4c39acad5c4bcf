import Foundation

/// Usage: Benchmarks [--seconds S] [--plain] [name ...]
///
/// Prints the median rate of each benchmark, by default of all, and the peak memory of the process after it. With
/// `--plain` a line is just the rate and the memory, for Scripts/bench to read.
let all: [Benchmark] = [.training, .trainingAll, .generation]
var names: [String] = []
var seconds = 5.0
var isPlain = false
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--plain": isPlain = true
  case "--seconds":
    guard let value = arguments.popFirst().flatMap(Double.init), value > 0 else { usage("--seconds needs a number") }
    seconds = value
  default: names.append(argument)
  }
}

@MainActor func usage(_ fault: String) -> Never {
  let known = all.map(\.name).joined(separator: " ")
  FileHandle.standardError.write(
    Data("\(fault)\nusage: Benchmarks [--seconds S] [--plain] [name ...]\nnames: \(known)\n".utf8))
  exit(2)
}

if let stranger = names.first(where: { name in !all.contains { $0.name == name } }) {
  usage("no benchmark is named \(stranger)")
}
for benchmark in all where names.isEmpty || names.contains(benchmark.name) {
  let rate = try benchmark.rate(seconds: seconds)
  let shown = rate.formatted(.number.precision(.fractionLength(1)).grouping(.never))
  let memory = try peakMemory()
  let name = benchmark.name.padding(toLength: 14, withPad: " ", startingAt: 0)
  print(isPlain ? "\(shown) \(memory)" : "\(name) \(shown) \(benchmark.unit)/s, peak memory \(memory) MB")
}
