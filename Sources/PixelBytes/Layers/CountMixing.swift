import Safepoint
import Tensors

/// Mixes what a model says of the next token with how often each token followed in the same contexts earlier in the sequence.
///
/// The counts are those of context mixing (Mahoney 2005, PAQ): logits of many simple models are added, each with a weight that
/// depends on the situation. Here the model itself is one of them, and its last vector gives the weights.
public struct CountMixing {
  private let gates: Linear?
  private let measures: Linear?
  private let fills: Bool
  private let measuresCounts: Bool
  private let measuresPlaces: Bool

  /// The bytes, about, that a position adds to counts and features.
  static let workBytes = 2048

  /// Mixing for a model of `width`; with `counts` the parameters `gates`, with them or `places` the parameters `measures`. With
  /// `neighbors` the empty cells of a 3x3 patch hold tokens near the next one.
  public init(_ width: Int, counts: Bool, neighbors: Bool, places: Bool, in scope: ParameterScope) {
    (fills, measuresCounts, measuresPlaces) = (neighbors, counts, places)
    gates = counts ? Linear(width, SequenceCounts.contexts * SequenceCounts.kinds, in: scope["gates"]) : nil
    measures =
      counts || places
      ? Linear(Self.measureCount(counts, places), width, hasBias: false, in: scope["measures"]) : nil
  }

  /// The numbers that are added to the embedding of a position.
  private static func measureCount(_ counts: Bool, _ places: Bool) -> Int {
    (counts ? SequenceCounts.contexts * SequenceCounts.measures : 0) + (places ? SequenceCounts.places : 0)
  }

  /// What is noted of sequences of contexts.
  struct Notes {
    /// The contexts, with neighbors.
    var contexts: ContextBatch
    /// [batch * length, measures]
    var measures: [Float] = []
    /// A row for every position, or for the last of each sequence.
    var features = SparseFeatures()
  }

  /// Reads the contexts of sequences that have come so far.
  func notes(of contexts: ContextBatch, _ positions: Positions, from counts: inout [SequenceCounts]) -> Notes {
    var notes = Notes(contexts: contexts)
    var ids = contexts.ids
    let cells = contexts.shape.cells
    let tokens = contexts.tokens
    for sequence in 0..<contexts.count {
      for position in 0..<contexts.length {
        if Safepoint.mustStop(after: 200) { break }
        let place = sequence * contexts.length + position
        counts[sequence].take(tokens[place])
        if fills {
          for (cell, token) in counts[sequence].neighbors.enumerated() { ids[place * cells + cells - 4 + cell] = token }
        }
        if measuresCounts { counts[sequence].appendMeasures(to: &notes.measures) }
        if measuresPlaces { counts[sequence].appendPlace(to: &notes.measures) }
        guard gates != nil, positions == .all || position == contexts.length - 1 else { continue }
        counts[sequence].addRow(to: &notes.features)
      }
    }
    // What was stopped keeps its shape.
    let rows = contexts.count * contexts.length
    let missing = rows * Self.measureCount(measuresCounts, measuresPlaces) - notes.measures.count
    notes.measures += repeatElement(0, count: missing)
    if gates != nil {
      while notes.features.rows < (positions == .all ? rows : contexts.count) { notes.features.endRow() }
    }
    notes.contexts = ContextBatch(
      ids: ids, count: contexts.count, length: contexts.length, shape: contexts.shape, lengths: contexts.lengths)
    return notes
  }

  /// Vectors [batch, time, width] of an embedding with how much is known of the contexts, and of the place, added.
  func vectors(_ x: Tensor, _ notes: Notes, in pass: Pass) -> Tensor {
    guard let measures else { return x }
    let count = Self.measureCount(measuresCounts, measuresPlaces)
    return x + measures(Tensor(notes.measures, [x.shape[0], x.shape[1], count]), in: pass)
  }

  /// Logits [rows, V] with the counts added, as the last vectors [rows, width] weigh them.
  func logits(_ logits: Tensor, after x: Tensor, _ notes: Notes, in pass: Pass) -> Tensor {
    guard let gates else { return logits }
    return logits.adding(notes.features, gates: gates(x, in: pass))
  }
}
