(comment) @comment
(cell) @markup.heading
(string) @string
(raw_string) @string
(format_string) @string
(escape) @string.escape
(value ["{" "}"] @punctuation.special)
(format) @string.special
(number) @number

["if" "else" "while" "for" "in" "try" "catch" "return" "raise" "break" "continue" "assert" "import" "as"] @keyword
["and" "or" "not"] @keyword.operator
["fn" "param"] @keyword.function
["true" "false" "nil"] @constant.builtin
((identifier) @constant.builtin (#any-of? @constant.builtin "pi" "inf" "nan"))

((identifier) @function.call . (parentheses))
("fn" . (identifier) @function)
("param" . (identifier) @variable.parameter)
("." . (identifier) @variable.member)
(parentheses (identifier) @variable.parameter . ":")
(braces (identifier) @property . ":")

; A command with its arguments behind it.
(source_file (line_end) . (identifier) @function.call . [(identifier) (string) (format_string) (number)])
(source_file . (identifier) @function.call . [(identifier) (string) (format_string) (number)])
(braces (line_end) . (identifier) @function.call . [(identifier) (string) (format_string) (number)])
