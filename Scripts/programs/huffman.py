def codes(node, prefix, out):
    if "symbol" in node:
        out[node["symbol"]] = prefix; return None
    codes(node["left"], prefix + "0", out)
    codes(node["right"], prefix + "1", out)
def once():
    text = ""
    x = 5
    for i in range(4000):
        x = x * 16807 % 2147483647
        text += "etaoin shrdlu"[x % 13 * (x % 7) // 7]
    counts = {}
    for c in text: counts[c] = counts.get(c, 0) + 1
    nodes = [{"symbol": c, "weight": n} for c, n in counts.items()]
    while len(nodes) > 1:
        nodes = sorted(nodes, key=lambda n: n["weight"])
        a = nodes[0]
        b = nodes[1]
        nodes = nodes[2:]
        nodes.append({"left": a, "right": b, "weight": a["weight"] + b["weight"]})
    table = {}
    codes(nodes[0], "", table)
    bits = "".join([table[c] for c in text])
    back = []
    node = nodes[0]
    for b in bits:
        node = node["left"] if b == "0" else node["right"]
        if "symbol" in node:
            back.append(node["symbol"])
            node = nodes[0]
    assert "".join(back) == text
    return len(bits)
def work():
    for i in range(9): once()
    return once()
