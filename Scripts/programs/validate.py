def need(row, name):
    if name not in row: raise KeyError(f"{name} is missing")
    return row[name]
def age(text):
    try: n = int(text)
    except ValueError as e: raise ValueError(f"age {text} is no number")
    if n < 0 or n > 150: raise ValueError(f"age {n} is out of range")
    return n
def email(text):
    parts = text.split("@")
    if len(parts) != 2 or parts[0] == "" or not "." in parts[1]: raise ValueError(f"bad address {text}")
    return text.lower()
def check(row): return {"name": need(row, "name").strip(), "age": age(need(row, "age")), "email": email(need(row, "email"))}
def once():
    rows = [{"name": " Ann ", "age": "31", "email": "Ann@mail.com"}, {"name": "Bob", "age": "x", "email": "b@b.org"}, {"name": "Cy", "age": "200", "email": "c@c.org"}, {"name": "Di", "age": "40"}, {"name": "Ed", "age": "40", "email": "ed.mail.com"}, {"name": "Flo", "age": "22", "email": "flo@x.fr"}]
    good = []
    bad = {}
    for i in range(9000):
        try: good.append(check(rows[i % 6]))
        except Exception as e: bad[e.args[0]] = bad.get(e.args[0], 0) + 1
    return f"{len(good)} {len(bad)} {bad['email is missing']} {bad['age x is no number']} {good[0]['name']} {good[1]['email']}"
def work():
    for i in range(3): once()
    return once()
