import Kernels
import Safepoint
import Synchronization

extension Kernel {
  /// The next `count` numbers of a stream in [low, high).
  static func uniform(_ count: Int, _ low: Float, _ high: Float, _ random: inout Random) -> [Float] {
    unsafe drawn(count, draws: 1, &random) { unsafe pb_uniform($0, $1, low, high, $2) }
  }

  /// The next `count` normal numbers of a stream.
  static func normal(_ count: Int, _ random: inout Random) -> [Float] {
    unsafe drawn(count, draws: 2, &random) { unsafe pb_normal($0, $1, $2) }
  }

  /// The next `count` whole numbers of a stream from `low` on, `bound` different ones; nil, with the stream where it was, in the rare case that
  /// one must be drawn twice.
  static func whole(_ count: Int, _ low: Int, _ bound: Int, _ random: inout Random) -> [Float]? {
    let before = random
    let doubts = Atomic<Bool>(false)
    let numbers = unsafe drawn(count, draws: 1, &random) { state, count, numbers in
      var doubtful: Int32 = 0
      unsafe pb_whole(state, count, UInt64(bound), Float(low), numbers, &doubtful)
      if doubtful != 0 { doubts.store(true, ordering: .relaxed) }
    }
    guard doubts.load(ordering: .relaxed) else { return numbers }
    random = before
    return nil
  }

  /// `count` numbers of `draws` draws each, in blocks on several threads: where the stream stands at the start of each follows from
  /// the block before without drawing.
  private static func drawn(
    _ count: Int, draws: Int, _ random: inout Random,
    _ draw: (UnsafeMutablePointer<UInt64>, Int, UnsafeMutablePointer<Float>) -> Void
  ) -> [Float] {
    var numbers = uninitialized(count)
    let size = Random.block / draws
    let blocks = (count + size - 1) / size
    var starts: [Random] = []
    starts.reserveCapacity(blocks)
    for block in 0..<blocks {
      starts.append(random)
      if block + 1 < blocks { random.skipBlock() }
    }
    unsafe numbers.withUnsafeMutableBufferPointer { numbers in
      unsafe starts.withUnsafeMutableBufferPointer { starts in
        guard let numbers = numbers.baseAddress else { return }
        Parallel.pieces(blocks, nanoseconds: count * draws * 2, unit: 1) { part in
          for block in part {
            let (a, b, c, d) = unsafe starts[block].state
            var state = [a, b, c, d]
            let first = block * size
            unsafe draw(&state, min(size, count - first), numbers + first)
            unsafe starts[block].state = (state[0], state[1], state[2], state[3])
          }
        }
      }
    }
    if let last = starts.last { random = last }
    return numbers
  }

  /// Shuffles numbers as `Random.permutation` does, one after the other, until the work must stop.
  static func permute(_ x: inout [Float], _ random: inout Random) {
    let (a, b, c, d) = random.state
    var state = [a, b, c, d]
    unsafe x.withUnsafeMutableBufferPointer { x in
      guard let start = x.baseAddress else { return }
      let piece = 1 << 14
      for end in stride(from: x.count - 1, to: 0, by: -piece) {
        if Safepoint.mustStop(after: 4 * piece) { break }
        unsafe pb_permute(&state, end, min(piece, end), start)
      }
    }
    random.state = (state[0], state[1], state[2], state[3])
  }

  /// So many numbers are compared one by one.
  static let fewNumbers = 16

  /// 1 where elements are among numbers, 0 elsewhere; more than `fewNumbers` stand in ascending order.
  static func memberships(_ x: [Float], _ wanted: [Float]) -> [Float] {
    unsafe x.withUnsafeBufferPointer { x in
      unsafe filled(x.count, nanoseconds: Size.product(x.count, wanted.count > fewNumbers ? 16 : 1)) { y, part in
        var first = part.lowerBound
        while first < part.upperBound, !Safepoint.mustStop(after: 1 << 16) {
          let piece = first..<min(part.upperBound, first + 1 << 12)
          if wanted.count > fewNumbers {
            for k in piece { unsafe y[k] = wanted.holds(x[k]) ? 1 : 0 }
          } else {
            for k in piece { unsafe y[k] = 0 }
            for number in wanted { for k in piece { unsafe y[k] = x[k] == number ? 1 : y[k] } }
          }
          first = piece.upperBound
        }
      }
    }
  }

  /// Places as floats; work that stops leaves zeros.
  static func floats(ofPlaces places: [Int32]) -> [Float] {
    unsafe places.withUnsafeBufferPointer { places in
      unsafe filled(places.count, nanoseconds: places.count / 4) { y, part in
        if Safepoint.mustStop(after: part.count / 4) {
          return unsafe (y + part.lowerBound).update(repeating: 0, count: part.count)
        }
        for k in part { unsafe y[k] = Float(places[k]) }
      }
    }
  }

  /// `count` numbers from `start` on, `step` apart, each the nearest float.
  static func evenly(_ count: Int, from start: Double, step: Double) -> [Float] {
    unsafe filled(count, nanoseconds: count / 8) { y, part in
      unsafe pb_evenly(part.lowerBound, part.count, start, step, y + part.lowerBound)
    }
  }
}

extension [Double] {
  /// The nearest floats, on several threads.
  var rounded: [Float] {
    var result = Kernel.uninitialized(count)
    unsafe withUnsafeBufferPointer { numbers in
      unsafe result.withUnsafeMutableBufferPointer { result in
        guard let numbers = numbers.baseAddress, let result = result.baseAddress else { return }
        Parallel.pieces(count, nanoseconds: count / 2) { part in
          if Safepoint.mustStop(after: part.count / 2) { return }
          let (from, to) = unsafe (numbers + part.lowerBound, result + part.lowerBound)
          for k in 0..<part.count { unsafe to[k] = Float(from[k]) }
        }
      }
    }
    return result
  }
}

extension [Float] {
  /// Whether a number is among these, which stand in ascending order.
  @inline(__always)
  fileprivate func holds(_ number: Float) -> Bool {
    // Every step halves what is left without a branch that no processor could foresee.
    var (first, left) = (0, count)
    while left > 1 {
      let half = left / 2
      first += self[first + half] <= number ? half : 0
      left -= half
    }
    return left == 1 && self[first] == number
  }
}

extension [Float] {
  /// `f` of every element, in pieces; a call costs about `cost` nanoseconds.
  @inline(__always)
  func mapped(cost: Int = 2, _ f: (Float) -> Float) -> [Float] {
    var result = Kernel.uninitialized(count)
    unsafe withUnsafeBufferPointer { x in
      unsafe result.withUnsafeMutableBufferPointer { y in
        Pieces.walk(count, cost: cost) { for k in $0 { unsafe y[k] = f(x[k]) } }
      }
    }
    return result
  }
}
