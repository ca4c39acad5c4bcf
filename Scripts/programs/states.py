def transition(state, event):
    if state["name"] == "idle":
        if event == "start": return {**state, "name": "running", "runs": state["runs"] + 1}
    elif state["name"] == "running":
        if event == "pause": return {**state, "name": "paused"}
        if event == "stop": return {**state, "name": "idle"}
    elif state["name"] == "paused":
        if event == "start": return {**state, "name": "running"}
        if event == "stop": return {**state, "name": "idle", "aborted": state["aborted"] + 1}
    return state
def once():
    events = ["start", "pause", "stop", "noop"]
    s = {"name": "idle", "runs": 0, "aborted": 0}
    x = 19
    log = []
    for i in range(8000):
        x = x * 16807 % 2147483647
        s = transition(s, events[x % 4])
        if i % 100 == 0: log.append(f"{i}: {s['name']}")
    nl = "\n"
    return f"{s['runs']} {s['aborted']} {len(nl.join(log))}"
def work():
    for i in range(9): once()
    return once()
