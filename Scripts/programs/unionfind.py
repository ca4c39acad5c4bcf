def root(p, i):
    while p[i] != i:
        p[i] = p[p[i]]
        i = p[i]
    return i
def once():
    n = 8000
    p = list(range(n))
    size = [1] * n
    x = 31
    for k in range(12000):
        x = x * 16807 % 2147483647
        a = root(p, x % n)
        x = x * 16807 % 2147483647
        b = root(p, x % n)
        if a == b: continue
        if size[a] < size[b]: a, b = b, a
        p[b] = a
        size[a] += size[b]
    return max(size)
def work():
    for i in range(9): once()
    return once()
