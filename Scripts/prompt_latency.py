"""Times the prompt on a terminal of its own: from its start to the first result, help, and completion.

Usage: prompt_latency.py PROGRAM [ROUNDS]. Prints the median and the slowest of the rounds in milliseconds.
"""

import os
import statistics
import sys
import tempfile
import time

from terminal import Terminal


def elapsed(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def measure(program, state):
    """One round: the milliseconds of each piece of work by name."""
    times = {}
    terminals = []

    def first_result():
        terminal = Terminal([program, "--no-color"], state)
        terminals.append(terminal)
        terminal.type("6 * 7\r")
        terminal.expect("42\r\n")

    times["start to first result"] = elapsed(first_result)
    terminal = terminals[0]
    terminal.expect("[2]> ")

    def ask(text, answer):
        terminal.type(text)
        terminal.expect(answer)

    def with_settings():
        other = Terminal([program, "--no-color"], state, state)
        terminals.append(other)
        other.type("greeting(1)\r")
        other.expect("42\r\n")

    times["the same with settings"] = elapsed(with_settings)
    terminals[1].close()
    times["a result"] = elapsed(lambda: ask("1 + 1\r", "[3]> "))
    times["help"] = elapsed(lambda: ask("help train\r", "[4]> "))
    times["all of help"] = elapsed(lambda: ask("help\r", "[5]> "))
    for number in range(2):
        colored = Terminal([program, "--quiet"], state)
        colored.expect("> ")
        before = "" if number == 0 else "".join(f"x = sorted([{i}], by: fn(v) = v) # note\x1b\r" for i in range(100))
        colored.type(before + "x = sorted([v * 2 for v in xs if v > 1], by: fn(v) = v) ")
        colored.rest()
        keys = []
        for number_of_key in range(20):
            key = chr(0x3B1 + number_of_key)
            keys.append(elapsed(lambda: (colored.type(key), colored.expect(key))))
        times[f"a key, {'100 lines' if number else 'one line'}"] = statistics.median(keys)
        colored.type("\x03")
        colored.rest()
        colored.close()
    times["completion of a name"] = elapsed(lambda: ask("load_da\t", "taset"))
    terminal.type("\x15")
    times["completion of arguments"] = elapsed(lambda: ask("train net, \t", "seed: "))
    terminal.type("\x15")
    terminal.type(f'run "{state}/many.pxb"\r')
    terminal.expect("[6]> ")
    times["among 10,000 variables"] = elapsed(lambda: ask("load_da\t", "taset"))
    terminal.type("\x15")
    times["one of 10,000 variables"] = elapsed(lambda: ask("variable_777\t", "variable_7779"))
    terminal.type("\x15")
    terminal.close()
    return times


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40
    with tempfile.TemporaryDirectory() as state:
        os.mkdir(f"{state}/pixelbytes")
        with open(f"{state}/pixelbytes/config.pxb", "w") as file:
            file.write("theme \"light\"\nthreads 2\nfn greeting(x) = x + 41\n")
        with open(f"{state}/many.pxb", "w") as file:
            file.write("".join(f"variable_{i} = {i}\n" for i in range(10_000)))
        measure(program, state)  # The first start reads the program from the disk.
        results = [measure(program, state) for _ in range(rounds)]
    for name in results[0]:
        times = [result[name] for result in results]
        print(f"{name:24} {statistics.median(times):6.1f} ms   slowest {max(times):6.1f} ms")


main()
