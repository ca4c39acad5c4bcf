def parse(text):
    try: return float(text)
    except ValueError as e: return None
def work():
    good = 0; bad = 0
    for i in range(40000):
        v = parse(f"{i}" if i % 4 != 0 else f"x{i}")
        if v is None: bad += 1
        else: good += v
    for i in range(40000):
        try:
            if i % 2 == 0: raise ValueError("even")
            good += 1
        except ValueError as e:
            if str(e) == "even": bad += 1
    return f"{int(good)} {bad}"
