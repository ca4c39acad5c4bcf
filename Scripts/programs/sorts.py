def insertion(xs):
    xs = list(xs)
    for i in range(1, len(xs)):
        x = xs[i]
        j = i - 1
        while j >= 0 and xs[j] > x: xs[j + 1] = xs[j]; j -= 1
        xs[j + 1] = x
    return xs
def quick(xs):
    if len(xs) < 2: return xs
    p = xs[len(xs) // 2]
    return quick([x for x in xs if x < p]) + [x for x in xs if x == p] + quick([x for x in xs if x > p])
def bubble(xs):
    xs = list(xs)
    n = len(xs)
    for i in range(n):
        for j in range(n - 1 - i):
            if xs[j] > xs[j + 1]: xs[j], xs[j + 1] = xs[j + 1], xs[j]
    return xs
def sift(xs, i, n):
    while True:
        m = i
        l = 2 * i + 1
        if l < n and xs[l] > xs[m]: m = l
        if l + 1 < n and xs[l + 1] > xs[m]: m = l + 1
        if m == i: return
        xs[i], xs[m] = xs[m], xs[i]
        i = m
def heap(xs):
    xs = list(xs)
    n = len(xs)
    for i in range(n // 2 - 1, -1, -1): sift(xs, i, n)
    for k in range(n - 1, 0, -1):
        xs[0], xs[k] = xs[k], xs[0]
        sift(xs, 0, k)
    return xs
def work():
    x = 3
    xs = []
    for i in range(400): x = x * 16807 % 2147483647; xs.append(x % 1000)
    r = sorted(xs)
    n = 0
    for f in [insertion, quick, bubble, heap]:
        if f(xs) == r: n += 1
    for i in range(30): n += quick(xs)[i] + heap(xs)[-1 - i]
    return n
