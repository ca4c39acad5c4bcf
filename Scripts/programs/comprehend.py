def work():
    xs = [i * 31 % 101 for i in range(200000)]
    a = sum([x * x for x in xs if x % 2 == 0])
    b = {f"k{x}": x for x in xs}
    pairs = [[x, y] for x in range(300) for y in range(300) if (x + y) % 7 == 0]
    flat = [v for row in pairs for v in row]
    z = zip(xs, reversed(xs))
    c = 0
    for p, q in z: c += p * q
    for i, x in enumerate(xs): c += i * x
    e = all(map(lambda x: x >= 0, xs))
    return f"{a} {len(b)} {len(pairs)} {sum(flat)} {c} {str(e).lower()}"
