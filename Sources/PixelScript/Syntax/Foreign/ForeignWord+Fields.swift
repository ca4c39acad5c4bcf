/// Fields and methods that values of one type have elsewhere, and how the same is said here; `{x}` stands for the value.
extension ForeignWord {
  private static let processors = "everything is computed on the processors of this machine; leave it out"

  package static let ofTypes: [String: [String: String]] = [
    "list": [
      "argsort": "write `argsort(tensor({x}))`",
      "sort": "write `sorted({x})`",
      "add": "write `push({x}, $(1))`",
      "append": "write `push({x}, $(1))`",
      "extend": "write `{x} += $([1])`",
      "clear": "write `{x} = []`",
      "index": "write `find({x}, $(1))`",
      "count": "write `len([v for v in {x} if v == $(1)])`",
      "reverse": "write `{x} = reversed({x})`",
      "average": "write `mean({x})`",
      "first": "write `{x}[0]`",
      "last": "write `{x}[-1]`",
      "ndim": "a list of lists as a tensor has axes: `len(tensor({x}).shape)`",
      "flatten": "write `to_list(reshape(tensor({x}), -1))`",
      "includes": "write `$(1) in {x}`",
      "has": "write `$(1) in {x}`",
      "forEach": "write `for v in {x} { print v }`",
      "tolist": "it is a list; `tensor({x})` makes a tensor of it",
    ],
    "map": [
      "items": "write `for k, v in {x} { print k, v }`",
      "update": "write `for k, v in $({b: 2}) { {x}[k] = v }`",
      "pop": "write `remove({x}, $(\"a\"))`",
      "has": "write `$(\"a\") in {x}`",
      "has_key": "write `$(\"a\") in {x}`",
      "contains": "write `$(\"a\") in {x}`",
      "clear": "write `{x} = {}`",
      "count": "write `len({x})`",
    ],
    "string": [
      "join": "the list stands first: `join($([\"a\", \"b\"]), {x})`",
      "lstrip": "write `strip({x})`, which takes the blanks of both ends",
      "rstrip": "write `strip({x})`, which takes the blanks of both ends",
      "trim": "write `strip({x})`",
      "isdigit": "write `match({x}, \"^[0-9]+$\") != nil`",
      "isnumeric": "write `match({x}, \"^[0-9]+$\") != nil`",
      "isalpha": "write `match({x}, \"^[a-zA-Z]+$\") != nil`",
      "capitalize": "write `upper({x}[0]) + {x}[1:]`",
      "title": "write `upper({x}[0]) + {x}[1:]`",
      "zfill": "write `f\"{7:03}\"`",
      "ljust": "write `f\"{{x}:<10}\"`",
      "rjust": "write `f\"{{x}:>10}\"`",
      "center": "write `f\"{{x}:^10}\"`",
      "splitlines": "write `split({x}, \"\\n\")`",
      "index": "write `find({x}, $(\"a\"))`",
      "count": "write `len(find_all({x}, $(\"a\")))`",
      "tolower": "write `lower({x})`",
      "toLowerCase": "write `lower({x})`",
      "toupper": "write `upper({x})`",
      "toUpperCase": "write `upper({x})`",
      "substring": "write `{x}[0:2]`",
      "append": "write `{x} += $(\"a\")`",
      "decode": "it is text already; `encode({x})` makes tokens",
    ],
    "number": [
      "item": "it is a number already",
      "astype": "there is one kind of numbers; `floor({x})` makes a whole one",
      "is_integer": "write `{x} == floor({x})`",
      "real": "there are no complex numbers",
      "shape": "a number has no axes; `tensor([{x}])` has one",
    ],
    "table": [
      "shape": "write `len({x})` for the rows, `len({x}.columns)` for the columns",
      "size": "write `len({x})` for the rows, `len({x}.columns)` for the columns",
      "index": "rows are counted by their places, `{x}[0]` is the first",
      "values": "write `{x}.rows` for a list of maps, `{x}.loss` for a column",
      "to_numpy": "write `tensor({x}.loss)`",
      "append": "write `push({x}, $({model: \"c\", loss: 3}))`",
      "count": "write `len({x})`",
      "mean": "write `mean({x}.loss)`, or `describe({x})` for all columns",
      "sum": "write `sum({x}.loss)`",
      "median": "write `median({x}.loss)`",
      "items": "write `for row in {x} { print row.loss }`",
      "insert": "write `{x}.new = {x}.loss * 2`",
      "remove": "write `drop({x}, \"loss\")` for a column, `{x}[{x}.loss != 2]` for the rows that stay",
      "delete": "write `drop({x}, \"loss\")` for a column, `{x}[{x}.loss != 2]` for the rows that stay",
      "pop": "write `drop({x}, \"loss\")` for a column, `{x}[1:]` for the rows that stay",
      "astype":
        "a column becomes numbers by `{x}.loss = num({x}.loss)`, and texts by `{x}.loss = [str(v) for v in {x}.loss]`",
      "apply": "write `[row.loss * 2 for row in {x}]`, or `{x}.double = [row.loss * 2 for row in {x}]`",
      "crosstab": "write `pivot({x}, \"model\", \"loss\")`, which counts the rows",
      "ffill": "write `fill_missing({x}, by: \"previous\")`",
      "bfill": "write `fill_missing({x}, by: \"next\")`",
      "resample":
        "write `{x}.month = format_date({x}.loss, \"%Y-%m\")`, then `group({x}, \"month\", sum: \"loss\")`",
    ],
    "column": ofColumns,
    "image": [
      "[]": "write `tensor({x})[0, 0]` for a pixel, `crop({x}, 0, 0, 2, 2)` for a part",
      "pixels": "write `tensor({x})`, of the shape [height, width, 4]",
      "data": "write `tensor({x})`, of the shape [height, width, 4]",
      "numpy": "write `tensor({x})`, of the shape [height, width, 4]",
      "getpixel": "write `tensor({x})[0, 0]`",
      "getdata": "write `tensor({x})`, of the shape [height, width, 4]",
      "convert": "every image has red, green, blue and alpha; `quantize({x})` reduces its colors",
      "mode": "every image has red, green, blue and alpha",
      "channels": "every image has red, green, blue and alpha",
      "thumbnail": "write `resize({x}, 8)`",
      "rotate": "write `to_image(flip(transpose(tensor({x}), 0, 1), axis: 1))`",
      "size": "write `{x}.width` and `{x}.height`",
      "shape": "write `{x}.width` and `{x}.height`, or `tensor({x}).shape`",
      "display": "write `show {x}`",
    ],
    "data set": [
      "rows": "write `{x}[0]` for a row, `for row in {x} { }` for all, `len({x})` for their number",
      "num_rows": "write `len({x})`",
      "count": "write `len({x})`",
      "size": "write `len({x})`",
      "shape": "write `len({x})` for the rows, `len({x}.columns)` for the columns",
      "features": "write `{x}.columns`",
      "column_names": "write `{x}.columns`",
      "images": "write `{x}[\"image\"]`",
      "captions": "write `{x}[\"caption\"]`",
      "texts": "write `{x}[\"caption\"]`",
      "select": "write `{x}[[0, 1]]`",
      "train_test_split": "write `a, b = split({x}, test: 0.5)`",
      "to_pandas": "write `table([{caption: row.caption} for row in {x}])`",
      "cast_column": "the columns of a data set keep their types",
      "with_format": "write `batches({x}, batch: 2)`",
      "set_format": "write `batches({x}, batch: 2)`",
    ],
    "data row": ["text": "write `{x}.caption`", "label": "write `{x}.caption`", "pixels": "write `tensor({x}.image)`"],
    "model": [
      "train": "write `train({x}, data, steps: 1)`; nothing is switched to training before",
      "[]": "write `{x}.parameters` for its parts",
      "eval":
        "write `evaluate({x}, data)` to measure; what it does while it trains, as dropout, it leaves out elsewhere by itself",
      "forward": "write `{x}(x)`",
      "weights": "write `{x}.parameters`",
      "layers": "write `describe({x})`, or `{x}.parameters`",
      "named_parameters": "write `{x}.parameters`, a map from names",
      "num_parameters": "write `describe({x})`",
      "count_params": "write `describe({x})`",
      "name": "write `{x}.config.model`",
      "summary": "write `describe({x})`",
      "compile": "write `train({x}, data, lr: 0.001)`; nothing is compiled before",
      "device": processors,
      "to": processors,
      "half": "numbers are float32",
      "state_dict": "write `{x}.parameters`",
      "freeze": "an optimizer changes the parameters that it is given, such as `adamw([w])`",
      "score": "write `evaluate({x}, data)`",
      "save_pretrained": "write `save({x}, \"checkpoint\")`",
      "save_weights": "write `save({x}, \"checkpoint\")`",
      "load_weights": "write `{x} = load_model(path)`",
    ],
    "layer": [
      "eval": "what it does only while it trains, as dropout, it leaves out elsewhere by itself",
      "forward": "write `{x}(x)`",
      "weights": "write `{x}.parameters`",
      "named_parameters": "write `{x}.parameters`, a map from names",
      "state_dict": "write `{x}.parameters`",
      "device": processors,
    ],
    "optimizer": [
      "param_groups": "write `{x}.lr = 0.01`",
      "learning_rate": "write `{x}.lr`",
      "minimize": "write `backward(loss)`, then `step({x})`",
      "apply_gradients": "write `backward(loss)`, then `step({x})`",
      "state_dict": "write `{x}.lr` and `{x}.steps`; its moments go on in `train(net, data, checkpoint: path)`",
    ],
    "tensor": [
      "data": "write `detach({x})`",
      "device": processors,
      "is_cuda": processors,
      "int": "write `tensor(floor({x}), dtype: \"int32\")`",
      "float": "write `tensor({x}, dtype: \"float32\")`",
      "double": "numbers are float32",
      "half": "numbers are float32",
      "bool": "write `{x} != 0`",
      "dtype_": "write `tensor({x}, dtype: \"int32\")`",
      "size": "write `{x}.shape`",
      "t": "write `{x}.T`",
      "count": "write `prod({x}.shape)`",
      "append": "write `concat([{x}, {x}])`",
      "index": "write `argmax({x} == 1)`",
      "is_leaf": "a parameter is made by `parameter({x})`",
    ],
    "plot": [
      "show": "write `show {x}`",
      "savefig": "write `save({x}, \"figure.svg\")`",
      "set_title": "the title is an argument: `plot([1, 2], title: \"Loss\")`",
      "set_xlabel": "the label is an argument: `plot([1, 2], xlabel: \"steps\")`",
      "legend": "`plot` draws one where there are several lines",
    ],
  ]

  /// The command that opens a value of a type from a path, where one does.
  package static func opener(of type: String) -> String? {
    ["data set": "load_dataset", "model": "load_model", "image": "read_image", "table": "read_table"][type]
  }

  /// Returns what to do where a command, or an index `[]`, does not take a value of a type as elsewhere, if that is known.
  package static func help(forCommand name: String, on type: String) -> String? {
    ofTypes[type]?[name].map { filled($0, with: "x") }
  }

  /// Returns how to say here what a field or method `name` of the value `owner` of a type is elsewhere, if it is one.
  ///
  /// The `arguments` of a call of it, as the script has them, stand in place of those of the example.
  package static func help(
    forField name: String, of owner: String, type: String, arguments: String? = nil
  ) -> String? {
    let own = type == "set" ? ofSets[name] : ofTypes[type]?[name]
    return own.map { filled($0, with: owner, arguments) } ?? help(forField: name, of: owner, arguments)
  }

  /// The field or method of values of a type elsewhere whose name is nearest to a misspelt one, or nil.
  package static func fieldNearest(to name: String, type: String) -> String? {
    Suggestion.best(for: name, in: (type == "set" ? ofSets : ofTypes[type] ?? [:]).keys.sorted())
  }

  /// A text with the value that it is about for `{x}`, and for `$(...)` the arguments of a call, or else what stands there.
  static func filled(_ text: String, with owner: String, _ arguments: String? = nil) -> String {
    var (text, place) = (text, text.startIndex)
    while let opener = text[place...].firstRange(of: "$("),
      let closer = text[opener.upperBound...].firstIndex(of: ")")
    {
      let offset = text.distance(from: text.startIndex, to: opener.lowerBound)
      let filling = arguments ?? String(text[opener.upperBound..<closer])
      text.replaceSubrange(opener.lowerBound...closer, with: filling)
      place = text.index(text.startIndex, offsetBy: offset + filling.count)
    }
    return text.replacing("{x}", with: owner)
  }
}
