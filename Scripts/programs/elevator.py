def make_lift(name):
    floor = 0
    moved = 0
    stops = []
    def call(f):
        if f not in stops: stops.append(f)
    def step():
        nonlocal floor, moved
        if len(stops) == 0: return False
        target = stops[0]
        if target == floor: stops.pop(0); return True
        floor += 1 if target > floor else -1
        moved += 1
        return False
    return {"name": name, "call": call, "step": step, "where": lambda: floor, "total": lambda: moved, "waiting": lambda: len(stops)}
def once():
    lifts = [make_lift("a"), make_lift("b"), make_lift("c")]
    x = 5
    served = 0
    for t in range(12000):
        x = x * 16807 % 2147483647
        if x % 4 == 0:
            f = x // 8 % 20
            best = None
            cost = 1000
            for l in lifts:
                c = abs(l["where"]() - f) + 5 * l["waiting"]()
                if c < cost: best = l; cost = c
            best["call"](f)
        for l in lifts:
            if l["step"](): served += 1
    return f"{served} {sum([l['total']() for l in lifts])}"
def work():
    for i in range(11): once()
    return once()
