def parse(text):
    out = {}
    section = "main"
    for line in text.split("\n"):
        line = line.strip()
        if line == "" or line[0] == "#": continue
        if line[0] == "[" and line[-1] == "]":
            section = line[1:-1]
            if section not in out: out[section] = {}
            continue
        at = line.find("=")
        if at < 0: raise ValueError(f"no value in {line}")
        key = line[:at].strip()
        value = line[at + 1:].strip()
        if value in ["true", "false"]: value = value == "true"
        elif value[0] in "0123456789": value = float(value) if "." in value else int(value)
        elif value[0] == "\"": value = value[1:-1]
        if section not in out: out[section] = {}
        out[section][key] = value
    return out
def once():
    text = "# settings\n\n[server]\nhost = \"localhost\"\nport = 8080\ndebug = true\n[client]\n  name = box\nretries=5\n timeout = 2.5\nverbose = false\n" * 400
    c = None
    n = 0
    for i in range(5): c = parse(text); n += len(c)
    return f"{n} {c['server']['host']} {c['server']['port'] + c['client']['retries']} {c['client']['timeout']} {len(c['client'])}"
def work():
    for i in range(7): once()
    return once()
