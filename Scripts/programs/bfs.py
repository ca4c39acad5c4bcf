def once():
    w = 80; h = 60
    x = 9
    walls = set()
    for i in range(1500):
        x = x * 16807 % 2147483647
        walls.add(f"{x % w},{x // 100 % h}")
    seen = {"0,0": 0}
    queue = [[0, 0]]
    head = 0
    while head < len(queue):
        a, b = queue[head]
        head += 1
        d = seen[f"{a},{b}"]
        for dx, dy in [[1, 0], [-1, 0], [0, 1], [0, -1]]:
            p = a + dx
            q = b + dy
            if p < 0 or q < 0 or p >= w or q >= h: continue
            k = f"{p},{q}"
            if k in walls or k in seen: continue
            seen[k] = d + 1
            queue.append([p, q])
    return f"{len(seen)} {max(seen.values())}"
def work():
    for i in range(9): once()
    return once()
