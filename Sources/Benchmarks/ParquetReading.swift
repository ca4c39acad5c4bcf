import Formats

/// Reading a parquet file whole, as it is compared with pyarrow.
enum ParquetReading {
  /// The shortest time in which all columns of the file were read.
  static func milliseconds(_ path: String, seconds: Double) throws -> Double {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var best = Duration.seconds(1 << 30)
    repeat {
      let time = try clock.measure {
        let file = try ParquetFile(path)
        for group in file.groups.indices {
          let rows = try file.values(group: group).first?.count ?? 0
          precondition(rows == file.groups[group], "row group \(group) has \(rows) rows")
        }
      }
      best = min(best, time)
    } while clock.now < end
    return best / .milliseconds(1)
  }
}
