def work():
    w = 60
    h = 40
    walls = set([f"{i * 7 % w},{i * 11 % h}" for i in range(500)])
    start = "1,0"
    dist = {start: 0}
    queue = [[1, 0]]
    head = 0
    while head < len(queue):
        x, y = queue[head]
        head += 1
        d = dist[f"{x},{y}"]
        for dx, dy in [[1, 0], [-1, 0], [0, 1], [0, -1]]:
            p = x + dx
            q = y + dy
            if p < 0 or q < 0 or p >= w or q >= h: continue
            key = f"{p},{q}"
            if key in walls or key in dist: continue
            dist[key] = d + 1
            queue.append([p, q])
    far = max(dist.values())
    seen = set(dist.keys())
    left = set([f"{x},{y}" for x in range(w) for y in range(h)]) - seen - walls
    return f"{len(dist)} {far} {len(walls)} {len(left)} {len(seen & walls)}"
