"""Damages files in every place and reads them with the program: an error must name the file, and nothing may crash, hang or take much memory.

    python Scripts/damage_trial.py [PROGRAM] [FILE OR FOLDER ...]

Of each file several hundred copies are made: cut off at many lengths, one bit, one byte or sixteen of them changed in each region, a region
left out or there twice. Pictures are read by `read_image`, `read_frames`, `load_palette` and as rows of a data set; tables by `read_table` and
`load_dataset`, every row; tensors by `load_tensors`; the files of a checkpoint by `load_model`, each in a copy of its folder. Without
files those below `Tests` are taken, and a small checkpoint that the program makes.
"""
import collections, json, os, random, resource, shutil, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else f"{ROOT}/.build/release/pixelbytes")
PICTURES = ("png", "apng", "jpg", "jpeg", "gif", "webp", "bmp", "ase", "aseprite")
PALETTES = ("hex", "gpl", "pal", "act", "txt")
TABLES = ("parquet", "csv", "tsv", "jsonl", "json")
REGIONS = 120
TIME_LIMIT, MEMORY_LIMIT = 3.0, 1 << 30

SCRIPT = """
fn tried(path, what, read) {
  line = ["@@", what, path]
  try { value = read() } catch e { push(line, e.kind); push(line, replace(replace(e.message, "\\n", " "), "\\t", " ")) }
  print join(line, "\\t")
}
fn all_rows(data) { for row in data { c = row.caption }; return len(data) }
for job in read_json("jobs.json") {
  path = job.path
  start = now()
  if job.kind == "picture" {
    tried(path, "read_image", fn() = read_image(path))
    tried(path, "read_frames", fn() = read_frames(path))
    tried(path, "kept", fn() = read_frames(path, damaged: "keep"))
    tried(path, "load_palette", fn() = load_palette(path))
    tried(path, "row", fn() = all_rows(load_dataset(job.folder, caption: nil)))
  }
  if job.kind == "palette" { tried(path, "load_palette", fn() = load_palette(path)) }
  if job.kind == "table" {
    tried(path, "read_table", fn() = read_table(path))
    tried(path, "load_dataset", fn() = all_rows(load_dataset(path, image: nil, caption: nil)))
  }
  if job.kind == "rows" {
    tried(path, "read_table", fn() = read_table(path))
    tried(path, "load_dataset", fn() = all_rows(load_dataset(path)))
  }
  if job.kind == "tensors" { tried(path, "load_tensors", fn() = load_tensors(path)) }
  if job.kind == "model" { tried(path, "load_model", fn() = load_model(job.folder)) }
  print join(["##", path, str(now() - start)], "\\t")
}
"""


def variants(data, seed):
    """The damaged copies of some bytes, and what was done to each."""
    rng, size = random.Random(seed), len(data)
    lengths = {0, 1, 2, 3, 4, 7, 8, 11, 12, 16, 32, 64, 100, 128, size - 1, size - 2, size - 3, size - 4, size - 8, size - 12}
    lengths |= {size * n // 60 for n in range(60)}
    for length in sorted(n for n in lengths if 0 <= n < size):
        yield f"cut-{length}", data[:length]
    yield "longer", data + bytes(range(40))
    starts = sorted({size * n // REGIONS for n in range(REGIONS)}) if size else []
    for place, (start, end) in enumerate(zip(starts, starts[1:] + [size])):
        at = rng.randrange(start, end) if end > start else start
        part = min(end, start + 16)
        yield f"bit-{at}", data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]
        yield f"byte-{at}", data[:at] + bytes([data[at] ^ 255]) + data[at + 1:]
        yield f"zero-{start}", data[:start] + bytes(part - start) + data[part:]
        yield f"ones-{start}", data[:start] + b"\xff" * (part - start) + data[part:]
        if place % 4 == 0:
            yield f"gone-{start}", data[:start] + data[part:]
            yield f"twice-{start}", data[:part] + data[start:]


def kind_of(path):
    ending = path.rsplit(".", 1)[-1].lower()
    return "picture" if ending in PICTURES else "palette" if ending in PALETTES else "table" if ending in TABLES else "tensors" if ending == "safetensors" else None


def jobs_of(path, folder):
    """Writes the damaged copies of a file, each to a folder of its own where it is read as part of one."""
    kind = kind_of(path)
    with open(path, "rb") as file:
        data = file.read()
    ending = path.rsplit(".", 1)[-1]
    if kind == "table" and ending == "parquet" and b"bytes" in data and b"caption" in data:
        kind = "rows"
    for name, bytes_ in variants(data, path):
        place = f"{folder}/{name}/x.{ending}" if kind == "picture" else f"{folder}/{name}.{ending}"
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(bytes_)
        yield {"kind": kind, "path": os.path.relpath(place, os.path.dirname(folder)), "folder": os.path.relpath(os.path.dirname(place), os.path.dirname(folder))}


def model_jobs(model, folder):
    for name in sorted(os.listdir(model)):
        with open(f"{model}/{name}", "rb") as file:
            data = file.read()
        for number, (what, bytes_) in enumerate(variants(data, name)):
            if len(data) > 1 << 16 and number % 4:
                continue
            place = f"{folder}/{name}-{what}"
            os.makedirs(place)
            for other in os.listdir(model):
                if other == name:
                    with open(f"{place}/{name}", "wb") as file:
                        file.write(bytes_)
                else:
                    os.link(f"{model}/{other}", f"{place}/{other}")
            yield {"kind": "model", "path": os.path.relpath(f"{place}/{name}", os.path.dirname(folder)), "folder": os.path.relpath(place, os.path.dirname(folder))}


def run(jobs, folder):
    """Reads the files of jobs in one process; returns its reports, its status and the most memory that it took."""
    with open(f"{folder}/jobs.json", "w") as file:
        json.dump(jobs, file)
    with open(f"{folder}/out", "wb") as out:
        process = subprocess.Popen([PROGRAM, "run", "read.pxb"], cwd=folder, stdout=out, stderr=subprocess.STDOUT)
        _, status, use = os.wait4(process.pid, 0)
        process.returncode = status
    with open(f"{folder}/out", errors="replace") as file:
        lines = file.read().split("\n")
    reports = []
    for line in lines:
        parts = line.split("\t")
        if parts[0] == "@@" and len(parts) >= 3:
            reports.append({"what": parts[1], "path": parts[2], "kind": (parts + [""])[3], "error": " ".join(parts[4:]) if len(parts) > 3 else None})
        elif parts[0] == "##" and len(parts) == 3:
            reports.append({"path": parts[1], "seconds": float(parts[2])})
    return reports, status, use.ru_maxrss * 1024, lines[-5:]


def main():
    places = sys.argv[2:] or [f"{ROOT}/Tests"]
    files = sorted(os.path.join(at, name) for place in places for at, _, names in os.walk(place) for name in names) + [p for p in places if os.path.isfile(p)]
    files = [f for f in files if kind_of(f) and os.path.getsize(f) < 1 << 22]
    counts, faults, slowest, largest, longest = collections.Counter(), [], (0, ""), 0, 0
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        with open(f"{folder}/read.pxb", "w") as file:
            file.write(SCRIPT)
        made = subprocess.run([PROGRAM, "-e", 'net = lstm(dim: 9, state: 8, depth: 1, seed: 1)\ntrain(net, sprites(count: 4, size: 8), steps: 2, sequence: 16)\nsave net, "model"'], cwd=folder, capture_output=True, text=True)
        groups = [(path, lambda at, path=path: jobs_of(path, at)) for path in files]
        if os.path.isdir(f"{folder}/model"):
            groups.append(("model", lambda at: model_jobs(f"{folder}/model", at)))
        else:
            faults.append(f"no model was made: {made.stdout}{made.stderr}")
        for name, make in groups:
            at = f"{folder}/v"
            os.makedirs(at)
            jobs = list(make(at))
            for _ in range(8):
                reports, status, memory, tail = run(jobs, folder)
                largest = max(largest, memory)
                done = [r["path"] for r in reports if "seconds" in r]
                for report in reports:
                    if "seconds" in report:
                        slowest = max(slowest, (report["seconds"], f"{name}: {report['path']}"))
                        if report["seconds"] > TIME_LIMIT:
                            faults.append(f"{name}: {report['path']} took {report['seconds']:.1f} s")
                        continue
                    counts[report["what"], "read" if report["error"] is None else "refused"] += 1
                    longest = max(longest, len(report["error"] or ""))
                    last = report["path"].split("/")[-1]
                    own = report["path"] if "model" not in name else report["path"].split("/")[-2]
                    if report["error"] is not None and own not in report["error"] and last not in report["error"]:
                        faults.append(f"{name}: {report['what']} {report['path']}: the error does not name the file: {report['error'][:200]}")
                    if report["error"] is not None and report["kind"] == "internal":
                        faults.append(f"{name}: {report['what']} {report['path']}: {report['error'][:200]}")
                if memory > MEMORY_LIMIT:
                    faults.append(f"{name}: {memory >> 20} MB")
                if status == 0:
                    break
                stopped = jobs[len(done)]["path"] if len(done) < len(jobs) else "the end"
                faults.append(f"{name}: ended with {status} at {stopped}: {' '.join(tail)[-300:]}")
                shutil.copy(f"{folder}/{stopped}", "/tmp/") if os.path.isfile(f"{folder}/{stopped}") else None
                jobs = jobs[len(done) + 1:]
            shutil.rmtree(at)
    print("\n".join(faults[:100]))
    for (what, answer), count in sorted(counts.items()):
        print(f"{what}: {count} {answer}")
    print(f"{len(groups)} files, {sum(counts.values())} readings, {len(faults)} faults; slowest {slowest[0]:.2f} s ({slowest[1]}), {largest >> 20} MB, longest error {longest} letters")
    sys.exit(1 if faults else 0)


main()
