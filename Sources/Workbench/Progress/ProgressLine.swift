import Foundation

/// The text of a progress report: a bar that a terminal redraws, or a whole line for a log.
public enum ProgressLine {
  /// Returns the report for a terminal line of `width` columns, never longer than that; parts that find no room are left
  /// out, the bar first, then the figures from the end. A width below 1 counts as unknown and is taken for 80.
  public static func bar(_ report: ProgressReport, width: Int) -> String {
    let width = width < 1 ? 80 : width
    let head = [report.what, percent(report) ?? count(report)]
    var tail = details(report)
    while !tail.isEmpty, (head + tail).joined(separator: "  ").count > width { tail.removeLast() }
    let plain = (head + tail).joined(separator: "  ")
    let room = min(width - plain.count - 2, 30)
    guard room >= 5, let total = report.total, total > 0 else { return String(plain.prefix(width)) }
    let cells = blocks(Double(min(report.done, total)) / Double(total), room)
    return ([report.what, cells, head[1]] + tail).joined(separator: "  ")
  }

  /// Returns the report as a line for a log: plain words, no control bytes, no line end.
  public static func line(_ report: ProgressReport) -> String {
    var parts = ["\(report.what): \(count(report))"]
    if let percent = percent(report) { parts[0] += " (\(percent))" }
    return (parts + details(report)).joined(separator: ", ")
  }

  /// Returns the last line about work that has ended: how much was done in what time.
  public static func summary(_ report: ProgressReport) -> String {
    let ofThem = report.before > 0 ? ", \(report.done - report.before) of them" : ""
    var parts = ["\(report.what): \(report.done) \(report.unit)\(ofThem) in \(duration(report.elapsed))"]
    if let rate = report.rate { parts.append("\(number(rate)) \(report.unit)/s") }
    return (parts + report.metrics.map { "\($0.name) \(number($0.value))" }).joined(separator: ", ")
  }

  /// Returns a number of seconds as people say it, in the two largest units: `2d 14h`, `3m 05s`, `4.2s`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "?" }
    guard seconds < 86_400 * 1000 else { return "over 1000d" }
    if seconds < 9.95 { return String(format: "%.1fs", seconds) }
    let whole = Int(seconds.rounded())
    let (days, hours, minutes) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60)
    if days > 0 { return "\(days)d \(hours)h" }
    if hours > 0 { return "\(hours)h \(twoDigits(minutes))m" }
    if minutes > 0 { return "\(minutes)m \(twoDigits(whole % 60))s" }
    return "\(whole)s"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  private static func percent(_ report: ProgressReport) -> String? {
    guard let total = report.total, total > 0 else { return nil }
    return "\(Int(100 * Double(min(max(report.done, 0), total)) / Double(total)))%"
  }

  private static func count(_ report: ProgressReport) -> String {
    report.total.map { "\(report.done)/\($0) \(report.unit)" } ?? "\(report.done) \(report.unit)"
  }

  private static func details(_ report: ProgressReport) -> [String] {
    var parts = report.metrics.map { "\($0.name) \(number($0.value))" }
    if let remaining = report.remaining { parts.insert("\(duration(remaining)) left", at: 0) }
    if let rate = report.rate { parts.append("\(number(rate)) \(report.unit)/s") }
    return parts
  }

  private static func number(_ value: Double) -> String { NumberForm(of: value).text(value) }

  /// A bar of `width` columns in eighths of a column.
  private static func blocks(_ share: Double, _ width: Int) -> String {
    let eighths = Int((max(share, 0) * Double(width * 8)).rounded(.down))
    let full = String(repeating: "█", count: eighths / 8)
    let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return full + part + String(repeating: "░", count: width - full.count - part.count)
  }
}
