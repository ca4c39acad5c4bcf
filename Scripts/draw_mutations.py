"""One-line changes of meaning at random places of Sources, for Scripts/mutate --draw.

A place is a line of code, an area as likely as it has lines, small ones a little likelier. What becomes of it is one of what can be said
wrongly there: a bound, a sum, a number off by one, a condition, the other of two, a call or a statement left out.
"""
import collections
import random
import re

AREAS = {
    "program": r"Sources/(Program|CReadline|CFault|CMPI|Ranks|Safepoint)/",
    "metrics": r"PixelBytes/Metrics/",
    "generation": r"PixelBytes/Generation/",
    "training": r"PixelBytes/Training/",
    "data": r"PixelBytes/(Data|Tokens|Settings)/",
    "operators": r"Sources/(Tensors|Kernels|PixelBytes)/",
    "language": r"Sources/PixelScript/",
    "formats": r"Sources/(Formats|CPNG|CJPEG|CGIF|CWebP|CCairo)/",
    "workbench": r"Sources/Workbench/",
}
STRENGTH = {"*": 9, "/": 9, "%": 9, "&": 9, "<<": 10, ">>": 10, "+": 8, "-": 8, "|": 8, "..<": 7, "...": 7, "??": 6, "<": 5, "<=": 5,
            ">": 5, ">=": 5, "==": 5, "!=": 5, "===": 5, "!==": 5, "&&": 4, "||": 3}  # fmt: skip
SIGN = "|".join(map(re.escape, sorted(STRENGTH, key=len, reverse=True)))
OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&", "+": "-", "-": "+", "*": "/", "/": "*"}
MEMBERS = {"first": ".last", "last": ".first", "min()": ".max()", "max()": ".min()", "lowercased()": "", "sorted()": "", "reversed()": "",
           "dropFirst()": "", "dropLast()": "", "isEmpty": ".count <= 1", "lowerBound": ".upperBound", "upperBound": ".lowerBound",
           "rows": ".columns", "columns": ".rows", "width": ".height", "height": ".width", "start": ".end", "end": ".start",
           "isFinite": ".isNaN", "magnitude": "", "count": ".count - 1"}  # fmt: skip
CALLS = {"prefix": "{}.prefix({} - 1)", "suffix": "{}.suffix({} - 1)", "rounded": "{}.rounded()", "contains": "false", "filter": "{}",
         "hasPrefix": "{}.contains({})", "hasSuffix": "{}.contains({})", "allSatisfy": "true", "sorted": "{}"}  # fmt: skip
NO_STATEMENT = (
    r"(let|var|return|throw|if|guard|for|while|case|default|else|func|static|private|public|package|init|break|continue|import|switch|do|"
    r"defer|repeat|struct|class|enum|indirect|fallthrough|override|mutating|final|int|long|float|double|const|void|char|typedef|"
    r"extension|where|protocol|typealias|nonisolated|fileprivate|self\.\w+ = )|[.}\])#@*/]")


def bare(line):
    """The line with its texts and its comment blanked."""
    line = re.sub(r'"(?:\\.|[^"\\])*"', lambda text: '"' + "_" * (len(text[0]) - 2) + '"', line)
    return re.sub("//.*", lambda text: " " * len(text[0]), line)


def start_of_operand(text, end, strength):
    """Where the operand begins that ends at a place, of an operator of some strength; None where that is not known."""
    place, depth = end, 0
    while place > 0:
        sign, before = text[place - 1], text[:place]
        if sign in ")]}":
            depth += 1
        elif sign in "([{":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0:
            if found := re.search(rf" ({SIGN}) $", before):
                if STRENGTH[found[1]] < strength:
                    break
                place = found.start()
                continue
            if sign in ",;" or re.search(r"( (\?|:|[-+*/|&]?=|->) |\b(in|if|else|return|case|where|guard|while|throw|await|try|unsafe|for) |\w: )$", before):
                break
        place -= 1
    word = re.match(r" *((if|guard|while|return|else|try|unsafe|await) )*", text[place:end])
    place += word.end()
    return place if depth == 0 and place < end and not re.match("(let|var|case|for) ", text[place:end]) else None


def end_of_operand(text, start, strength):
    place, depth = start, 0
    while place < len(text):
        sign, behind = text[place], text[place:]
        if sign in "([{":
            if depth == 0 and sign == "{" and place > start:
                break
            depth += 1
        elif sign in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0:
            if found := re.match(rf" ({SIGN}) ", behind):
                if STRENGTH[found[1]] <= strength:
                    break
                place += found.end()
                continue
            if sign in ",;" or re.match(r" (\?|:|[-+*/]?=|else|where|in|as|is)( |$)", behind):
                break
        place += 1
    operand = text[start:place].rstrip()
    return start + len(operand) if depth == 0 and operand and not re.search(rf"({SIGN})$", operand) else None


def start_of_chain(text, end):
    """Where what a member is asked of begins."""
    place, depth = end, 0
    while place > 0:
        sign = text[place - 1]
        if sign in ")]":
            depth += 1
        elif sign in "([":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and not re.match(r"[\w.$?!]", sign):
            break
        place -= 1
    return place if depth == 0 and place < end and (place == 0 or text[place - 1] != "}") else None


def end_of_brackets(text, start):
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if depth == 0:
            return place + 1
    return None


def conditions(text):
    """The places of the plain conditions of an `if`, `guard` or `while`."""
    if not (head := re.match(r"\s*(?:\} else )?(?:if|guard|while) ", text)):
        return
    depth, start = 0, head.end()
    for place in range(start, len(text)):
        sign = text[place]
        ends = depth == 0 and (sign in ",{" or text.startswith(" else", place))
        if ends:
            if not re.match(r" *(let|var|case|#|try|unsafe|await)\b", text[start:place]):
                yield start + len(text[start:place]) - len(text[start:place].lstrip()), start + len(text[start:place].rstrip())
            if sign != ",":
                return
            start = place + 1
        depth += (sign in "([{") - (sign in ")]}")


def changes(line, before, behind, is_swift):
    """What can be said wrongly in a line: kind, start, end, and what stands there instead."""
    text, found = bare(line), []
    if re.match(r"\s*(enum|typealias|import|struct|class|protocol|extension|case|default|[@#])", text):
        return found

    def add(kind, start, end, new):
        if start is not None and end is not None and start < end and line[start:end] != new:
            found.append((kind, start, end, new))

    for sign in re.finditer(rf" ({SIGN}) ", text):
        start, end = start_of_operand(text, sign.start(), STRENGTH[sign[1]]), end_of_operand(text, sign.end(), STRENGTH[sign[1]])
        if start is None or end is None:
            continue
        left, right = line[start : sign.start()], line[sign.end() : end]
        if sign[1] == "??":
            add("default", start, end, right)
        elif sign[1] in OTHER:
            kind = "logic" if sign[1] in ("&&", "||") else "sum" if sign[1] in "+-*/" else "bound"
            add(kind, start, end, random.choice([f"{left} {OTHER[sign[1]]} {right}", left if kind != "bound" else ""]) or f"{left} {OTHER[sign[1]]} {right}")
    for number in re.finditer(r"(?<![\w.$#\"])(\d+)(?![\w.])", text):
        value = int(number[1])
        add("number", *number.span(), str(random.choice([value + 1, max(value - 1, 0)])))
    for call in re.finditer(r"(?<![\w.])(Swift\.)?(min|max)\(", text):
        if end := end_of_brackets(text, call.end() - 1):
            other = "max" if call[2] == "min" else "min"
            add("extreme", call.start(), end, (call[1] or "") + other + line[call.end() - 1 : end])
    for choice in re.finditer(r" \? ", text):
        truth = ["true", "false"] if is_swift else ["1", "0"]
        add("choice", start_of_operand(text, choice.start(), 2), choice.start(), random.choice(truth))
    is_whole = all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))
    goes_on = re.match(r"\s*([.?:{]|&&|\|\||[-+*/|] )", behind) or re.search(r"([,(\[=?:+\-{]|&&|\|\||\bin)\s*$", before) and not before.rstrip().endswith("{")
    if is_whole and not goes_on and not re.match(NO_STATEMENT, text.strip()) and "{ " not in text:
        if re.match(r"\s*(try )?[\w.\[\]()+$?!, *:-]+ [-+*/|&]?= \S|\s*(try |_ = )*[\w.?!]+\(.*\);?$", text) and (is_swift or text.rstrip().endswith(";")):
            add("statement", len(line) - len(line.lstrip()), len(line.rstrip()), "")
    if not is_swift:
        return found
    for truth in re.finditer(r"(?<![\w.])(true|false)(?!\w)", text):
        add("truth", *truth.span(), "false" if truth[1] == "true" else "true")
    for member in re.finditer(r"\.(" + "|".join(map(re.escape, [*MEMBERS, *CALLS])) + r")(?!\w)", text):
        start, end, name = start_of_chain(text, member.start()), member.end(), member[1]
        if start is None:
            continue
        base, brackets = line[start : member.start()], re.match(r"\(| \{", text[end:])
        if brackets and (name in CALLS or name in ("first", "last")):
            inner_end = end_of_brackets(text, end + brackets.end() - 1)
            if inner_end and name in CALLS:
                add("member", start, inner_end, CALLS[name].format(base, line[end + brackets.end() : inner_end - 1]))
            elif inner_end:
                add("member", start, inner_end, base + MEMBERS[name] + line[end:inner_end])
        elif name in MEMBERS and not brackets and not re.match(r" [-+]?= ", text[end:]):
            add("member", start, end, base + MEMBERS[name])
    for end in re.finditer(r"(?:\.\.<|\.\.\.)([\w.]+(?:\([^()]*\))?)", text):
        add("range", *end.span(1), line[end.start(1) : end.end(1)] + " - 1")
    for start, end in conditions(text):
        add("condition", start, end, random.choice(["true", "false", f"!({line[start:end]})"]))
    for pair in re.finditer(r"\((\w+: )?([\w.$]+), (\w+: )?([\w.$]+)\)", text):
        if not re.search(r"(func \w+|init|let|var) ?$", text[: pair.start()]) and not re.match(" =|:| in| ->", text[pair.end() :]):
            swapped = f"({pair[1] or ''}{pair[4]}, {pair[3] or ''}{pair[2]})"
            if called := re.search(r"[\w.]+$", text[: pair.start()]):
                add("pair", called.start(), pair.end(), called[0] + swapped)
            else:
                add("pair", *pair.span(), swapped)
    return found


def code(path):
    """The lines that are code, with their number and the lines around them."""
    lines, inside = path.read_text().split("\n"), False
    for number, line in enumerate(lines):
        if '"""' in line:
            inside ^= line.count('"""') == 1
        elif not inside and line.strip() and not re.match(r"\s*(//|/?\*|#)", line) and not line.endswith("\\"):
            yield number, line, lines[number - 1] if number else "", lines[number + 1] if number + 1 < len(lines) else ""


def around(text, start, end, first, last):
    """The least of the line around a place that stands once in its text."""
    for reach in range(last - first + 1):
        left, right = max(start - reach, first), min(end + reach, last)
        while left > first and re.match(r"\w\w", text[left - 1 : left + 1]):
            left -= 1
        while right < last and re.match(r"\w\w", text[right - 1 : right + 1]):
            right += 1
        if text.count(text[left:right]) == 1:
            before, behind = text[left:start].lstrip(), text[end:right].rstrip()
            return (before, behind) if text.count(before + text[start:end] + behind) == 1 else (text[left:start], text[end:right])
    return None


def draw(root, count, seed):
    """By area, so many changes as (file, before, old, behind, new), each of another line."""
    random.seed(seed)
    lines = collections.defaultdict(list)
    for path in sorted((root / "Sources").rglob("*.*")):
        file = str(path.relative_to(root))
        area = next((area for area, pattern in AREAS.items() if re.search(pattern, file)), None)
        if area and path.suffix in (".swift", ".c", ".h") and "/include/" not in file:
            lines[area] += [(path, file, *line) for line in code(path)]
    total, drawn = sum(map(len, lines.values())), collections.defaultdict(list)
    for area, places in lines.items():
        random.shuffle(places)
        met = collections.Counter()
        for path, file, number, line, before, behind in places:
            if len(drawn[area]) >= max(count * len(places) / total, count / 18):
                break
            text = path.read_text()
            first = sum(len(part) + 1 for part in text.split("\n")[:number])
            found = [one for one in changes(line, before, behind, path.suffix == ".swift") if not re.search("[⟦⟧⏎]", line + one[3])]
            if not found:
                continue
            kind = min({one[0] for one in found}, key=lambda kind: (met[kind], random.random()))
            _, start, end, new = random.choice([one for one in found if one[0] == kind])
            if context := around(text, first + start, first + end, first, first + len(line)):
                met[kind] += 1
                drawn[area].append((file, context[0], line[start:end], context[1], new))
    return drawn
