// The tokens of PixelBytes scripts, nested by their brackets. A test compares words and signs with those of the language.
const KEYWORDS = [
  'and', 'as', 'assert', 'break', 'catch', 'continue', 'else', 'false', 'fn', 'for', 'if', 'import', 'in', 'nil', 'not',
  'or', 'param', 'raise', 'return', 'true', 'try', 'while',
];

// Brackets have rules of their own.
const SIGNS = [
  '**', '//', '==', '!=', '<=', '>=', '+=', '-=', '*=', '/=', '|=', '&=', '^=', '+', '-', '*', '/', '%', '@', '|', '&',
  '^', '<', '>', '=', ',', ':', ';', '.', '?',
];

const within = (open, content, close) => seq(open, repeat(content), token.immediate(close));

module.exports = grammar({
  name: 'pxb',
  extras: $ => [/[ \t\r\u00A0]/],
  word: $ => $.identifier,

  rules: {
    source_file: $ => repeat($._item),

    _item: $ => choice(
      $.line_end, $.cell, $.comment, $.string, $.raw_string, $.format_string, $.number, $.identifier,
      $.parentheses, $.brackets, $.braces, ...KEYWORDS, ...SIGNS,
    ),

    // A line end closes a statement outside of parentheses and brackets.
    line_end: $ => /\n/,
    cell: $ => token(prec(2, /# ?%%[^\n]*/)),
    comment: $ => token(prec(1, /#[^\n]*/)),

    parentheses: $ => seq('(', repeat($._item), ')'),
    brackets: $ => seq('[', repeat($._item), ']'),
    // A block or a map.
    braces: $ => seq('{', repeat($._item), '}'),

    identifier: $ => /[_\p{XID_Start}][_\p{XID_Continue}]*/,
    number: $ => token(choice(
      /0[xX][0-9A-Fa-f]+(_[0-9A-Fa-f]+)*/,
      /[0-9]+(_[0-9]+)*(\.[0-9]+(_[0-9]+)*)?([eE][-+]?[0-9]+)?/,
      /\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+)?/,
    )),

    string: $ => choice(
      within('"', choice($.escape, alias(token.immediate(prec(1, /[^"\\\n]+/)), $.text)), '"'),
      within("'", choice($.escape, alias(token.immediate(prec(1, /[^'\\\n]+/)), $.text)), "'"),
      within('"""', choice($.escape, alias(token.immediate(prec(1, /[^"\\]+|""?[^"\\]/)), $.text)), '"""'),
      within("'''", choice($.escape, alias(token.immediate(prec(1, /[^'\\]+|''?[^'\\]/)), $.text)), "'''"),
    ),
    raw_string: $ => token(choice(
      /r"[^"\n]*"/, /r'[^'\n]*'/, /r"""([^"]|""?[^"])*"""/, /r'''([^']|''?[^'])*'''/,
    )),
    format_string: $ => choice(
      within('f"', choice($.escape, $.value, alias(token.immediate(prec(1, /[^"\\\n{}]+|\{\{|\}\}/)), $.text)), '"'),
      within("f'", choice($.escape, $.value, alias(token.immediate(prec(1, /[^'\\\n{}]+|\{\{|\}\}/)), $.text)), "'"),
      within('f"""', choice(
        $.escape, $.value, alias(token.immediate(prec(1, /[^"\\{}]+|""?[^"\\{}]|\{\{|\}\}/)), $.text)), '"""'),
      within("f'''", choice(
        $.escape, $.value, alias(token.immediate(prec(1, /[^'\\{}]+|''?[^'\\{}]|\{\{|\}\}/)), $.text)), "'''"),
    ),
    // `{x}`, `{x!r}`, `{x=}`, `{x:.2f}` and `{x:{width}.2f}`.
    value: $ => seq(token.immediate('{'), repeat($._item), optional($.conversion), optional($.format), '}'),
    conversion: $ => /![rs]/,
    format: $ => seq(
      token(prec(2, ':')), repeat(choice($.value, alias(token.immediate(prec(1, /[^{}"'\n]+/)), $.text)))),
    escape: $ => token.immediate(/\\([ntr0\\"']|x[0-9A-Fa-f]{2}|u\{[0-9A-Fa-f]{1,6}\}|\n|.)/),
  },
});
