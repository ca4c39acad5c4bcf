def factors(n):
    out = []
    d = 2
    while d * d <= n:
        while n % d == 0: out.append(d); n = n // d
        d += 1
    if n > 1: out.append(n)
    return out
def gcd(a, b):
    while b != 0: a, b = b, a % b
    return a
def once():
    total = 0
    for n in range(2, 3000): total += len(factors(n))
    g = 0
    for a in range(1, 150):
        for b in range(1, 150):
            if gcd(a, b) == 1: g += 1
    return f"{total} {g}"
def work():
    for i in range(9): once()
    return once()
