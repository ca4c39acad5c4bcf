import Safepoint

/// Strings of hosts, of which a long one may be cut short when the run must stop.
extension StringBox {
  /// The string as a host sees it; of a long one only a part when the run must stop meanwhile.
  var text: String {
    guard size > Machine.bytesAPiece else { return unsafe String(decoding: bytes, as: UTF8.self) }
    var text = ""
    text.reserveCapacity(size)
    var start = 0
    while start < size, start == 0 || !StringBox.mustEnd {
      var end = min(start + Machine.bytesAPiece, size)
      while unsafe end < size && end > start && storage[end] & 0xc0 == 0x80 { end -= 1 }
      unsafe text += String(decoding: bytes[start..<end], as: UTF8.self)
      start = end
    }
    return text
  }

  /// Copies bytes in pieces; returns how many, not all of them when the run must stop.
  static func copy(
    _ source: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    guard let start = source.baseAddress, let place = target.baseAddress else { return 0 }
    var done = 0
    while done < source.count, done == 0 || !mustEnd {
      let part = min(source.count - done, Machine.bytesAPiece)
      unsafe (place + done).update(from: start + done, count: part)
      done += part
    }
    return done
  }

  /// True when the run is over: it was interrupted or is out of time, which nothing takes back.
  private static var mustEnd: Bool {
    guard let reason = Safepoint.watch?.reason else { return false }
    return reason != .memory
  }
}
