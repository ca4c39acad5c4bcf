def solve(a, b):
    n = len(a)
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(a[i][k]) > abs(a[p][k]): p = i
        a[k], a[p] = a[p], a[k]
        b[k], b[p] = b[p], b[k]
        for i in range(k + 1, n):
            f = a[i][k] / a[k][k]
            for j in range(k, n): a[i][j] -= f * a[k][j]
            b[i] -= f * b[k]
    x = [0] * n
    for i in range(n - 1, -1, -1):
        s = b[i]
        for j in range(i + 1, n): s -= a[i][j] * x[j]
        x[i] = s / a[i][i]
    return x
def once():
    n = 45
    a = [[(i * 31 + j * 17) % 23 + (50 if i == j else 0) for j in range(n)] for i in range(n)]
    b = [i % 7 for i in range(n)]
    return round(sum(solve(a, b)), 6)
def work():
    for i in range(9): once()
    return once()
