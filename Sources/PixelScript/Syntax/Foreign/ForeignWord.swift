/// Words of other languages, and how the same is said here.
public enum ForeignWord {
  private static let commands = "`help` lists the commands, `help train` tells about one"
  private static let modules =
    "there are no modules of Python; `help` lists the commands, such as `zeros` and `softmax`"
  private static let raising = "write `raise \"message\"`"

  private static let table: [String: String] = [
    "def": "a function is written `fn name(x) { ... }`",
    "func": "a function is written `fn name(x) { ... }`",
    "function": "a function is written `fn name(x) { ... }`",
    "lambda": "a function without a name is written `fn(x) = x + 1`",
    "elif": "write `else if`",
    "elseif": "write `else if`",
    "except": "write `try { } catch e { }`",
    "finally": "write `try { } catch e { }`, and what is to run in any case after it",
    "throw": raising,
    "Exception": raising,
    "Error": raising,
    "ValueError": raising,
    "TypeError": raising,
    "KeyError": raising,
    "IndexError": raising,
    "RuntimeError": raising,
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
    "do": "write `while true { ... }` with `if c { break }` at its end",
    "loop": "write `while true { ... }`",
    "until": "write `while not c { }`",
    "del": "write `remove(map, key)` for a key, `pop(list, 0)` for a position, and `x = nil` for a variable",
    "class": "there are no classes; a map holds named values: `{name: 1}`",
    "with": "files are read and written whole: `read_text(path)`, `write_text(path, text)`",
    "global": "write `outer x` at the start of the function",
    "nonlocal": "write `outer x` at the start of the function",
    "switch": "write `if c { } else if d { }`",
    "require": "write `import \"helpers.pxb\" as h`",
    "include": "write `import \"helpers.pxb\" as h`",
    "isinstance": "write `type(x) == \"number\"`",
    "items": "write `for k, v in map { }`",
    "index": "write `find(list, value)`",
    "length": "write `len(x)`",
    "append": "write `push(list, value)`",
    "extend": "write `list += other`",
    "get": "write `map.get(key, other)`",
    "substring": "write `text[0:3]`",
    "trim": "write `strip(text)`",
    "println": "write `print`",
    "printf": "write `print f\"loss {x:.3f}\"`",
    "typeof": "write `type(x)`",
    "dict": "a map is written `{name: 1}`; `map(zip(keys, values))` makes one of pairs",
    "defaultdict": "write `map(default: 0)`, or `map(default: fn() = [])`",
    "Counter": "write `counts = map(default: 0)`, and `counts[\"a\"] += 1` for each",
    "setdefault": "write `map(default: 0)`, or `map(default: fn() = [])`",
    "has_key": "write `x in map`",
    "deepcopy": "write `copy(x)`",
    "frozenset": "write `set(values)`",
    "re": "write `match(text, pattern)`, `find_all(text, pattern)` or `replace(text, pattern: p, replacement: r)`",
    "findall": "write `find_all(text, pattern)`",
    "finditer": "write `find_all(text, pattern, places: true)`",
    "regex": "write `match(text, pattern)` or `find_all(text, pattern)`",
    "strftime": "write `format_date(seconds, \"%Y-%m-%d\")`",
    "strptime": "write `parse_date(text)`",
    "datetime": "write `parse_date(\"2026-01-31\")`, `format_date(now())` or `now()`",
    "math": "write `sqrt(2)` and `pi`, with no module before them",
    "tuple": "a list is written `[1, 2]`; there are no tuples",
    "string": "write `str(x)`",
    "array": "write `tensor([1, 2])`",
    "nn": modules,
    "F": modules,
    "optim": modules,
    "jnp": modules,
    "jax": modules,
    "keras": modules,
    "sklearn": modules,
    "scipy": modules,
    "functools": modules,
    "itertools": modules,
    "np": modules,
    "numpy": modules,
    "torch": modules,
    "tf": modules,
    "random": "write `rand(3)`, `randint(0, 10, 3)`, `choice(list)`, `sample(list, 3)` or `shuffle(list)`",
    "pd": "write `read_table path`, or `table({a: [1, 2]})`; `load_dataset path` for pictures",
    "load": "write `load_dataset path`, `load_model path`, `load_tensors path` or `read_image path`",
    "fit": "write `train net, data, epochs: 5`",
    "predict": "write `net(x)`, or `generate net` for a sequence",
    "summary": "write `describe net`",
    "time": "write `now()` for the time, `timeit fn() = 1 + 1` to measure",
    "timeit": "write `timeit fn() = 1 + 1`",
    "ls": "write `list_files()`",
    "pwd": "paths start at the folder that the program was started in; `list_files()` tells what is there",
    "cd": "the folder stays the same; write it in the path, as in `list_files \"folder\"`",
    "who": "write `vars`",
    "whos": "write `vars`",
    "clear": "`reset` forgets all variables; at the prompt Ctrl-L and `clear` empty the screen",
    "clc": "at the prompt Ctrl-L and `clear` empty the screen",
    "cls": "at the prompt Ctrl-L and `clear` empty the screen",
    "ans": "the value shown last is `_`, the one before it `__`",
    "Out": "the value shown last is `_`, the one before it `__`",
    "In": "write `recall` for the earlier inputs",
    "end": "a block is written `{ ... }`, in one line or several",
    "then": "a block is written `{ ... }`: `if c { ... } else { ... }`",
    "using": "write `import \"helpers.pxb\" as h`",
    "disp": "write `print x`, or `show x` for pictures",
    "display": "write `show x`, or `print x`",
    "console": "write `print x`",
    "undefined": "write `nil`",
    "man": "write `help name`, or `name?` at the prompt",
    "doc": "write `help name`, or `name?` at the prompt",
    "bool": "write `x != 0`, or `len(x) > 0`",
    "json": "write `read_json(path)` and `write_json(path, value)`",
    "sys": "a value from the command line is a parameter: `param n = 5 \"how many\"`",
    "os": "write `list_files(path)`, `exists(path)` or `read_text(path)`",
    "figure": "write `plot x, title: \"Loss\", xlabel: \"steps\"`",
    "xlabel": "write `plot x, xlabel: \"steps\"`",
    "ylabel": "write `plot x, ylabel: \"loss\"`",
    "title": "write `plot x, title: \"Loss\"`",
    "legend": "`plot` draws one where there are several lines",
    "savefig": "write `save plot(x), \"figure.svg\"`",
    "history": "write `recall` for the earlier inputs; that of a training is `history = train net, data`",
    "version": "`pixelbytes --version` tells it, outside the prompt",
    "pip": "nothing is installed from here; `help` lists the commands",
    "how": commands,
    "what": commands,
    "why": commands,
    "please": commands,
    "plt": "write `plot x`",
    "open": "write `read_text(path)` or `write_text(path, text)`",
    "input": "a value from outside is a parameter: `param n = 5 \"how many\"`",
    "exit": "write `quit`",
    "q": "write `quit`",
    "bye": "write `quit`",
    "logout": "write `quit`",
    "date": "write `parse_date(\"2026-01-31\")`, `format_date(now())` or `now()`",
    "echo": "write `print`",
    "sort": "write `sorted(list)`",
    "reverse": "write `reversed(list)`",
    "average": "write `mean(x)`",
    "avg": "write `mean(x)`",
    "log10": "write `log(x) / log(10)`",
    "dir": "write `vars`",
    "globals": "write `vars`",
    "locals": "write `vars`",
    "view": "write `reshape(x, 2, 3)`",
    "float": "write `num(text)`; numbers and tensors are floats already",
    "int": "write `num(text)` for a text, `floor(x)` for a number",
  ]

  private static let magics: [String: String] = [
    "time": "what takes longer than a second says so; `timeit fn() = 1 + 1` measures",
    "run": "write `run \"script.pxb\"`",
    "reset": "write `reset`",
    "matplotlib": "plots are shown by themselves; leave it out",
    "load_ext": "nothing is loaded; leave it out",
    "autoreload": "nothing is loaded; leave it out",
    "pylab": "plots are shown by themselves; leave it out",
    "debug": "errors tell the place and what is there; `vars` lists the variables",
    "pdb": "errors tell the place and what is there; `vars` lists the variables",
    "writefile": "write `write_text(path, text)`, or `save session, \"x.pxb\"` for the inputs",
    "save": "write `save session, \"x.pxb\"`",
    "store": "write `save session, \"folder\"`, and `load_session \"folder\"` later",
    "notebook": "write `export \"x.ipynb\"`",
    "env": "a value from outside is a parameter: `param n = 5 \"how many\"`",
    "bash": "commands of a shell are not run here",
    "sh": "commands of a shell are not run here",
    "html": "write `export \"x.html\"` for a page of all that was shown",
    "quickref": "write `help`",
    "magic": "write `help`",
    "memit": "write `vars`, which tells the bytes of each variable",
    "prun": "write `timeit fn() = 1 + 1`",
  ]

  /// Returns how to say here what a command of IPython does, if it is told apart from a word.
  static func help(forMagic word: String) -> String? { magics[word] }

  private static let libraries: Set<String> = [
    "np", "numpy", "torch", "tf", "nn", "F", "optim", "jnp", "jax", "keras", "sklearn", "scipy", "pd", "plt", "random",
    "math",
    "os", "sys", "json", "time", "re", "functools", "itertools", "string", "sns", "transformers", "datasets", "PIL",
    "Image",
  ]

  /// Whether a name is that of a library or module of Python.
  static func isLibrary(_ name: String) -> Bool { libraries.contains(name) }

  /// Whether more is told by the name of a library than by that of what stands in it.
  static func tellsMore(_ name: String) -> Bool { ["Image", "PIL", "json", "os", "sys", "re"].contains(name) }

  /// Fields and methods of values elsewhere, whose names are often those of variables here.
  private static let fields: [String: String] = [
    "length": "write `len({x})`",
    "size": "write `{x}.width` and `{x}.height` for an image, `{x}.shape` for a tensor, else `len({x})`",
    "count": "write `len({x})`, or `len([v for v in {x} if v == value])`",
    "shape": "a tensor has one; an image has `{x}.width` and `{x}.height`, a list or table `len({x})`",
  ]

  /// Methods of sets elsewhere.
  static let ofSets: [String: String] = [
    "add": "write `push({x}, $(value))`",
    "append": "write `push({x}, $(value))`",
    "update": "write `{x} |= $(other)`",
    "discard": "write `if value in {x} { remove({x}, value) }`",
    "union": "write `{x} | $(other)`",
    "intersection": "write `{x} & $(other)`",
    "difference": "write `{x} - $(other)`",
    "symmetric_difference": "write `{x} ^ $(other)`",
    "issubset": "write `{x} <= $(other)`",
    "issuperset": "write `{x} >= $(other)`",
    "isdisjoint": "write `len({x} & $(other)) == 0`",
  ]

  /// The words that errors explain.
  package static var words: [String] { Array(fields.keys) + Array(table.keys) + Array(ofNames.keys) + libraryWords }

  /// Those that are names of pandas, NumPy and PyTorch.
  package static var libraryWords: [String] { Array(ofTables.keys) + Array(ofTensors.keys) }

  /// Those that are names of pandas.
  package static var tableWords: [String] { Array(ofTables.keys) }

  /// Returns how to say here what a field or method `name` of the value `owner` is elsewhere, if it is one.
  public static func help(
    forField name: String, of owner: String = "x", _ arguments: String? = nil
  ) -> String? {
    (fields[name] ?? ofTables[name] ?? ofTensors[name]).map { filled($0, with: owner, arguments) } ?? table[name]
  }

  /// How a comment is written, where one seems to begin as in other languages.
  static let comment = "a comment begins with `#`; `//` divides to a whole number"

  /// Returns how a comment is written where a name stands that nothing has, right behind `//`.
  static func help(forNameAt place: Span, in source: SourceText) -> String? {
    let line = source.lineSpan(source.lineIndex(at: Int(place.start)))
    let before = source.text(Span(Int(line.start), max(Int(line.start), Int(place.start))))
    return before.reversed().drop { $0 == " " }.starts(with: "//") ? comment : nil
  }

  /// Returns how to say here what `word` means elsewhere, if it does.
  public static func help(for word: String) -> String? {
    table[word] ?? ofNames[word] ?? ofTables[word].map { filled($0, with: "t") }
      ?? ofTensors[word].map { filled($0, with: "x") }
  }
}
