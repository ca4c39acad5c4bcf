import PixelScript

/// The scripts that `run` runs, each inside the one before.
struct RunningScripts {
  private var scripts: [(path: String, place: String)] = []

  /// How often a script may run inside itself: one that ends does so sooner.
  private static let most = 20

  /// Notes that a script begins; throws when it runs itself over and over, maybe through others and by other names.
  mutating func begin(_ path: String) throws(ScriptError) {
    let place = FileAccess.resolved(path)
    let times = scripts.count { $0.place == place }
    if times >= Self.most, let last = scripts.lastIndex(where: { $0.place == place }) {
      let others = scripts[last...].dropFirst().map { Display.quoted(Display.start(of: $0.path)) }
      let way = others.prefix(4).joined(separator: ", ") + (others.count > 4 ? ", ..." : "")
      let name = Display.quoted(Display.start(of: path))
      throw ScriptError(
        .limit, "\(name) runs itself\(way.isEmpty ? "" : " through \(way)"), \(times) times inside each other",
        help: "a script that runs itself needs a condition under which it ends", argument: "path")
    }
    scripts.append((path, place))
  }

  /// Notes that the script that began last has ended.
  mutating func end() { scripts.removeLast() }
}
