/// Words of other languages, and how the same is said here.
public enum ForeignWord {
  private static let table: [String: String] = [
    "def": "a function is written `fn name(x) { ... }`",
    "func": "a function is written `fn name(x) { ... }`",
    "function": "a function is written `fn name(x) { ... }`",
    "lambda": "a function without a name is written `fn(x) = x + 1`",
    "elif": "write `else if`",
    "elseif": "write `else if`",
    "except": "write `try { } catch e { }`",
    "finally": "write `try { } catch e { }`, and what is to run in any case after it",
    "throw": "write `raise \"message\"`",
    "from": "write `import \"helpers.pxb\" as h`",
    "let": "a variable is made by assigning to it: `x = 1`",
    "var": "a variable is made by assigning to it: `x = 1`",
    "const": "a variable is made by assigning to it: `x = 1`",
    "pass": "an empty block is written `{ }`",
    "None": "write `nil`",
    "null": "write `nil`",
    "True": "write `true`",
    "False": "write `false`",
    "foreach": "a loop is written `for x in xs { }`",
    "until": "write `while not c { }`",
    "del": "write `remove(map, key)`, or assign `nil`",
    "class": "there are no classes; a map holds named values: `{name: 1}`",
    "with": "files are opened and closed by the commands that read and write them",
    "global": "a function can't change outer names; return the value instead",
    "switch": "write `if c { } else if d { }`",
    "match": "write `if c { } else if d { }`",
    "require": "write `import \"helpers.pxb\" as h`",
    "include": "write `import \"helpers.pxb\" as h`",
    "isinstance": "write `type(x) == \"number\"`",
    "append": "write `push(list, value)`",
    "dict": "a map is written `{name: 1}`",
    "float": "write `num(text)`",
    "int": "write `num(text)` for a text, `floor(x)` for a number",
  ]

  /// Returns how to say here what `word` means elsewhere, if it does.
  public static func help(for word: String) -> String? { table[word] }
}
