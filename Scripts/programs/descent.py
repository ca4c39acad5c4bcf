def peek(p): return p["text"][p["at"]] if p["at"] < len(p["text"]) else ""
def skip(p):
    while peek(p) == " ": p["at"] += 1
def factor(p):
    skip(p)
    c = peek(p)
    if c == "(":
        p["at"] += 1
        v = sum_of(p)
        skip(p)
        if peek(p) != ")": raise ValueError("missing )")
        p["at"] += 1
        return v
    if c == "-": p["at"] += 1; return -factor(p)
    start = p["at"]
    while peek(p) in "0123456789." and peek(p) != "": p["at"] += 1
    if start == p["at"]: raise ValueError(f"unexpected {c}")
    return float(p["text"][start:p["at"]])
def product(p):
    v = factor(p)
    skip(p)
    while peek(p) == "*" or peek(p) == "/":
        op = peek(p)
        p["at"] += 1
        w = factor(p)
        if op == "*": v *= w
        else: v /= w
        skip(p)
    return v
def sum_of(p):
    v = product(p)
    skip(p)
    while peek(p) == "+" or peek(p) == "-":
        op = peek(p)
        p["at"] += 1
        w = product(p)
        if op == "+": v += w
        else: v -= w
        skip(p)
    return v
def once():
    total = 0
    bad = 0
    for i in range(1500):
        text = f"(1 + {i}) * 2 - {i % 7} / 4 + -(3 * (2 + {i % 5}))"
        if i % 10 == 0: text += " + )"
        try: total += sum_of({"text": text, "at": 0})
        except ValueError as e: bad += 1
    return f"{total:.2f} {bad}"
def work():
    for i in range(1): once()
    return once()
