import Workbench

/// What the prompt says at first.
package enum Greeting {
  /// What a newcomer can do: what to type and what it is for.
  package static let tasks = [
    ("data = sprites(count: 64)", "make data"), ("show data[0]", "look at it"),
    ("net = lstm(state: 64)", "make a model"), ("train net, data, epochs: 1", "train it"),
    ("generate net, prompt: \"cat\"", "generate"), ("help train", "explain a command"), ("help", "list them all"),
  ]

  /// The greeting, a task a line; on a narrow terminal without what each is for.
  package static func text(width: Int) -> String {
    let widest = tasks.map(\.0.count).max() ?? 0
    let rows = tasks.map { $0 + String(repeating: " ", count: widest - $0.count + 3) + $1 }
    let fits = rows.allSatisfy { $0.count + 2 < width }
    let lines = (fits ? rows : tasks.map(\.0)).map { "  \($0)\n" }.joined()
    return TerminalText.wrapped("PixelBytes \(Session.version): text and sprites as one sequence", to: width) + lines
      + TerminalText.wrapped("Ctrl-C stops a command, Ctrl-D leaves.", to: width)
  }
}
