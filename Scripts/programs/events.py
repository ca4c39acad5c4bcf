def work():
    actors = list(map(lambda i: {"id": i, "at": i % 7, "energy": 100, "seen": 0}, range(50)))
    log = []
    for time in range(4000):
        for actor in actors:
            if actor["at"] == time % 7:
                actor["energy"] -= 1
                actor["seen"] += 1
                log.append({"kind": "tick", "id": actor["id"], "time": time})
            elif actor["energy"] < 0:
                actor["energy"] = 100
        if len(log) > 1000:
            kept = []
            for event in log:
                if event["time"] > time - 50: kept.append(event)
            log = kept
    total = 0
    for actor in actors: total += actor["seen"] + actor["energy"]
    return f"{total} {len(log)}"
