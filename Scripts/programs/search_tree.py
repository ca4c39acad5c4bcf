def insert_key(t, k, v):
    if t is None: return {"key": k, "value": v, "left": None, "right": None}
    if k < t["key"]: t["left"] = insert_key(t["left"], k, v)
    elif k > t["key"]: t["right"] = insert_key(t["right"], k, v)
    else: t["value"] = v
    return t
def find_key(t, k):
    while t is not None:
        if k == t["key"]: return t["value"]
        t = t["left"] if k < t["key"] else t["right"]
    return None
def depth(t): return 0 if t is None else 1 + max(depth(t["left"]), depth(t["right"]))
def walk(t, out):
    if t is None: return None
    walk(t["left"], out)
    out.append(t["key"])
    walk(t["right"], out)
def work():
    t = None
    x = 41
    for i in range(3000): x = x * 16807 % 2147483647; t = insert_key(t, x % 100000, i)
    hits = 0
    for i in range(6000):
        if find_key(t, i * 13) is not None: hits += 1
    out = []
    walk(t, out)
    return f"{len(out)} {depth(t)} {hits} {out[100]}"
