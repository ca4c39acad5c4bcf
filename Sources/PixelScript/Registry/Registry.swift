/// The commands that scripts may call, grouped; calls, help, completion and suggestions all come from it.
public struct Registry {
  /// All forms of the command with one name.
  public final class Entry {
    /// The name that scripts call.
    public var name: String { label.text }
    let label: CommandName
    /// The title of the group that has its first form.
    public let group: String
    /// The forms in the order in which a call tries them.
    public let forms: [Command]
    let primitive: Command.Primitive?
    init(name: String, group: String, forms: [Command]) {
      label = CommandName(name)
      self.group = group
      self.forms = forms
      primitive = forms.lazy.compactMap(\.primitive).first
    }

    /// True when one of the forms can be called without arguments.
    public var needsNoArgument: Bool { forms.contains(where: \.needsNoArgument) }

    /// True when one of the forms may be given a function, which it calls, beside what it is called with.
    public var takesFunctions: Bool {
      forms.contains { form in
        form.signature.enumerated().contains { place, parameter in
          parameter.type.contains("function") || place > 0 && parameter.type == Value.scriptName
        }
      }
    }
  }

  /// The groups as given.
  public let groups: [CommandGroup]
  /// All commands by name, sorted.
  public let entries: [Entry]
  private let places: [String: Int]

  /// Joins groups of commands; two forms of one name with the same type of first argument are a mistake of the program.
  public init(_ groups: [CommandGroup]) {
    self.groups = groups
    var forms: [String: (group: String, forms: [Command])] = [:]
    for group in groups {
      for command in group.commands {
        let same = forms[command.name]?.forms.contains { $0.signature.first?.type == command.signature.first?.type }
        precondition(same != true, "two commands are named \(command.name) and take the same first argument")
        forms[command.name, default: (group.title, [])].forms.append(command)
      }
    }
    entries = forms.sorted { $0.key < $1.key }.map { name, found in
      let ordered = found.forms.filter { !$0.acceptsAnything } + found.forms.filter(\.acceptsAnything)
      return Entry(name: name, group: found.group, forms: ordered)
    }
    places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  /// Joins groups of commands.
  public init(_ groups: CommandGroup...) { self.init(groups) }

  /// The command of a name, or nil.
  public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// The place of a command in `entries`, or nil.
  public func position(of name: String) -> Int? { places[name] }

  /// The command that `name?` calls.
  var helpEntry: Entry? { self["help"] }

  /// The names of all commands, sorted.
  public var names: [String] { entries.map(\.name) }

  /// The labels `name:` that a call of the command may use, of all its forms.
  public func labels(of name: String) -> [String] {
    var labels: [String] = []
    for signature in self[name]?.forms.flatMap(\.signature) ?? []
    where signature.gathering == .one && !labels.contains(signature.name) {
      labels.append(signature.name)
    }
    return labels
  }

  /// The strings that a parameter of a command may be, when there are only some.
  public func choices(of name: String, parameter: String) -> [String] {
    (self[name]?.forms ?? []).flatMap(\.signature).filter { $0.name == parameter }.flatMap(\.choices)
  }

  /// The command's name nearest to a misspelt one, or nil.
  public func suggestion(for name: String) -> String? { Suggestion.best(for: name, in: names) }
}
