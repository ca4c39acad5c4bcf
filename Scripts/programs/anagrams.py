def work():
    words = []; x = 7
    for i in range(30000):
        w = ""
        for k in range(5):
            x = x * 16807 % 2147483647; w += "abcdefgh"[x % 8]
        words.append(w)
    groups = {}
    for w in words:
        key = "".join(sorted(list(w)))
        if key in groups: groups[key].append(w)
        else: groups[key] = [w]
    best = sorted(groups.values(), key=lambda g: [-len(g), g[0]])
    return f"{len(groups)} {len(best[0])} {best[0][0]} {best[5][0]}"
