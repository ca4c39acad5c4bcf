def work():
    accounts = {}
    for i in range(500): accounts[f"acc{i}"] = {"balance": 1000, "history": [], "owner": f"user{i % 50}"}
    x = 3; failed = 0
    for i in range(150000):
        x = x * 16807 % 2147483647
        frm = f"acc{x % 500}"
        x = x * 16807 % 2147483647
        to = f"acc{x % 500}"
        amount = x % 97
        a = accounts[frm]
        if a["balance"] < amount:
            failed += 1; continue
        a["balance"] -= amount
        accounts[to]["balance"] += amount
        a["history"].append({"kind": "out", "amount": amount, "to": to})
    totals = {}
    for name, account in accounts.items(): totals[account["owner"]] = totals.get(account["owner"], 0) + account["balance"]
    rich = sorted(totals.keys(), key=lambda o: -totals[o])
    return f"{failed} {sum(totals.values())} {rich[0]} {max(map(lambda a: len(a['history']), accounts.values()))}"
