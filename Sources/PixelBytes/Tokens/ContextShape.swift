import Safepoint

/// The tokens that a model is shown for one position of a sequence: rows and columns of cells, one of which is predicted.
///
/// The cell that is predicted holds the position's own token; the next token is what this cell holds at the next position.
public struct ContextShape: Equatable, Sendable {
  /// The rows of cells.
  public let rows: Int
  /// The cells of a row.
  public let columns: Int
  /// The cell, counted row by row from 0, that is predicted.
  public let predicted: Int

  /// Creates a shape; one without cells, or without the cell `predicted`, is a programmer's mistake.
  public init(rows: Int = 1, columns: Int, predicted: Int) {
    precondition(rows > 0 && columns > 0, "a context of \(rows) x \(columns) cells")
    precondition((0..<rows * columns).contains(predicted), "cell \(predicted) of \(rows) x \(columns)")
    (self.rows, self.columns, self.predicted) = (rows, columns, predicted)
  }

  /// The patch of the PixelBytes paper: the token in the middle of 3x3 cells, of which the four behind it are always 0.
  public static let patch = ContextShape(rows: 3, columns: 3, predicted: 4)

  /// The number of cells.
  public var cells: Int { rows * columns }
  /// Rows and columns, as tensors of contexts end in them.
  package var dimensions: [Int] { [rows, columns] }

  /// Where the ids of some positions stand among those of a sequence.
  package func places(_ positions: Range<Int>) -> Range<Int> {
    cells * positions.lowerBound..<cells * positions.upperBound
  }

  /// Of ids that are whole contexts, those in the cell that is predicted.
  package func tokens(_ ids: [UInt8]) -> [UInt8] {
    var tokens = [UInt8](repeating: 0, count: ids.count / cells)
    for place in tokens.indices {
      if Safepoint.mustStop(after: 2) { break }
      tokens[place] = ids[place * cells + predicted]
    }
    return tokens
  }
}
