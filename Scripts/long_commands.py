"""The programs of long_commands.txt: every command at work for ever."""

import os


def programs():
    rows = []
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "long_commands.txt"), encoding="utf-8") as file:
        for line in file:
            fields = [field.strip() for field in line.split("|")]
            if not line.startswith("#") and len(fields) == 5:
                name, _, size, first, call = fields
                rows.append((name, f"n = {size}\n{first}", f"while true {{ {call}\n }}"))
    return rows
