from functools import reduce
def work():
    xs = list(range(300000))
    squares = list(map(lambda x: x * x % 1009, xs))
    even = list(filter(lambda x: x % 2 == 0, squares))
    total = reduce(lambda a, b: a + b, even)
    pairs = list(zip(xs, squares))
    best = 0
    for x, y in pairs:
        if y > best: best = y
    return f"{total} {best} {sorted(squares)[1000]} {sum(squares)} {min(even)} {max(even)}"
