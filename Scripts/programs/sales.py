def once():
    lines = ["day,shop,item,count,price"]
    items = ["tea", "milk", "bread", "jam"]
    for i in range(6000): lines.append(f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d},shop{i % 5},{items[i * 7 % 4]},{i % 9 + 1},{i % 50 / 10 + 1}")
    head = lines[0].split(",")
    rows = []
    for line in lines[1:]:
        row = {}
        for name, cell in zip(head, line.split(",")): row[name] = cell
        row["count"] = float(row["count"])
        row["price"] = float(row["price"])
        row["total"] = row["count"] * row["price"]
        rows.append(row)
    months = {}
    for r in rows:
        key = r["day"][:7]
        if key not in months: months[key] = {"total": 0, "shops": {}}
        m = months[key]
        m["total"] += r["total"]
        m["shops"][r["shop"]] = m["shops"].get(r["shop"], 0) + r["total"]
    best = sorted(months.keys(), key=lambda k: months[k]["total"])[-1]
    shop = max([[t, s] for s, t in months[best]["shops"].items()])
    big = [r for r in rows if r["item"] == "tea" and r["total"] > 30]
    return f"{best} {months[best]['total']:.2f} {shop[1]} {len(big)}"
def work():
    for i in range(2): once()
    return once()
