import Foundation
import PixelScript
import Testing
import Workbench

/// What a plot of a script looks like in a file and in a terminal, taken apart for tests.
struct PlotPage {
  /// The page as SVG.
  let svg: String
  /// The picture in a terminal.
  let terminal: String
  /// What was said of it.
  let notes: [String]

  init(_ script: String, width: Int = 100, color: Console.ColorDepth = .none) throws {
    var (found, notes): (Rendering?, [String]) = (nil, [])
    let session = Session(
      options: SessionOptions(seed: 1, writeFolders: [TestSession.folder]),
      console: Console(
        write: { _ in }, show: { rendering, _ in found = found ?? rendering },
        notify: { event in if case .notice(let text) = event { notes.append(text) } }))
    #expect(session.run(script, name: "test", echo: true).diagnostics.map(\.description) == [], "\(script)")
    let rendering = try #require(found, "\(script)")
    svg = String(decoding: try rendering.file().bytes, as: UTF8.self)
    terminal = try rendering.text(in: DisplayStyle(color: color, width: width))
    self.notes = notes
  }

  /// The texts on the page, in the order in which they were written.
  var texts: [String] { svg.matches(of: />([^<>\n]+)<\/text>/).map { String($0.1) } }

  /// A text of the page with its place.
  struct Label {
    let x, y: Double
    let anchor, text: String
  }

  /// The texts with their places.
  var labels: [Label] {
    svg.matches(of: /<text x="([-0-9.]+)" y="([-0-9.]+)"([^>]*)>([^<>\n]+)<\/text>/).map { found in
      let anchor = found.3.firstMatch(of: /text-anchor="([a-z]+)"/).map { String($0.1) } ?? "start"
      return Label(x: Double(found.1) ?? .nan, y: Double(found.2) ?? .nan, anchor: anchor, text: String(found.4))
    }
  }

  /// The width and the height of the page.
  var size: (width: Double, height: Double) {
    let found = svg.firstMatch(of: /viewBox="0 0 ([0-9.]+) ([0-9.]+)"/)
    return (found.flatMap { Double($0.1) } ?? .nan, found.flatMap { Double($0.2) } ?? .nan)
  }

  /// How often a text occurs in the file.
  func count(_ text: String) -> Int { svg.components(separatedBy: text).count - 1 }
}
