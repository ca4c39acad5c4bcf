def place(row, n, columns, up, down):
    if row == n: return 1
    count = 0
    for c in range(n):
        if not columns[c] and not up[row + c] and not down[row - c + n]:
            columns[c] = True; up[row + c] = True; down[row - c + n] = True
            count += place(row + 1, n, columns, up, down)
            columns[c] = False; up[row + c] = False; down[row - c + n] = False
    return count
def work():
    n = 8
    return place(0, n, [False] * n, [False] * (2 * n), [False] * (2 * n + 1)) + place(0, 9, [False] * 9, [False] * 18, [False] * 19)
