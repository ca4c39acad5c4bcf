def justify(words, width):
    lines = []; line = []; size = 0
    for w in words:
        if size + len(line) + len(w) > width:
            gaps = len(line) - 1
            if gaps == 0: lines.append(line[0] + " " * (width - size))
            else:
                spaces = width - size
                out = ""
                for i in range(gaps):
                    extra = 1 if i < spaces % gaps else 0
                    out += line[i] + " " * (spaces // gaps + extra)
                lines.append(out + line[gaps])
            line = []; size = 0
        line.append(w)
        size += len(w)
    lines.append(" ".join(line))
    return lines
def work():
    words = ("the quick brown fox jumps over a lazy dog and then wanders through the forest looking for extraordinary adventures " * 1500).split()
    lines = justify(words, 60)
    return f"{len(lines)} {lines[7]}|{lines[-1]}"
