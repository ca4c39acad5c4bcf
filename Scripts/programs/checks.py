def field(row, name, kind):
    if name not in row: raise KeyError(f"missing {name}")
    v = row[name]
    if type(v) != kind: raise TypeError(f"{name} is a {type(v)}")
    return v
def safe(f):
    try: return [f(), None]
    except (IndexError, KeyError, ZeroDivisionError, ValueError) as e: return [None, type(e).__name__]
def work():
    rows = [{"id": i, "name": f"n{i}"} if i % 3 == 0 else {"id": f"{i}", "name": "x"} if i % 3 == 1 else {"name": "z"} for i in range(9000)]
    kinds = {}
    total = 0
    for row in rows:
        try:
            total += field(row, "id", int)
            total += len(field(row, "name", str))
        except (KeyError, TypeError) as e: kinds[type(e).__name__] = kinds.get(type(e).__name__, 0) + 1
    xs = [1, 2, 3]
    m = {"a": 1}
    out = {}
    for i in range(3000):
        for r in [safe(lambda: xs[i % 5]), safe(lambda: m["a" if i % 2 == 0 else "b"]), safe(lambda: 1 / (i % 2)), safe(lambda: float("7" if i % 3 == 0 else "seven"))]:
            key = r[1] if r[1] is not None else "fine"
            out[key] = out.get(key, 0) + 1
    return f"{total} {kinds['KeyError']} {kinds['TypeError']} {out['fine']} {out['IndexError']} {out['KeyError']} {out['ValueError'] + out['ZeroDivisionError']}"
