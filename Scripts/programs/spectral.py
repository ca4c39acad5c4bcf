from math import sqrt
def a(i, j): return 1 / ((i + j) * (i + j + 1) / 2 + i + 1)
def times(v, swap):
    n = len(v)
    r = []
    for i in range(n):
        s = 0
        for j in range(n):
            if swap: s += a(j, i) * v[j]
            else: s += a(i, j) * v[j]
        r.append(s)
    return r
def work():
    u = [1] * 100
    v = u
    for i in range(10):
        v = times(times(u, False), True)
        u = times(times(v, False), True)
    x = 0; y = 0
    for i in range(len(u)):
        x += u[i] * v[i]; y += v[i] * v[i]
    return round(sqrt(x / y), 9)
