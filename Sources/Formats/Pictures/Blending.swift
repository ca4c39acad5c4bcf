/// How one pixel is drawn on another.
enum Blending {
  /// Draws a pixel over another of which it lets some through.
  @inline(__always)
  static func over(_ source: [UInt8], _ place: Int, _ target: inout [UInt8], _ under: Int) {
    let (above, below) = (Int(source[place + 3]), Int(target[under + 3]))
    if above == 0 { return }
    if above == 255 || below == 0 {
      for channel in 0..<4 { target[under + channel] = source[place + channel] }
      return
    }
    // In units of 1/255 of 1/255.
    let (upper, lower) = (255 * above, below * (255 - above))
    let sum = upper + lower
    for channel in 0..<3 {
      let mixed = Int(source[place + channel]) * upper + Int(target[under + channel]) * lower
      target[under + channel] = UInt8((mixed + sum / 2) / sum)
    }
    target[under + 3] = UInt8((sum + 127) / 255)
  }
}
