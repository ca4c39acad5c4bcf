def once():
    items = []
    x = 11
    for i in range(40):
        x = x * 16807 % 2147483647
        items.append({"weight": x % 30 + 1, "value": x % 101})
    cap = 400
    best = [0] * (cap + 1)
    for item in items:
        for c in range(cap, item["weight"] - 1, -1):
            v = best[c - item["weight"]] + item["value"]
            if v > best[c]: best[c] = v
    return best[cap]
def work():
    for i in range(9): once()
    return once()
