import ArgumentParser
import Foundation
import PixelScript
import Workbench

/// What a shell offers while a call of the program is typed: tasks, options, and the parameters of the script that is named.
struct ShellCompletion {
  /// Something to offer, with a few words on it.
  struct Candidate: Equatable {
    let text: String
    let meaning: String

    /// The line that tells a shell of it.
    var line: String {
      let meaning = ControlCharacters.escaped(self.meaning).replacing("\n", with: " ").replacing("\t", with: " ")
      return meaning.isEmpty ? text : text + "\t" + meaning
    }
  }

  /// Gives the parameters of a script; none where it can't be read.
  let parameters: (_ path: String) -> [ScriptParameter]

  /// What fits behind some words, of which the last is begun; nothing where names of files fit.
  func candidates(_ words: [String]) -> [Candidate] {
    let begun = words.last ?? ""
    let before = Array(words.dropLast())
    return all(before, begun).filter { $0.text.hasPrefix(begun) }
  }

  private func all(_ before: [String], _ begun: String) -> [Candidate] {
    let options = Self.options
    let task = before.first { !$0.hasPrefix("-") }.flatMap(ProgramTask.init(rawValue:))
    let script: [ScriptParameter]
    switch task {
    case nil:
      let path = before.first { $0.hasSuffix(".pxb") }
      if path == nil, !begun.hasPrefix("-") {
        return ProgramTask.allCases.map { Candidate(text: $0.rawValue, meaning: $0.summary) }
      }
      script = path.map(parameters) ?? []
    case .help?:
      return []
    case .completion?:
      return Shell.allCases.map { Candidate(text: $0.rawValue, meaning: "the script for it") }
    case .convert?:
      let force = Candidate(text: Request.force, meaning: "replace files that are there")
      return begun.hasPrefix("-") ? [force] + options : []
    case .check?:
      script = []
    case .run?:
      script = before.first { $0.hasSuffix(".pxb") }.map(parameters) ?? []
    case .build?, .train?, .evaluate?, .generate?:
      guard let task else { return [] }
      do { script = parameters(try task.script()) } catch { script = [] }
    }
    return values(before, begun, script, options)
  }

  /// The values of the option before, where they are known, else all options.
  private func values(
    _ before: [String], _ begun: String, _ script: [ScriptParameter], _ options: [Candidate]
  ) -> [Candidate] {
    // A list goes on until the next option.
    let last = before.lastIndex { $0.hasPrefix("-") } ?? before.endIndex
    if let parameter = script.first(where: {
      last < before.endIndex && ScriptParameters.option($0.name) == before[last]
    }),
      before.count == last + 1 || parameter.takesSeveral && !begun.hasPrefix("-")
    {
      let given = Set(before[(last + 1)...])
      let choices = parameter.choices ?? []
      if !choices.isEmpty {
        return choices.map { Candidate(text: Self.word($0), meaning: "") }.filter { !given.contains($0.text) }
      }
      if case .bool = parameter.fallback {} else { return [] }
    }
    guard begun.hasPrefix("-") else { return [] }
    return script.map { parameter in
      Candidate(text: ScriptParameters.option(parameter.name), meaning: parameter.documentation ?? parameter.typeName)
    } + options
  }

  private static func word(_ value: Value) -> String {
    if case .string(let text) = value { text.description } else { value.echo }
  }

  /// The options of the program, as its help lists them.
  private static var options: [Candidate] {
    CommandLineOptions.helpMessage(columns: 400).split(separator: "\n").compactMap { line in
      guard let match = line.prefixMatch(of: /\s+(?:-\w, )?(--[a-z-]+)(?: <[^>]*>)?(?:\s{2,}(.*))?/) else { return nil }
      return Candidate(text: String(match.1), meaning: match.2.map(String.init) ?? "")
    }
  }
}

/// The shells that complete calls of the program.
enum Shell: String, CaseIterable {
  case bash, zsh, fish

  /// What the shell reads at its start.
  var script: String {
    switch self {
    case .bash:
      """
      # eval "$(pixelbytes completion bash)"
      _pixelbytes() {
        local line
        COMPREPLY=()
        while IFS= read -r line; do COMPREPLY+=("${line%%$'\\t'*}"); done \\
          < <("${COMP_WORDS[0]}" completion words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
      }
      complete -o default -o bashdefault -F _pixelbytes pixelbytes

      """
    case .zsh:
      """
      #compdef pixelbytes
      # eval "$(pixelbytes completion zsh)"
      _pixelbytes() {
        local -a found
        local line
        for line in "${(@f)$("${words[1]}" completion words "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
          [[ -n $line ]] && found+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
        done
        if (( $#found )); then _describe pixelbytes found; else _files; fi
      }
      compdef _pixelbytes pixelbytes

      """
    case .fish:
      """
      # pixelbytes completion fish | source
      function __pixelbytes
          set -l words (commandline -opc)
          set -l found ($words[1] completion words $words[2..] (commandline -ct) 2>/dev/null)
          if test (count $found) -gt 0
              printf '%s\\n' $found
          else
              __fish_complete_path (commandline -ct)
          end
      end
      complete -c pixelbytes -f -a '(__pixelbytes)'

      """
    }
  }
}
