def skip(s, i):
    while i < len(s) and s[i] in " \n\t": i += 1
    return i
def parse(s, i):
    i = skip(s, i)
    c = s[i]
    if c == "{":
        m = {}
        i = skip(s, i + 1)
        while s[i] != "}":
            k, i = parse(s, i)
            i = skip(s, i)
            v, i = parse(s, i + 1)
            m[k] = v
            i = skip(s, i)
            if s[i] == ",": i = skip(s, i + 1)
        return m, i + 1
    if c == "[":
        xs = []
        i = skip(s, i + 1)
        while s[i] != "]":
            v, i = parse(s, i)
            xs.append(v)
            i = skip(s, i)
            if s[i] == ",": i = skip(s, i + 1)
        return xs, i + 1
    if c == "\"":
        j = i + 1
        while s[j] != "\"": j += 1
        return s[i + 1:j], j + 1
    if s[i:i + 4].startswith("true"): return True, i + 4
    if s[i:i + 5].startswith("false"): return False, i + 5
    if s[i:i + 4].startswith("null"): return None, i + 4
    j = i
    while j < len(s) and s[j] in "-+.0123456789eE": j += 1
    return float(s[i:j]), j
def dump(x):
    if isinstance(x, dict): return "{" + ",".join([f"\"{k}\":{dump(v)}" for k, v in x.items()]) + "}"
    if isinstance(x, list): return "[" + ",".join([dump(v) for v in x]) + "]"
    if isinstance(x, str): return "\"" + x + "\""
    if x is None: return "null"
    if x is True: return "true"
    if x is False: return "false"
    return f"{x:g}"
def work():
    rows = [{"id": i, "name": f"item {i}", "tags": ["a", "b"], "price": i * 1.5, "ok": i % 2 == 0, "none": None} for i in range(900)]
    text = dump(rows)
    again, end = parse(text, 0)
    good = len([r for r in again if r["ok"]])
    total = sum([r["id"] for r in again if r["price"] < 1000])
    return f"{len(again)} {good} {total:g} {dump(again[899])}"
