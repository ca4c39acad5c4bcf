import Formats
import PixelBytes
import Tensors

/// The view of a run of training that a console shows as it goes on: its loss, and a caption that it draws now and then.
final class LiveTraining {
  /// The seconds between two views, and between two pictures where they are cheap.
  private static let interval = 0.3
  /// A picture may take one part in so many of the time.
  private static let share = 150.0

  private var curve = LiveCurve()
  private var number = 0
  private let samples: SampleDrawing?
  private var picture: RasterImage?
  private let start = ContinuousClock.now
  private var nextView = 0.0, nextPicture = 0.0
  /// What is to be seen now; nil before there is anything.
  private(set) var view: LiveView?

  /// The view of a run that may draw some captions.
  init(_ samples: SampleDrawing?) { self.samples = samples }

  /// Takes how far a run is; may draw, and so throw when the work must stop.
  func take(_ progress: TrainingProgress, of run: TrainingRun) throws {
    if progress.evaluation == nil { curve.add(progress.loss) }
    let now = (ContinuousClock.now - start) / .seconds(1)
    guard now >= nextView else { return }
    if let samples, now >= nextPicture {
      picture = try run.withMeasuredWeights { try samples.draw(run.model, only: 1) }.first?.picture ?? picture
      let cost = (ContinuousClock.now - start) / .seconds(1) - now
      nextPicture = now + cost * Self.share
    }
    number += 1
    view = LiveView(number: number, name: "loss", values: curve.means, picture: picture)
    nextView = now + Self.interval
  }
}
