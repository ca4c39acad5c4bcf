extension Tensor {
  /// Beside each position of x [batch, time, channels] what a causal convolution reads of the earlier ones: [batch, time,
  /// taps * channels], the position itself last, the others `dilation` apart, zeros before the first.
  public func causalWindows(taps: Int, dilation: Int) -> Tensor {
    precondition(shape.count == 3 && taps > 0 && dilation > 0, "windows of \(shape)")
    let (batch, time, channels) = (shape[0], shape[1], shape[2])
    var windows = [Float](repeating: 0, count: batch * time * taps * channels)
    Self.eachTap(batch, time, taps, dilation) { row, source, tap in
      let place = (row * taps + tap) * channels
      windows.replaceSubrange(place..<place + channels, with: values[source * channels..<(source + 1) * channels])
    }
    let shape = shape
    return .recorded(windows, [batch, time, taps * channels], from: [self]) { gradient in
      var dx = [Float](repeating: 0, count: shape.elementCount)
      Self.eachTap(batch, time, taps, dilation) { row, source, tap in
        let place = (row * taps + tap) * channels
        for c in 0..<channels { dx[source * channels + c] += gradient.values[place + c] }
      }
      return [Tensor(dx, shape)]
    }
  }

  /// Calls `body` with each row, the row that a tap of it reads, and the tap.
  private static func eachTap(
    _ batch: Int, _ time: Int, _ taps: Int, _ dilation: Int, _ body: (Int, Int, Int) -> Void
  ) {
    for b in 0..<batch {
      for t in 0..<time {
        for tap in 0..<taps where t >= (taps - 1 - tap) * dilation {
          body(b * time + t, b * time + t - (taps - 1 - tap) * dilation, tap)
        }
      }
    }
  }
}
