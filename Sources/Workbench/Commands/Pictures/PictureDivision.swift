import PixelScript
import Safepoint

/// How many rows or columns pictures are laid out in, or what stands beside the rows and above the columns.
enum PictureDivision: ScriptConvertible {
  case number(Int)
  case labels([String])

  static let scriptName = "whole number or list of strings"

  static func convert(_ value: Value) throws(Stopped) -> PictureDivision? {
    if let number = Int.convert(value) { return .number(number) }
    return try [String].convert(value).map { .labels($0) }
  }

  var scriptValue: Value {
    switch self {
    case .number(let number): .number(number)
    case .labels(let labels): labels.scriptValue
    }
  }

  /// How many there are.
  var count: Int {
    switch self {
    case .number(let number): number
    case .labels(let labels): labels.count
    }
  }

  /// Whether only their number is given.
  var isCount: Bool { if case .number = self { true } else { false } }

  fileprivate var labels: [String]? { if case .labels(let labels) = self { labels } else { nil } }
}

extension ArrangedPictures.Layout {
  /// Rows of pictures with what stands above the columns and before the rows.
  func labelled(_ cells: [[PictureSheet.Cell?]]) throws(ScriptError) -> [[PictureSheet.Cell?]] {
    var result = cells
    if let labels = columns?.labels {
      try check(labels.count, cells.map(\.count).max() ?? 0, "columns")
      result.insert(labels.map { PictureSheet.Cell(picture: nil, text: $0) }, at: 0)
    }
    if let labels = rows?.labels {
      try check(labels.count, cells.count, "rows")
      let corner = Array(repeating: "", count: result.count - cells.count)
      result = zip(corner + labels, result).map { [PictureSheet.Cell(picture: nil, text: $0)] + $1 }
    }
    return result
  }

  private func check(_ labels: Int, _ count: Int, _ name: String) throws(ScriptError) {
    guard labels == count else {
      throw ScriptError(.value, "\(name) are \(count) here, and \(labels) names are given", argument: name)
    }
  }
}
