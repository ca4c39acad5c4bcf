def work():
    levels = ["INFO", "WARN", "ERROR", "DEBUG"]
    lines = []
    for i in range(60000):
        lines.append(f"2024-03-{i % 28 + 1:02d} {i % 24:02d}:{i % 60:02d}:00 [{levels[i * 7 % 4]}] service-{i % 13}: request {i} took {i * 37 % 900} ms")
    counts = {}
    slow = {}
    for line in lines:
        parts = line.split(" ")
        level = parts[2].strip("[]")
        service = parts[3][:-1]
        ms = float(parts[7])
        counts[level] = counts.get(level, 0) + 1
        if ms > 700:
            if service not in slow: slow[service] = []
            slow[service].append(ms)
    out = []
    for name in sorted(slow.keys()):
        xs = slow[name]
        out.append(f"{name}={sum(xs) / len(xs):.1f}")
    return " ".join(out) + f" {counts['ERROR']}"
