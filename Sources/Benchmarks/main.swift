import Foundation
import Tensors

/// Usage: Benchmarks [--seconds S] [--plain | --processor] [name ...]
///        Benchmarks --language [--rounds N] [name ...]
///        Benchmarks --language commands [name ...]
///        Benchmarks [--seconds S] --parquet FILE
///
/// Prints the median rate of each benchmark, by default of all, and the peak memory of the process after it. With
/// `--plain` a line is just the rate and the memory, for Scripts/bench to read, with `--processor` the milliseconds of processor time
/// that a unit takes at best, over all threads. With `--language` it times programs in the
/// language beside the same in Python and Lua, or every command on plain values beside Python. With `--parquet` it prints the milliseconds in which a file is read at best.
FreedMemory.keep()
let all: [Benchmark] =
  Benchmark.models + [
    .quantizing, .quantizingParallel, .pixelizing, .pixelizingParallel, .sprites, .building,
  ]
var names: [String] = []
var seconds = 5.0
var isPlain = false
var isProcessor = false
var comparison: LanguageComparison?
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--plain": isPlain = true
  case "--processor": isProcessor = true
  case "--seconds":
    guard let value = arguments.popFirst().flatMap(Double.init), value > 0 else { usage("--seconds needs a number") }
    seconds = value
  case "--language": comparison = LanguageComparison()
  case "--parquet":
    guard let path = arguments.popFirst() else { usage("--parquet needs a file") }
    print(try ParquetReading.milliseconds(path, seconds: seconds).formatted(.number.precision(.fractionLength(1))))
    exit(0)
  case "--rounds":
    guard let value = arguments.popFirst().flatMap({ Int($0) }), value > 0 else { usage("--rounds needs a number") }
    comparison?.rounds = value
  default: names.append(argument)
  }
}

@MainActor func usage(_ fault: String) -> Never {
  FileHandle.standardError.write(
    Data(
      """
      \(fault)
      usage: Benchmarks [--seconds S] [--plain | --processor] [name ...]
             Benchmarks --language [--rounds N] [name ...]
             Benchmarks --language commands [name ...]
             Benchmarks [--seconds S] --parquet FILE
      names: \(all.map(\.name).joined(separator: " "))
      with --language: \(LanguageProgram.all.map(\.name).joined(separator: " "))

      """.utf8))
  exit(2)
}

if comparison != nil, names.first == "commands" {
  try CommandComparison("Scripts/command_speed.txt").run(Array(names.dropFirst()))
  exit(0)
}
let known = comparison == nil ? all.map(\.name) : LanguageProgram.all.map(\.name)
if let stranger = names.first(where: { !known.contains($0) }) { usage("no benchmark is named \(stranger)") }
if let comparison {
  try comparison.run(LanguageProgram.all.filter { names.isEmpty || names.contains($0.name) })
  exit(0)
}
for benchmark in all where names.isEmpty || names.contains(benchmark.name) {
  let rate = try benchmark.rate(seconds: seconds)
  if isProcessor {
    print(rate.processor.formatted(.number.precision(.fractionLength(2)).grouping(.never)))
    continue
  }
  let shown = rate.median.formatted(.number.precision(.fractionLength(1)).grouping(.never))
  let memory = try peakMemory()
  let name = benchmark.name.padding(toLength: 30, withPad: " ", startingAt: 0)
  print(isPlain ? "\(shown) \(memory)" : "\(name) \(shown) \(benchmark.unit)/s, peak memory \(memory) MB")
}
