def render(text, values):
    out = []
    rest = text
    while True:
        a = rest.find("{{")
        if a < 0:
            out.append(rest); break
        b = rest.find("}}")
        out.append(rest[:a])
        name = rest[a + 2:b].strip()
        if name in values: out.append(str(values[name]))
        else: out.append("?")
        rest = rest[b + 2:]
    return "".join(out)
def once():
    letter = "Dear {{ name }},\nyour order {{id}} of {{ count }} items ({{ what }}) will arrive on {{ day }}. {{ missing }}\n"
    n = 0
    for i in range(6000):
        t = render(letter, {"name": f"Customer {i}", "id": i, "count": i % 9, "what": "shoes", "day": "Monday"})
        n += len(t)
    return n
def work():
    for i in range(1): once()
    return once()
