def cache(size): return {"size": size, "entries": {}, "hits": 0, "misses": 0}
def look(c, key):
    if key in c["entries"]:
        c["hits"] += 1
        v = c["entries"].pop(key)
        c["entries"][key] = v
        return v
    c["misses"] += 1
    v = key * 2
    c["entries"][key] = v
    if len(c["entries"]) > c["size"]:
        for old in c["entries"]:
            c["entries"].pop(old); break
    return v
def work():
    c = cache(300); x = 13; total = 0
    for i in range(120000):
        x = x * 16807 % 2147483647
        total += look(c, x % 900 * (x % 3) // 2)
    return f"{c['hits']} {c['misses']} {total}"
