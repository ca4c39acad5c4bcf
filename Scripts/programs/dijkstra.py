def heap_push(h, item):
    h.append(item)
    i = len(h) - 1
    while i > 0:
        p = (i - 1) // 2
        if h[p][0] <= h[i][0]: break
        h[p], h[i] = h[i], h[p]
        i = p
def heap_pop(h):
    top = h[0]
    last = h.pop()
    if len(h) > 0:
        h[0] = last
        i = 0
        n = len(h)
        while True:
            l = 2 * i + 1
            if l >= n: break
            if l + 1 < n and h[l + 1][0] < h[l][0]: l += 1
            if h[i][0] <= h[l][0]: break
            h[l], h[i] = h[i], h[l]
            i = l
    return top
def once():
    n = 1500
    graph = {}
    x = 7
    for i in range(n):
        edges = []
        for j in range(6):
            x = x * 16807 % 2147483647
            edges.append([x % n, x % 100 + 1])
        graph[i] = edges
    dist = {}
    dist[0] = 0
    h = [[0, 0]]
    while len(h) > 0:
        d, u = heap_pop(h)
        if d > dist[u]: continue
        for v, w in graph[u]:
            nd = d + w
            if v not in dist or nd < dist[v]:
                dist[v] = nd
                heap_push(h, [nd, v])
    return sum(dist.values())
def work():
    for i in range(9): once()
    return once()
