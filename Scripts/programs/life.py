def step(cells, w, h):
    new = []
    for y in range(h):
        row = []
        for x in range(w):
            n = 0
            for dy in [-1, 0, 1]:
                for dx in [-1, 0, 1]:
                    if dx != 0 or dy != 0: n += cells[(y + dy) % h][(x + dx) % w]
            row.append(1 if n == 3 or n == 2 and cells[y][x] == 1 else 0)
        new.append(row)
    return new
def work():
    w = 40; h = 30
    cells = [[1 if (x * 7 + y * 13) % 5 == 0 else 0 for x in range(w)] for y in range(h)]
    for i in range(20): cells = step(cells, w, h)
    return sum([sum(r) for r in cells])
