def hanoi(n, a, b, c, moves):
    if n == 0: return None
    hanoi(n - 1, a, c, b, moves)
    moves.append([a, c])
    hanoi(n - 1, b, a, c, moves)
def flatten(x):
    if not isinstance(x, list): return [x]
    out = []
    for y in x: out += flatten(y)
    return out
def nest(n): return [n] if n == 0 else [n, nest(n - 1), [nest(n - 2) if n > 1 else 0]]
def subsets(xs):
    if len(xs) == 0: return [[]]
    rest = subsets(xs[1:])
    return rest + [[xs[0]] + r for r in rest]
def gcd(a, b): return a if b == 0 else gcd(b, a % b)
def ackermann(m, n):
    if m == 0: return n + 1
    if n == 0: return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))
def work():
    moves = []
    hanoi(13, "A", "B", "C", moves)
    deep = flatten(nest(14))
    all_of = subsets(list(range(12)))
    g = 0
    for i in range(1, 200):
        for j in range(1, 60):
            if gcd(i, j) == 1: g += 1
    return f"{len(moves)} {str(moves[100]).replace(chr(39), chr(34))} {len(deep)} {sum(deep)} {len(all_of)} {g} {ackermann(2, 60)}"
