def work():
    text = ""
    for i in range(200000): text += "xyz"[i % 3]
    turned = ""
    for c in text:
        if c != "y": turned += c
    parts = []
    for i in range(60000): parts.append(str(i) + ":" + text[i:i + 4])
    return len(",".join(parts)) + len(turned) + len(text.replace("xyz", "ab"))
