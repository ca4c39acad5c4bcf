"""Measures how soon the program answers Ctrl-C and a budget of time in the middle of work of many kinds.

Usage: latency.py PROGRAM [commands] [NAME ...]; with `commands` it is every command with a large input. Prints a table: for each kind of work the milliseconds of processor time from SIGINT to the end of
the program, and those beyond its budget of time; the slowest of three tries each. Work that ends by itself is a fault.
"""

import os
import subprocess
import sys
import tempfile
import time

from latency_programs import PROGRAMS
from long_commands import programs

TRIES = 3
BUDGET = 1.5


class Run:
    """A run of the program, and what of its processor time comes after a moment.

    Processor time is what a machine that does nothing else takes; what others do in the meantime does not count.
    """

    def __init__(self, program, folder, text):
        self.ready = os.path.join(folder, "ready")
        words = [program, "--max-memory", "4G", "--quiet", "-e", text]
        self.process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def begin(self):
        """Waits until the program has written the file that tells that its preparation is done."""
        while not os.path.exists(self.ready):
            if self.has_ended():
                return False
            time.sleep(0.002)
        os.remove(self.ready)
        return True

    def has_ended(self):
        """Whether it has, without asking for its status, which `end` does."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"

    def spent(self):
        """The seconds of processor time of all threads so far."""
        folder, spent = f"/proc/{self.process.pid}/task", 0
        for task in os.listdir(folder):
            try:
                with open(f"{folder}/{task}/schedstat") as file:
                    spent += int(file.read().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass  # The thread has just ended.
        return spent / 1e9

    def end(self, spent):
        """The milliseconds of processor time to the end, the exit status and what was written to standard error."""
        errors = self.process.stderr.read()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return (usage.ru_utime + usage.ru_stime - spent) * 1000, self.process.returncode, errors


def interrupted(program, folder, first, rest, wait):
    """The milliseconds from Ctrl-C to the end, `wait` seconds after the preparation, or what went wrong."""
    run = Run(program, folder, f"{first}\nwrite_text \"ready\", \"\"\n{rest}")
    if run.begin():
        time.sleep(wait)
    spent = run.spent()
    os.kill(run.process.pid, 2)  # Popen would take the status away.
    took, status, errors = run.end(spent)
    return took if status == 130 else None, errors


def timed(program, folder, first, rest):
    """The milliseconds from the end of a budget of time, which `limit` gives the work, to the end, or what went wrong."""
    text = f"""fn work() {{ {rest} }}
{first}
write_text "ready", ""
limit work, time: {BUDGET}"""
    run = Run(program, folder, text)
    if run.begin():
        time.sleep(BUDGET)
    spent = run.spent()
    took, status, errors = run.end(spent)
    return max(took, 0.0) if status == 1 and "seconds is used up" in errors else None, errors


def worst(measure):
    results = [measure(number) for number in range(TRIES)]
    if any(result[0] is None for result in results):
        return next(text for figure, text in results if figure is None)
    return max(figure for figure, _ in results)


def shown(figure):
    return f"{figure:.0f}" if isinstance(figure, float) else "fault: " + (figure.strip() or "it ended").splitlines()[0]


def main():
    program, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    all_rows = PROGRAMS
    if names[:1] == ["commands"]:
        all_rows, names = programs(), names[1:]
    rows = [row for row in all_rows if not names or row[0] in names]
    print("| Work | Ctrl-C, ms | time budget, ms |\n| --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, first, rest in rows:
            stop = worst(lambda number: interrupted(program, folder, first, rest, 0.5 + 0.37 * number))
            late = worst(lambda number: timed(program, folder, first, rest))
            print(f"| {name} | {shown(stop)} | {shown(late)} |", flush=True)


main()
