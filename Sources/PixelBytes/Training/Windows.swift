import Tensors

/// The training windows of token sequences: every `stride`, `length` patches and the token after each.
///
/// Windows wrap round the end of their sequence, so that short ones serve too and an end is followed by its beginning.
public struct Windows: Sendable {
  /// The patches of a window.
  public let length: Int
  private let sequences: [PatchSequence]
  private let places: [(sequence: Int, start: Int)]

  /// The windows of `sequences` that start at 0, stride, 2 stride, ...; empty sequences have none.
  public init(_ sequences: [PatchSequence], length: Int, stride: Int) {
    precondition(length > 0 && stride > 0, "windows have a positive length and stride")
    (self.sequences, self.length) = (sequences, length)
    places = sequences.indices.flatMap { sequence in
      Swift.stride(from: 0, to: sequences[sequence].count, by: stride).map { (sequence, $0) }
    }
  }

  /// The number of windows.
  public var count: Int { places.count }

  /// The windows `indices` as inputs [n, length, 3, 3] and the token that follows each position, [n * length].
  package func batch(_ indices: some Collection<Int>) -> (inputs: PatchBatch, next: [Int32]) {
    var ids: [UInt8] = []
    var next: [Int32] = []
    ids.reserveCapacity(indices.count * length * 9)
    next.reserveCapacity(indices.count * length)
    for index in indices {
      let (sequence, start) = places[index]
      let (source, size) = (sequences[sequence].ids, sequences[sequence].count)
      var position = start
      var left = length
      while left > 0 {
        let run = min(left, size - position)
        ids += source[position * 9..<(position + run) * 9]
        position = (position + run) % size
        left -= run
      }
      position = start
      for _ in 0..<length {
        position = position + 1 == size ? 0 : position + 1
        next.append(Int32(source[position * 9 + 4]))
      }
    }
    return (PatchBatch(ids: ids, count: indices.count, length: length), next)
  }
}

extension Windows {
  /// The windows as inputs and the one label each that the paper trains on: the token after the last position.
  package func lastTokenBatch(_ indices: some Collection<Int>) -> (inputs: PatchBatch, labels: [Int32]) {
    let (inputs, next) = batch(indices)
    return (inputs, stride(from: length - 1, to: next.count, by: length).map { next[$0] })
  }
}
