import Foundation
import Formats
import Testing

/// Pictures that move, cut off at every length: what is kept is the frames that are whole, or what can be read of the first.
struct CutPictureTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/pictures").path

  private func frames(_ bytes: [UInt8], keeps: Bool) throws(FormatError) -> [RasterImage]? {
    do throws(FormatError) { return try RasterImage.frames(bytes, keepsDamaged: keeps).map(\.image) } catch {
      // Every cut is a broken file, or none that is known.
      if error.kind != .malformed { throw error }
      return nil
    }
  }

  @Test(arguments: [
    "moving-1.gif", "moving-2.gif", "moving-3.gif", "sparse.gif", "moving.webp", "moving.apng", "over.apng",
    "color.aseprite",
    "tiles.aseprite",
  ])
  func everyCutIsTheFramesSoFarOrAnError(name: String) throws {
    let bytes = try readFile("\(folder)/\(name)")
    let whole = try #require(try frames(bytes, keeps: false))
    #expect(try frames(bytes, keeps: true) == whole)
    var (before, counts): (Int, Set<Int>) = (0, [])
    for length in bytes.indices {
      let cut = Array(bytes.prefix(length))
      // Without its end a picture may still have all frames.
      if let strict = try frames(cut, keeps: false) {
        #expect(strict == Array(whole.prefix(strict.count)), "\(length)")
      }
      let kept = try frames(cut, keeps: true) ?? []
      #expect(kept.count >= before, "\(length) bytes have \(kept.count) frames, fewer have \(before)")
      if kept.count > 1 { #expect(kept == Array(whole.prefix(kept.count)), "\(length)") }
      if let first = kept.first { #expect((first.width, first.height) == (whole[0].width, whole[0].height)) }
      let image: RasterImage?
      do throws(FormatError) { image = try RasterImage.decode(cut, keepsDamaged: true) } catch { image = nil }
      #expect(image == kept.first, "\(length): one picture is the first frame")
      before = kept.count
      counts.insert(before)
    }
    #expect(counts.isSuperset(of: 0..<whole.count), "\(counts.sorted())")
  }
}
