"""Ends a run of training at random moments, by kill -9, SIGTERM, SIGHUP and Ctrl-C, lets it go on, and compares what it gives.

Usage: kill_trial.py PROGRAM [KILLS [FAMILY ...]]. For each family of models a run that nothing stops is the reference: weights,
history, best model and metrics.jsonl (but its times) of the others must be the same to the bit. Exits with 1 when one is not.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

FAMILIES = ["lstm", "mamba", "transformer", "bimamba_plus", "mambabyte", "mixmamba", "image_transformer", "resnet", "layers"]
SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
# A signal that comes before the program listens ends it as the system does.
ENDS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kill_trial.pxb")


def start(program, family, name):
    command = [program, "--quiet", "run", SCRIPT, "--family", family, "--folder", name, "--output", "of-" + name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def contents(name):
    """What a run leaves: times apart, it must be the same however often it was stopped."""
    with open(f"of-{name}.safetensors", "rb") as weights, open(f"of-{name}.txt") as history:
        found = {"weights": weights.read(), "history": history.read()}
    with open(f"{name}/best/model.safetensors", "rb") as best:
        found["best model"] = best.read()
    times = ("seconds", "tokens_per_second")
    with open(f"{name}/metrics.jsonl") as metrics:
        found["metrics"] = [{k: v for k, v in json.loads(line).items() if k not in times} for line in metrics]
    return found


def trial(program, family, kills):
    began = time.time()
    run = start(program, family, f"{family}-whole")
    _, errors = run.communicate()
    if run.returncode:
        return f"{family}: {errors.decode()}"
    duration, expected = time.time() - began, contents(f"{family}-whole")
    done, compared = 0, 0
    while done < kills:
        name = f"{family}-{compared}"
        run = start(program, family, name)
        try:
            _, errors = run.communicate(timeout=random.uniform(0.02, 1.1 * duration))
        except subprocess.TimeoutExpired:
            number = random.choice(SIGNALS)
            run.send_signal(number)
            _, errors = run.communicate()
            done += 1
            if run.returncode not in (0, -number, ENDS.get(number)):
                return f"{family}: {number.name} gave {run.returncode}: {errors.decode()}"
            continue
        if run.returncode:
            return f"{family}: after {done} ends {run.returncode}: {errors.decode()}"
        found = contents(name)
        for what, value in expected.items():
            if found[what] != value:
                return f"{family}: after {done} ends the {what} differ in {os.path.abspath(name)}"
        compared += 1
    print(f"{family}: ended {done} times, {compared} runs came to their end, all the same to the bit", flush=True)
    return None


def main():
    program = os.path.abspath(sys.argv[1])
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    families = sys.argv[3:] or FAMILIES
    random.seed(1)
    folder = tempfile.mkdtemp(prefix="kill-trial-")
    os.chdir(folder)
    faults = [fault for family in families if (fault := trial(program, family, kills))]
    print("\n".join(faults) or f"{len(families)} families, no fault")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
