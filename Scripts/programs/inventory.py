def work():
    stock = {}
    log = []
    refused = 0
    for i in range(40000):
        item = f"part-{i * 7 % 50}"
        count = i * 13 % 17 + 1
        if item not in stock: stock[item] = {"count": 0, "moves": 0, "tags": set()}
        entry = stock[item]
        try:
            if i % 3 == 0:
                if entry["count"] < count: raise ValueError(f"not enough {item}")
                entry["count"] -= count
            else: entry["count"] += count
            entry["moves"] += 1
            if i % 10 == 0: log.append([item, entry["count"]])
        except ValueError as e:
            refused += 1
    low = sorted([k for k, v in stock.items() if v["count"] < 2400])
    best = sorted(stock.values(), key=lambda e: -e["count"])[0]
    return f"{refused} {len(log)} {len(low)} {best['count']} {best['moves']} {low[0]}"
