import Safepoint

/// Numbers of which all may be whole and lie close together, so that a table of all between the smallest and the largest is worth its memory.
struct WholeNumbers {
  private let numbers: [Double]

  init(_ numbers: [Double]) { self.numbers = numbers }

  /// The smallest and the largest; nil where one is not whole, or they are too far apart.
  var closeBounds: (low: Int, high: Int)? {
    get throws {
      let numbers = numbers
      let bounds = try Pieces.parts(numbers.count) { part -> (low: Double, high: Double) in
        var (low, high, areWhole) = (Double.infinity, -Double.infinity, true)
        try Pieces.forEach(part) { piece in
          guard areWhole else { return }
          for place in piece {
            let number = numbers[place]
            areWhole = areWhole && number == number.rounded(.towardZero) && abs(number) < 1e15
            low = min(low, number)
            high = max(high, number)
          }
        }
        return areWhole ? (low, high) : (-.infinity, .infinity)
      }
      let (low, high) = (bounds.reduce(.infinity) { min($0, $1.low) }, bounds.reduce(-.infinity) { max($0, $1.high) })
      guard low <= high, RowKeys.isDense(high - low + 1, numbers.count) else { return nil }
      return (Int(low), Int(high))
    }
  }

  /// The numbers by size, by counting them; nil where one is not whole, or they are too far apart.
  var sorted: [Double]? {
    get throws {
      guard let (low, high) = try closeBounds else { return nil }
      var counts = [Int32](repeating: 0, count: high - low + 1)
      try Pieces.forEach(numbers.count) { for place in $0 { counts[Int(numbers[place]) - low] += 1 } }
      var sorted: [Double] = []
      sorted.reserveCapacity(numbers.count)
      try Pieces.forEach(counts.count) { piece in
        for place in piece { sorted.append(contentsOf: repeatElement(Double(low + place), count: Int(counts[place]))) }
      }
      return sorted
    }
  }
}
