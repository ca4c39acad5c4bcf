def put(heap, item):
    heap.append(item)
    i = len(heap) - 1
    while i > 0:
        up = (i - 1) // 2
        if heap[up][0] <= heap[i][0]: break
        t = heap[up]; heap[up] = heap[i]; heap[i] = t
        i = up
def take(heap):
    first = heap[0]
    last = heap.pop()
    n = len(heap)
    if n == 0: return first
    heap[0] = last
    i = 0
    while 2 * i + 1 < n:
        c = 2 * i + 1
        if c + 1 < n and heap[c + 1][0] < heap[c][0]: c += 1
        if heap[i][0] <= heap[c][0]: break
        t = heap[i]; heap[i] = heap[c]; heap[c] = t
        i = c
    return first
def work():
    heap = []; x = 1; sum = 0
    for i in range(40000):
        x = x * 16807 % 2147483647
        put(heap, [x, i])
        if i % 3 == 2: sum += take(heap)[1]
    while len(heap) > 0: sum += take(heap)[0] % 7
    return sum
