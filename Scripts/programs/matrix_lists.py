def transpose(m): return [[row[j] for row in m] for j in range(len(m[0]))]
def multiply(a, b):
    t = transpose(b)
    return [[sum([x * y for x, y in zip(r, c)]) for c in t] for r in a]
def work():
    n = 40
    a = [[(i * j) % 7 - 3 for j in range(n)] for i in range(n)]
    b = [[(i + j) % 5 - 2 for j in range(n)] for i in range(n)]
    c = multiply(a, b)
    trace = sum([c[i][i] for i in range(n)])
    flat = [x for row in transpose(c) for x in row if x > 0]
    spiral = []
    m = [list(r) for r in c]
    while len(m) > 0:
        spiral += m[0]
        m = list(reversed(transpose(m[1:]))) if len(m) > 1 else []
    return f"{trace} {len(flat)} {max(flat)} {len(spiral)} {spiral[50]}"
