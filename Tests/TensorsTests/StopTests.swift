import Safepoint
import Tensors
import Testing

/// Operators that are told to stop: they end early, forwards and backwards, with results of the right shape.
@Suite(.serialized) struct StopTests {
  /// All but the choice by a mask, whose shape follows from values: whoever asked for the mask was stopped before.
  private static let cases = GradientCase.all.filter { $0.name != "mask" }

  @Test(arguments: cases) func endsWithTheRightShape(_ example: GradientCase) {
    let shape = example.body(example.inputs).shape
    let parameters = example.inputs.map { Parameter("x", $0) }
    let watch = Watch(Interruption())
    watch.interruption.request()
    Safepoint.$watch.withValue(watch) {
      #expect(Safepoint.mustStop)
      let tape = Tape()
      let result = example.body(parameters.map(tape.variable))
      // How much a mask takes is known only at the end.
      #expect(result.shape == shape || example.name == "mask")
      _ = tape.gradients(of: result.sum())
    }
    #expect(watch.stopReason == .interrupted)
  }

  @Test func whatWasStoppedNamesNoPlaces() {
    let x = Tensor((0..<12).map { Float($0) }, [3, 4])
    let watch = Watch(Interruption())
    watch.interruption.request()
    Safepoint.$watch.withValue(watch) {
      #expect(Safepoint.mustStop)
      // Whatever the positions are, nothing is read there.
      #expect(x.gathered(axis: 1, indices: Tensor(repeating: 1e9, [3, 2])).shape == [3, 2])
      let order = x.sortedPositions(axis: 1)
      #expect(x.gathered(axis: 1, indices: order).shape == [3, 4])
      let median = x.medianPositions(axis: 1)
      #expect(x.gathered(axis: 1, indices: median.reshaped([3, 1])).shape == [3, 1])
      #expect(x.quantiles([0.2, 0.7], axis: 1).shape == [2, 3])
      #expect(x.distinct(withPlaces: true).places?.shape == [3, 4])
      #expect(x.extremePositions(2, axis: 0).shape == [2, 4])
    }
  }

  @Test func whatAnotherThreadWasToldIsLearnt() {
    let watch = Watch(Interruption())
    Safepoint.$watch.withValue(watch) {
      Parallel.$threads.withValue(2) {
        Parallel.pieces(8, nanoseconds: 1_000_000_000, unit: 1) { part in
          if part.contains(7) {
            watch.interruption.request()
            _ = Safepoint.mustStop
          }
        }
      }
      #expect(Safepoint.mustStop(after: 1))
    }
  }

  @Test func whatWasToldToStopIsToldUntilTheBoundsAreSetAgain() {
    let watch = Watch(Interruption())
    watch.interruption.request()
    Safepoint.$watch.withValue(watch) { #expect(Safepoint.mustStop) }
    watch.interruption.clear()
    #expect(watch.reason == .interrupted)
    watch.bounds = Watch.Bounds()
    #expect(watch.reason == nil && watch.stopReason == nil)
  }

  @Test func whatThereIsNoRoomForStopsTheWork() {
    let watch = Watch(Interruption())
    var bounds = Watch.Bounds()
    bounds.held = 1 << 20
    watch.bounds = bounds
    Safepoint.$watch.withValue(watch) {
      let x = Tensor(repeating: 1, [1 << 22])
      #expect((x + x).shape == [1 << 22])
    }
    #expect(watch.stopReason == .memory)
  }

  @Test func aTapeChargesWhatItKeepsOnce() {
    let watch = Watch(Interruption())
    // Charged by itself.
    let parameter = Parameter("x", Tensor(repeating: 1, [100_000]))
    Safepoint.$watch.withValue(watch) {
      let tape = Tape()
      let x = tape.variable(parameter)
      let y = x.exp()
      // The values of the result.
      #expect((400_000..<410_000).contains(watch.nativeBytes))
      let z = y * y + y * y
      #expect((400_000..<410_000).contains(watch.nativeBytes))
      _ = z
    }
    #expect(watch.nativeBytes == 0)
  }

  @Test func largeProductsAreTheSameInParts() {
    // Beyond the size that the library is given at once, along each side.
    var random = Random(seed: 3, stream: "products")
    for (m, k, n) in [(70_000, 200, 170), (170, 200, 70_000), (200, 70_000, 170)] {
      let a = Tensor((0..<m * k).map { _ in random.uniform(-1, 1) }, [m, k])
      let b = Tensor((0..<k * n).map { _ in random.uniform(-1, 1) }, [k, n])
      let product = a.matrixProduct(b)
      for (row, column) in [(0, 0), (m / 2, n / 2), (m - 1, n - 1), (m / 3, n - 1)] {
        let exact = (0..<k).reduce(0.0) { $0 + Double(a.values[row * k + $1]) * Double(b.values[$1 * n + column]) }
        #expect(abs(Double(product.values[row * n + column]) - exact) < 1e-3 * Double(k).squareRoot())
      }
    }
  }
}
