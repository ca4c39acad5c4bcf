from functools import reduce
def work():
    rows = []
    for i in range(60000): rows.append({"name": f"n{i * 7919 % 60000}", "age": i % 90, "score": i * 31 % 1000})
    old = list(filter(lambda r: r["age"] >= 40, rows))
    by_name = sorted(old, key=lambda r: r["name"])
    total = reduce(lambda a, b: a + b, map(lambda r: r["score"], by_name), 0)
    oldest = max(map(lambda r: r["age"], rows))
    return f"{by_name[0]['name']} {by_name[100]['name']} {total} {oldest}"
