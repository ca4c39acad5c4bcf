from functools import reduce
def compose(fs): return lambda x: reduce(lambda v, f: f(v), fs, x)
def make_counter():
    n = 0
    def count():
        nonlocal n
        n += 1; return n
    return count
def once():
    c = make_counter()
    f = compose([lambda x: x + 1, lambda x: x * 2, lambda x: x % 1000])
    xs = list(map(f, range(4000)))
    ys = list(filter(lambda x: x % 3 == 0, xs))
    pairs = list(zip(ys, list(map(lambda y: c(), ys))))
    t = 0
    for a, b in pairs: t += a * b
    g = {}
    for y in ys:
        k = "even" if y % 2 == 0 else "odd"
        if k in g: g[k].append(y)
        else: g[k] = [y]
    return f"{t} {len(g['even'])} {len(list(filter(lambda y: y > 990, ys)))}"
def work():
    for i in range(9): once()
    return once()
