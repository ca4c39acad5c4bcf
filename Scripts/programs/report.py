def once():
    lines = []
    for i in range(2500): lines.append(f"2024-{i % 12 + 1:02}-{i % 28 + 1:02};item{i % 37};{i * 7 % 101 / 4:.2f};{i % 5}")
    text = "\n".join(lines)
    by_month = {}
    for line in text.split("\n"):
        day, item, price, n = line.split(";")
        month = day[:7]
        row = by_month.get(month)
        if row is None:
            row = {"total": 0, "items": {}}; by_month[month] = row
        amount = float(price) * float(n)
        row["total"] += amount
        row["items"][item] = row["items"].get(item, 0) + amount
    out = []
    for month in sorted(by_month.keys()):
        row = by_month[month]
        best = sorted(row["items"].keys(), key=lambda k: -row["items"][k])[0]
        out.append(f"{month} {row['total']:10.2f} {best:<8} {len(row['items']):3}")
    return "|".join(out)
def work():
    for i in range(9): once()
    return once()
