/// How the page of a notebook looks, in light and in dark, on wide screens, on phones and on paper.
enum HTMLStyle {
  /// The style sheet.
  static let text = """
    :root { --text: #1d2129; --soft: #5b6472; --back: #fff; --code: #f5f6f8; --line: #dfe3e8; --link: #0a58ca; --bad: #b3261e; --bad-back: #fdecea; --word: #8250df; --string: #0a6847; --number: #0550ae; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #e3e6eb; --soft: #9aa4b2; --back: #14171c; --code: #1e232b; --line: #343b46; --link: #7ab3ff; --bad: #ff8a80; --bad-back: #3a1f1e; --word: #d2a8ff; --string: #7ee0b0; --number: #8cc8ff; }
      .plot svg { filter: invert(.9) hue-rotate(180deg); }
      .plot.bright svg { filter: none; border-radius: 4px; }
    }
    * { box-sizing: border-box; }
    html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.6 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
    main { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
    h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 .6em; }
    h2 { font-size: 1.35rem; line-height: 1.3; margin: 1.6em 0 .5em; }
    h3 { font-size: 1.1rem; margin: 1.4em 0 .4em; }
    p, ul, ol, blockquote, table, pre, details { margin: 0 0 1em; }
    a { color: var(--link); }
    pre, code { font: .85rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    code { background: var(--code); padding: .1em .3em; border-radius: 3px; overflow-wrap: break-word; }
    pre { overflow-x: auto; padding: .7rem .9rem; border-radius: 6px; background: var(--code); tab-size: 2; }
    pre code { padding: 0; background: none; overflow-wrap: normal; }
    pre.out, .out > pre { background: none; border-left: 3px solid var(--line); border-radius: 0; padding: .1rem .9rem; max-height: 32rem; overflow: auto; }
    pre.error { background: var(--bad-back); color: var(--bad); }
    .code .c { color: var(--soft); } .code .k { color: var(--word); } .code .s { color: var(--string); } .code .n { color: var(--number); }
    summary { cursor: pointer; color: var(--soft); font-size: .85rem; margin-bottom: .3rem; }
    .cell { margin: 0 0 1.5rem; }
    .out { margin: 0 0 1em; }
    .note, .remark, footer { color: var(--soft); font-size: .9rem; }
    .remark { border-left: 3px solid var(--bad); padding-left: .8rem; }
    footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .6rem; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; white-space: nowrap; }
    .text td { white-space: normal; }
    th { font-weight: 600; }
    figure { vertical-align: top; max-width: 100%; }
    figcaption { font-size: .8rem; color: var(--soft); max-width: 9rem; line-height: 1.35; }
    img { max-width: 100%; height: auto; }
    .plot svg { max-width: 100%; height: auto; display: block; }
    blockquote { border-left: 3px solid var(--line); padding-left: .9rem; color: var(--soft); }
    nav { font-size: .9rem; padding: 1.25rem 1.25rem 0; max-width: 54rem; margin: 0 auto; }
    nav ul { list-style: none; margin: 0; padding: 0; }
    nav a { text-decoration: none; display: block; padding: .1rem 0; }
    nav .level2 { padding-left: .8rem; } nav .level3 { padding-left: 1.6rem; }
    @media (min-width: 76rem) {
      nav { position: fixed; top: 0; left: 0; width: 15rem; height: 100%; overflow-y: auto; border-right: 1px solid var(--line); }
      body { padding-left: 15rem; }
    }
    @media (max-width: 44rem) { .plot { overflow-x: auto; } .plot svg { max-width: none; } }
    @media print {
      nav { display: none; }
      body { padding: 0; }
      main { max-width: none; padding: 0; }
      pre, pre code { white-space: pre-wrap; overflow-wrap: anywhere; }
      pre, pre.out, .out > pre, .wide { max-height: none; overflow: visible; }
      table { font-size: .7rem; }
      th, td { padding: .15rem .4rem; white-space: normal; }
      h1, h2, h3 { break-after: avoid; }
      figure, .plot, tr { break-inside: avoid; }
    }

    """
}
