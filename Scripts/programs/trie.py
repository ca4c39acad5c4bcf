def insert(root, word):
    node = root
    for c in word:
        if c not in node["kids"]: node["kids"][c] = {"kids": {}, "count": 0, "end": False}
        node = node["kids"][c]
        node["count"] += 1
    node["end"] = True
def collect(node, prefix, out):
    if node["end"]: out.append(prefix)
    for c in sorted(node["kids"].keys()): collect(node["kids"][c], prefix + c, out)
def starting(root, prefix):
    node = root
    for c in prefix:
        if c not in node["kids"]: return []
        node = node["kids"][c]
    out = []
    collect(node, prefix, out)
    return out
def once():
    root = {"kids": {}, "count": 0, "end": False}
    x = 1
    for i in range(4000):
        w = ""
        for k in range(3 + i % 6): x = x * 16807 % 2147483647; w += "etaoinshr"[x % 9]
        insert(root, w)
    all = starting(root, "")
    return f"{len(all)} {all[100]} {len(starting(root, 'tea'))} {root['kids']['t']['kids']['h']['count']}"
def work():
    for i in range(1): once()
    return once()
