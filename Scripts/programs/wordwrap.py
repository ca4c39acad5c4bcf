def wrap(text, width):
    lines = []
    line = ""
    for word in text.split():
        if line == "": line = word
        elif len(line) + 1 + len(word) <= width: line += " " + word
        else: lines.append(line); line = word
    if line != "": lines.append(line)
    return lines
def title(s): return " ".join([w[0].upper() + w[1:] for w in s.split(" ")])
def palindrome(s):
    t = "".join([c for c in s.lower() if c in "abcdefghijklmnopqrstuvwxyz"])
    return t == t[::-1]
def once():
    text = "the quick brown fox jumps over the lazy dog while a man a plan a canal panama was never odd or even " * 20
    out = wrap(text, 40)
    n = 0
    for l in out: n += len(title(l)) + len(list(filter(lambda c: c == "o", l)))
    p = len(list(filter(palindrome, ["A man, a plan, a canal: Panama", "Never odd or even", "nope", "Was it a car or a cat I saw?"] * 50)))
    return f"{len(out)} {n} {p} {out[0].replace('quick', 'slow')}"
def work():
    for i in range(9): once()
    return once()
