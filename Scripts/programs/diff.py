def diff(a, b):
    n = len(a)
    m = len(b)
    t = [[0] * (m + 1) for i in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            t[i][j] = t[i + 1][j + 1] + 1 if a[i] == b[j] else max(t[i + 1][j], t[i][j + 1])
    out = []
    i = 0
    j = 0
    while i < n and j < m:
        if a[i] == b[j]: out.append("  " + a[i]); i += 1; j += 1
        elif t[i + 1][j] >= t[i][j + 1]: out.append("- " + a[i]); i += 1
        else: out.append("+ " + b[j]); j += 1
    for l in a[i:]: out.append("- " + l)
    for l in b[j:]: out.append("+ " + l)
    return out
def once():
    old = [f"line {i * i % 37}: some text that stays" for i in range(150)]
    new = [l.replace("some", "any") if i % 9 == 0 else l for i, l in enumerate(old) if i % 7 != 3]
    n = 0
    for k in range(4): out = diff(old, new); n += len(list(filter(lambda l: l[0] == "+", out)))
    return f"{len(out)} {n} {out[0]}"
def work():
    for i in range(5): once()
    return once()
