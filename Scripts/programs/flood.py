def regions(grid):
    h = len(grid)
    w = len(grid[0])
    seen = [[False] * w for y in range(h)]
    sizes = []
    for y in range(h):
        for x in range(w):
            if seen[y][x] or grid[y][x] == "#": continue
            stack = [[x, y]]
            seen[y][x] = True
            size = 0
            while len(stack) > 0:
                cx, cy = stack.pop()
                size += 1
                for dx, dy in [[1, 0], [-1, 0], [0, 1], [0, -1]]:
                    nx = cx + dx
                    ny = cy + dy
                    if nx >= 0 and ny >= 0 and nx < w and ny < h and not seen[ny][nx] and grid[ny][nx] == ".":
                        seen[ny][nx] = True
                        stack.append([nx, ny])
            sizes.append(size)
    return sizes
def once():
    grid = []
    for y in range(120):
        row = ""
        for x in range(120): row += "#" if (x * x * 7 + y * 13 * x + y * y * 5) % 11 < 4 else "."
        grid.append(row)
    s = sorted(regions(grid))
    return f"{len(s)} {s[-1]} {sum(s)}"
def work():
    for i in range(8): once()
    return once()
