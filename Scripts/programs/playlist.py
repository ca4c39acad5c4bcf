def minutes(s):
    m, sec = s.split(":")
    return int(m) * 60 + int(sec)
def text(n): return f"{n // 60}:{n % 60:02d}"
def once():
    songs = []
    for i in range(1500):
        songs.append({"title": f"Song {i * 37 % 1500}", "artist": f"Band {i % 40}", "time": f"{2 + i % 5}:{i * 13 % 60:02d}", "plays": i * i % 997, "tags": ["rock", "slow"] if i % 3 == 0 else ["pop"]})
    total = 0
    for s in songs: s["seconds"] = minutes(s["time"]); total += s["seconds"]
    by_artist = {}
    for s in songs:
        a = by_artist.get(s["artist"])
        if a is None: a = {"count": 0, "seconds": 0, "best": None}; by_artist[s["artist"]] = a
        a["count"] += 1
        a["seconds"] += s["seconds"]
        if a["best"] is None or s["plays"] > a["best"]["plays"]: a["best"] = s
    top = sorted(songs, key=lambda s: [-s["plays"], s["title"]])[:10]
    names = [s["title"] for s in top if "pop" in s["tags"]]
    short = list(filter(lambda s: s["seconds"] < 180 and s["title"].startswith("Song 1"), songs))
    lines = [f"{s['title']:<12}|{s['artist']:>10}|{text(s['seconds']):>6}" for s in songs]
    return f"{text(total)} {len(by_artist)} {by_artist['Band 7']['best']['title']} {names[0]} {len(short)} {lines[3]} {max(map(len, lines))}"
def work():
    for i in range(6): once()
    return once()
