def multiply(a, b):
    n = len(a)
    c = []
    for i in range(n):
        row = []
        ai = a[i]
        for j in range(n):
            s = 0
            for k in range(n): s += ai[k] * b[k][j]
            row.append(s)
        c.append(row)
    return c
def work():
    n = 90
    a = list(map(lambda i: list(map(lambda j: i - j, range(n))), range(n)))
    c = multiply(a, multiply(a, a))
    return c[3][5]
