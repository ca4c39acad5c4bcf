def merge(a, b):
    out = []
    i = 0
    j = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]: out.append(a[i]); i += 1
        else: out.append(b[j]); j += 1
    return out + a[i:] + b[j:]
def msort(xs):
    if len(xs) <= 1: return xs
    m = len(xs) // 2
    return merge(msort(xs[:m]), msort(xs[m:]))
def quick(xs):
    if len(xs) <= 1: return xs
    p = xs[len(xs) // 2]
    return quick([x for x in xs if x < p]) + [x for x in xs if x == p] + quick([x for x in xs if x > p])
def work():
    xs = []
    x = 3
    for i in range(5000): x = x * 16807 % 2147483647; xs.append(x % 10000)
    a = msort(xs)
    b = quick(xs)
    assert a == b
    return a[2500]
