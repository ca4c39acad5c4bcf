def wrap(text, width):
    lines = []
    line = ""
    for w in text.split():
        if line == "": line = w
        elif len(line) + 1 + len(w) <= width: line += " " + w
        else: lines.append(line); line = w
    if line != "": lines.append(line)
    return lines
def shape(lines):
    wide = max(map(len, lines))
    out = []
    for i, l in enumerate(lines):
        number = f"{i + 1}"
        out.append(" " * (4 - len(number)) + number + " | " + l + " " * (wide - len(l)) + " |")
    return out
def work():
    text = "# Title\n\nSome *bold* text with `code` and a [link](http://example.com/a?b=c).\n- first\n- second item\n\n1. one\n" * 250
    blocks = []
    for line in text.split("\n"):
        if line.startswith("# "): blocks.append("<h1>" + line[2:] + "</h1>")
        elif line.startswith("- "): blocks.append("<li>" + line[2:] + "</li>")
        elif line == "": continue
        elif "*" in line:
            parts = line.split("*")
            blocks.append("<p>" + parts[0] + "<b>" + parts[1] + "</b>" + parts[2] + "</p>")
        else: blocks.append("<p>" + line.strip() + "</p>")
    html = "\n".join(blocks)
    n = 0
    for b in blocks:
        if b.endswith("</li>"): n += 1
    lines = shape(wrap(html.replace("<", "&lt;").replace(">", "&gt;"), 50))
    return f"{len(blocks)} {len(html)} {n} {len(lines)} {lines[3]}"
