import Kernels

extension Kernel {
  /// Floats from one row of `channels` numbers to the next where no vector may cross a row's end.
  package static func rowStride(_ channels: Int) -> Int { pb_row_stride(channels) }

  static func softplus(_ x: [Float]) -> [Float] {
    var y = uninitialized(x.count)
    unsafe pb_softplus(x.count, x, &y)
    return y
  }

  /// dy * sigmoid(x)
  static func softplusBackward(_ x: [Float], _ dy: [Float]) -> [Float] {
    precondition(x.count == dy.count)
    var dx = uninitialized(x.count)
    unsafe pb_softplus_backward(x.count, x, dy, &dx)
    return dx
  }

  /// y * silu(z)
  static func gate(_ y: [Float], _ z: [Float]) -> [Float] {
    precondition(y.count == z.count)
    var out = uninitialized(y.count)
    unsafe pb_gate(y.count, y, z, &out)
    return out
  }

  static func gateBackward(_ y: [Float], _ z: [Float], _ gradient: [Float]) -> (y: [Float], z: [Float]) {
    precondition(y.count == z.count && gradient.count == y.count)
    var (dy, dz) = (uninitialized(y.count), uninitialized(y.count))
    unsafe pb_gate_backward(y.count, y, z, gradient, &dy, &dz)
    return (dy, dz)
  }

  /// y * silu(z) + s * (1 - sigmoid(z)) over rows of `rowStride` floats.
  static func forgetGate(_ y: [Float], _ s: [Float], _ z: [Float]) -> [Float] {
    precondition(y.count == z.count && s.count == y.count && y.count % rowStride(1) == 0)
    var out = uninitialized(y.count)
    unsafe pb_forget_gate(y.count, y, s, z, &out)
    return out
  }

  static func forgetGateBackward(
    _ y: [Float], _ s: [Float], _ z: [Float], _ gradient: [Float]
  ) -> (y: [Float], s: [Float], z: [Float]) {
    precondition(y.count == z.count && s.count == y.count && gradient.count == y.count && y.count % rowStride(1) == 0)
    var (dy, ds, dz) = (uninitialized(y.count), uninitialized(y.count), uninitialized(y.count))
    unsafe pb_forget_gate_backward(y.count, y, s, z, gradient, &dy, &ds, &dz)
    return (dy, ds, dz)
  }

  /// A causal depthwise convolution over rows of `rowStride(channels)` floats.
  struct Convolution {
    let batch, time, channels, width: Int
    let reverse: Bool
    let weight, bias: [Float]

    private var rows: Int { batch * time * rowStride(channels) }

    /// Runs `body` with the sizes and weights as the kernels take them.
    private func withC(accumulate: Bool = false, _ body: (borrowing pb_convolution, inout [Float]) -> Void) {
      precondition(weight.count == channels * width && bias.count == channels && width > 0)
      var scratch = uninitialized(pb_convolution_scratch(time, channels, width))
      unsafe weight.withUnsafeBufferPointer { weight in
        unsafe bias.withUnsafeBufferPointer { bias in
          let c = unsafe pb_convolution(
            batch: batch, time: time, channels: channels, width: width, reverse: reverse ? 1 : 0,
            accumulate: accumulate ? 1 : 0, weight: weight.baseAddress, bias: bias.baseAddress)
          unsafe body(c, &scratch)
        }
      }
    }

    /// silu of the convolution, from a beginning of zeros.
    func silu(_ x: [Float]) -> [Float] {
      precondition(x.count == rows)
      var y = uninitialized(rows)
      unsafe withC { c, scratch in
        unsafe withUnsafePointer(to: c) { unsafe pb_convolution_silu($0, x, nil, &y, &scratch) }
      }
      return y
    }

    /// The same after the inputs in `window`, which moves on.
    func silu(_ x: [Float], after window: inout [Float]) -> [Float] {
      precondition(x.count == rows && window.count == batch * (width - 1) * rowStride(channels) && !reverse)
      var y = uninitialized(rows)
      unsafe withC { c, scratch in
        unsafe withUnsafePointer(to: c) { unsafe pb_convolution_silu($0, x, &window, &y, &scratch) }
      }
      return y
    }

    /// The gradient of `silu`: that of x goes into `dx`, the others are returned.
    func backward(
      _ x: [Float], _ dy: [Float], into dx: inout [Float], accumulate: Bool
    ) -> (weight: [Float], bias: [Float]) {
      precondition(x.count == rows && dy.count == rows && dx.count == rows)
      var dweight = [Float](repeating: 0, count: weight.count)
      var dbias = [Float](repeating: 0, count: bias.count)
      unsafe withC(accumulate: accumulate) { c, scratch in
        unsafe withUnsafePointer(to: c) {
          unsafe pb_convolution_silu_backward($0, x, dy, &dx, &dweight, &dbias, &scratch)
        }
      }
      return (dweight, dbias)
    }
  }

  /// A selective scan over rows of `rowStride(channels)` floats; `a` is padded by `paddedRates`.
  struct Scan {
    let batch, time, channels, state: Int
    let reverse: Bool
    /// Floats from one row of B and C to the next, and from a row's start to its B.
    let stride, offset: Int
    let u, delta, a, selection, skip: [Float]

    private var rows: Int { batch * time * rowStride(channels) }
    /// The floats of the state of all sequences.
    var stateCount: Int { batch * channels * rowStride(state) }
    private var chunks: Int { (time + Int(PB_SCAN_STEPS) - 1) / Int(PB_SCAN_STEPS) }

    private func withC(accumulate: Bool = false, _ body: (borrowing pb_scan, inout [Float]) -> Void) {
      precondition(u.count == rows && delta.count == rows && skip.count == channels)
      precondition(a.count == channels * rowStride(state) && offset + 2 * state <= stride)
      precondition(selection.count == batch * time * stride)
      var scratch = uninitialized(pb_scan_scratch(channels, state))
      unsafe u.withUnsafeBufferPointer { u in
        unsafe delta.withUnsafeBufferPointer { delta in
          unsafe a.withUnsafeBufferPointer { a in
            unsafe selection.withUnsafeBufferPointer { selection in
              unsafe skip.withUnsafeBufferPointer { skip in
                let scan = unsafe pb_scan(
                  batch: batch, time: time, channels: channels, state: state, stride: rowStride(channels),
                  bc_stride: stride, reverse: reverse ? 1 : 0, accumulate: accumulate ? 1 : 0, u: u.baseAddress,
                  delta: delta.baseAddress, a: a.baseAddress, bc: selection.baseAddress.map { unsafe $0 + offset },
                  skip: skip.baseAddress)
                unsafe body(scan, &scratch)
              }
            }
          }
        }
      }
    }

    /// Moves the state `h` on; y is written or added to. With `keepsStates` returns those that `backward` needs.
    func forward(_ h: inout [Float], _ y: inout [Float], accumulate: Bool, keepsStates: Bool) -> [Float] {
      precondition(h.count == stateCount && y.count == rows)
      var states = keepsStates ? uninitialized(chunks * stateCount) : []
      unsafe withC(accumulate: accumulate) { scan, scratch in
        unsafe withUnsafePointer(to: scan) { scan in
          if keepsStates {
            unsafe pb_scan_forward(scan, &h, &y, &states, &scratch)
          } else {
            unsafe pb_scan_forward(scan, &h, &y, nil, &scratch)
          }
        }
      }
      return states
    }

    private func lastScratch() -> [Float] { uninitialized(pb_scan_last_scratch(time, channels, state)) }

    /// The last step alone from a state of zero, [batch, row stride], and the states after it, for `backwardLast`.
    func forwardLast() -> (y: [Float], states: [Float]) {
      precondition(!reverse)
      var scratch = lastScratch()
      var (y, h) = (uninitialized(batch * rowStride(channels)), uninitialized(stateCount))
      unsafe withC { scan, _ in
        unsafe withUnsafePointer(to: scan) { unsafe pb_scan_last_forward($0, &h, &y, &scratch) }
      }
      return (y, h)
    }

    /// The gradient of `forwardLast`, as `backward` gives it.
    func backwardLast(
      _ states: [Float], _ dy: [Float], into dselection: inout [Float]
    ) -> (u: [Float], delta: [Float], a: [Float], skip: [Float]) {
      precondition(states.count == stateCount && dy.count == batch * rowStride(channels))
      precondition(dselection.count == selection.count)
      var scratch = lastScratch()
      var (du, ddelta) = (uninitialized(rows), uninitialized(rows))
      var (da, dskip) = ([Float](repeating: 0, count: a.count), [Float](repeating: 0, count: channels))
      unsafe withC { scan, _ in
        unsafe dselection.withUnsafeMutableBufferPointer { dselection in
          guard let start = dselection.baseAddress else { return }
          unsafe withUnsafePointer(to: scan) { scan in
            unsafe pb_scan_last_backward(scan, states, dy, &du, &ddelta, &da, start + offset, &dskip, &scratch)
          }
        }
      }
      return (du, ddelta, da, dskip)
    }

    /// The gradient of `forward`; that of B and C goes into their columns of `dselection`.
    func backward(
      _ states: [Float], _ dy: [Float], into dselection: inout [Float]
    ) -> (u: [Float], delta: [Float], a: [Float], skip: [Float]) {
      precondition(states.count == chunks * stateCount && dy.count == rows && dselection.count == selection.count)
      var (du, ddelta) = (uninitialized(rows), uninitialized(rows))
      var (da, dskip) = ([Float](repeating: 0, count: a.count), [Float](repeating: 0, count: channels))
      unsafe withC { scan, scratch in
        unsafe dselection.withUnsafeMutableBufferPointer { dselection in
          guard let start = dselection.baseAddress else { return }
          unsafe withUnsafePointer(to: scan) { scan in
            unsafe pb_scan_backward(scan, states, dy, &du, &ddelta, &da, start + offset, &dskip, &scratch)
          }
        }
      }
      return (du, ddelta, da, dskip)
    }
  }
}
