/// On what a model computes in Python, which changes nothing of what it is.
enum PythonDevice {
  /// The variable of `device = torch.device("cuda" if torch.cuda.is_available() else "cpu")`, and of what is written so; nil for another line.
  static func chosen(by code: String) -> String? {
    guard let match = code.wholeMatch(of: /([A-Za-z_]\w*)\s*=\s*(?:torch\.device\(\s*(.+?)\s*\)|(.+))/) else {
      return nil
    }
    let text = String(match.2 ?? match.3 ?? "")
    let best = /["'](cuda|mps)(:\d+)?["']\s+if\s+torch\.(cuda|backends\.mps)\.is_available\(\)\s+else\s+["']cpu["']/
    let isDevice = text.wholeMatch(of: best) != nil || match.2 != nil && isName(text)
    return isDevice ? String(match.1) : nil
  }

  /// Whether a literal is the name of a device.
  static func isName(_ text: String) -> Bool { text.wholeMatch(of: /["'](cuda|mps|cpu)(:\d+)?["']/) != nil }

  /// A line without the calls at its end that move what it gives to a device; nil for one without any.
  static func rest(of code: String, isDevice: (String) -> Bool) -> String? {
    var rest = code
    while true {
      if let match = rest.wholeMatch(of: /(.*[\w)])\.(?:cuda|cpu)\(\s*\)/) {
        rest = String(match.1)
      } else if let match = rest.wholeMatch(
        of: /(.*[\w)])\.to\(\s*(?:device\s*=\s*)?(?:torch\.device\()?\s*([\w:"']+)\s*\)?\)/),
        isDevice(String(match.2)) || isName(String(match.2))
      {
        rest = String(match.1)
      } else {
        return rest == code ? nil : rest
      }
    }
  }
}
