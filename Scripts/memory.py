"""Measures how much memory programs that try to escape their budget reach, and how they end.

Usage: memory.py PROGRAM [NAME ...]. Prints a table: for each budget the most that was resident, in MB, and the exit status, and the
error that ended the program at the last one.
"""

import os
import subprocess
import sys
import tempfile

BUDGETS = [200, 600]
SECONDS = 20

PROGRAMS = [
    ("a tape that grows in a loop", "w = parameter(ones(100000)); y = w * 1; while true { y = y * w }"),
    ("a tape of small steps", "w = parameter(1); y = w * 1; while true { y = sin(y) * w }"),
    ("tapes that are joined", "w = parameter(ones(1000)); kept = []; while true { push(kept, exp(w) * w) }"),
    ("a tape of fresh tensors", "w = parameter(ones(100000)); y = w * 1; while true { y = y + w * rand(100000) }"),
    ("a tape of matrix products", "w = parameter(rand(300, 300)); y = w * 1; while true { y = tanh(matmul(y, w)) }"),
    ("closures that hold each other", "while true { fn make() { a = nil; f = fn() = a; a = f; b = [0] * 1000; a = [f, b]; return f }\n make() }"),
    ("long strings by map", 'map(range(2000), fn(i) = "x" * 1000000 + str(i))'),
    ("a list that grows", "a = []; while true { push(a, [1, 2, 3]) }"),
    ("a list and a list", "a = []; while true { a = a + [1, 2, 3] }"),
    ("a text that grows", 'a = ""; while true { a += "abcdefgh" }'),
    ("a list that doubles", "a = [1]; while true { a = a + a }"),
    ("a string that doubles", 's = "ab"; while true { s = s + s }'),
    ("a map that grows", "m = {}; i = 0; while true { m[i] = [i]; i += 1 }"),
    ("a ring of lists", "while true { a = [0] * 10000; push(a, a) }"),
    ("tensors in a list", "a = []; while true { push(a, rand(1000)) }"),
    ("one tensor", "x = zeros(200000000)"),
    ("a product of large matrices", "x = matmul(ones(9000, 1), ones(1, 9000))"),
    ("stretched operands", "x = ones(9000, 1) + ones(1, 9000)"),
    ("a picked tensor", "x = ones(10)[randint(0, 10, [100000000])]"),
    ("to_list", "x = to_list(zeros(40000000))"),
    ("a large lstm", "net = lstm(dim: 4095, state: 8192, depth: 64)"),
    ("a large transformer", "net = transformer(dim: 8192, depth: 8)"),
    ("moments of an optimizer", "w = parameter(zeros(20000000)); a = adamw(w); b = adamw(w)"),
    ("gradients", "w = parameter(zeros(20000000)); backward(sum(w * w))"),
    ("shuffling two billion rows", "shuffle(sprites(count: 2e9))"),
    ("splitting two billion rows", "split(sprites(count: 2e9))"),
    ("building a million rows", "build(sprites(count: 1000000))"),
    ("a two-way lstm with 10 MB", 'generate(lstm(dim: 81, state: 64), prompt: "a" * 10000000, tokens: 1)'),
    ("a causal transformer with 100,000 letters", 'generate(transformer(dim: 81, causal: true), prompt: "a" * 100000, tokens: 1)'),
    ("attention over 50,000 positions", "attention_layer(16, causal: true)(ones(1, 50000, 16))"),
    ("training on long windows", "train(lstm(dim: 81, state: 64), sprites(count: 4), sequence: 2000000, steps: 1)"),
    ("large batches", "train(lstm(dim: 81, state: 512), sprites(count: 64), batch: 4096, steps: 3)"),
    ("evaluation of long windows", "evaluate(lstm(dim: 81, state: 64), sprites(count: 4), sequence: 1000000)"),
    ("convolution over many places", "conv2d(ones(1, 8, 1000, 1000), ones(8, 8, 5, 5))"),
    ("a large picture", "x = to_image(zeros(8000, 8000))"),
    ("resized pictures", "x = to_image(zeros(100, 100)); a = []; while true { push(a, resize(x, 4000, 4000)) }"),
    ("a plot of many points", "plot(range(100000000))"),
    ("JSON", 'write_json("a.json", [list(range(1000000))] * 30)'),
    ("a large file", 'write_text("a.txt", "a" * 90000000); read_text("a.txt") + read_text("a.txt")'),
    ("split of a long text", 'split("a " * 40000000)'),
    ("sorted", "sorted(range(100000000))"),
    # Small values of each kind, as many as there is room for.
    ("short lists", "a = []; i = 0; while true { push(a, [i]); i += 1 }"),
    ("empty lists", "a = []; while true { push(a, []) }"),
    ("short maps", "a = []; while true { push(a, {a: 1}) }"),
    ("maps in a map", "m = {}; i = 0; while true { m[i] = {a: i}; i += 1 }"),
    ("numbers in a list", "a = []; i = 0; while true { push(a, i); i += 1 }"),
    ("numbers in a map", "m = {}; i = 0; while true { m[i] = i; i += 1 }"),
    ("texts in a map", "m = {}; i = 0; while true { m[str(i)] = i; i += 1 }"),
    ("texts in a set", 's = set(); i = 0; while true { push(s, "k" + str(i)); i += 1 }'),
    ("short sets", "a = []; while true { push(a, set([1])) }"),
    ("short texts", 'a = []; i = 0; while true { push(a, "text number " + str(i)); i += 1 }'),
    ("ranges", "a = []; while true { push(a, range(5)) }"),
    ("closures", "a = []; fn make(i) = fn() = i; i = 0; while true { push(a, make(i)); i += 1 }"),
    ("kept errors", 'a = []; while true { try { raise "x" } catch e { push(a, e) } }'),
    ("small tensors", "a = []; while true { push(a, ones(2)) }"),
    ("numbers of a tensor", "a = []; t = ones(3); while true { push(a, t[0]) }"),
    ("parts of a tensor", "a = []; t = ones(300); while true { push(a, t[0:100]) }"),
    ("whole tensors", 'a = []; while true { push(a, tensor([1, 2], dtype: "int32")) }'),
    ("parameters", "a = []; while true { push(a, parameter(3)) }"),
    ("optimizers", "a = []; p = parameter(ones(2)); while true { push(a, adamw(p)) }"),
    ("models", "a = []; while true { push(a, lstm(dim: 9, state: 4, depth: 1)) }"),
    ("layers", "a = []; while true { push(a, linear(2, 3)) }"),
    ("tables", "a = []; while true { push(a, table({x: [1, 2, 3]})) }"),
    ("columns", "a = []; t = table({x: [1, 2, 3]}); while true { push(a, t.x) }"),
    ("a table that doubles", "t = table({x: [1, 2, 3]}); while true { t = concat([t, t]) }"),
    ("images", "a = []; while true { push(a, to_image(zeros(8, 8))) }"),
    ("rows", "a = []; d = sprites(count: 100); while true { for r in d { push(a, r) } }"),
    ("tokens", 'a = []; while true { push(a, encode("hello")) }'),
    ("long tokens", 'a = []; while true { push(a, encode("hello" * 1000)) }'),
    ("matches", "a = []; while true { push(a, match(\"ab12\", r\"(\\w)(\\d)\")) }"),
    ("palettes", "a = []; while true { push(a, load_palette()) }"),
    ("plots", "a = []; while true { push(a, plot([1, 2, 3])) }"),
    # Long texts and files, read whole.
    ("find_all in a long text", 's = "ab1 " * 8e6; x = find_all(s, r"\\w+")'),
    ("find_all with groups", 's = "ab1 " * 8e6; x = find_all(s, r"(\\w)(\\d)")'),
    ("match of a long text", 's = "ab1 " * 8e6; x = match(s, r"(\\w+ )+")'),
    ("run of a long script", 'write_text "a.pxb", "x = 1\\n" * 6e6; run "a.pxb"'),
    ("import of a long script", 'write_text "a.pxb", "x = 1\\n" * 6e6; import "a.pxb" as a'),
    ("a long comment", 'write_text "a.pxb", "# aaaaaaaaaaaaaa\\n" * 3e6; run "a.pxb"'),
    ("reading JSON", 'write_text "a.json", "[" + join(["[1, 2]"] * 3e6, ",") + "]"; x = read_json("a.json")'),
    ("reading CSV", 'write_text "a.csv", "a,b\\n" + "1,x\\n" * 6e6; x = read_table("a.csv")'),
    ("reading parquet", 'save table({x: range(1e6)}), "a.parquet"; a = []; while true { push(a, read_table("a.parquet")) }'),
    ("copies of a map", "m = {i: i for i in range(1e5)}; a = []; while true { push(a, copy(m)) }"),
    ("a comprehension", "x = [[i] for i in range(1e8)]"),
    ("a map by a comprehension", "x = {i: i for i in range(1e8)}"),
    ("sorting what grows", "a = list(range(1e6)); while true { a = sorted(a + a) }"),
    ("an image transformer with 3 MB", 'generate(image_transformer(dim: 64), prompt: "a" * 3000000, tokens: 1)'),
    # Temporaries as large as what they are made of, and tapes among other things.
    ("a tape that grows beside rows", "w = parameter(1); y = w * 1; rows = []; i = 0; while true { y = y + w * 0.1; i += 1; if i % 10 == 0 { push(rows, {step: i, loss: y.item()}) } }"),
    ("reading JSON lines", 'write_text "a.jsonl", "{\\"a\\": 1, \\"b\\": \\"x\\"}\\n" * 2e6; x = read_table("a.jsonl")'),
    ("reading quoted CSV", 'write_text "a.csv", "\\"a\\",\\"b\\"\\n" + "\\"1\\",\\"x\\"\\n" * 4e6; x = read_table("a.csv")'),
    ("reading a wide CSV", 'write_text "a.csv", join([str(i) for i in range(2e5)], ",") + "\\n" + ("1," * (2e5 - 1) + "1\\n") * 40; x = read_table("a.csv")'),
    ("a CSV of numbers, then words", 'write_text "a.csv", "a,b\\n" + "1,2\\n" * 5e6 + "x,y\\n"; x = read_table("a.csv")'),
    ("tensors of a file", 'save({a: zeros(5000000)}, "a.safetensors"); a = []; while true { push(a, load_tensors("a.safetensors")) }'),
    ("a data set of a CSV", 'write_text "a.csv", "image,caption\\n" + "x.png,a small red house\\n" * 1.5e6; x = load_dataset("a.csv")'),
    ("upper of a wide text", 'x = upper("é" * 6e7)'),
    ("a list of letters", 'x = list("é" * 3e7)'),
    ("replace that makes longer", 'x = replace("a" * 5e7, "a", "bbbbbbbb")'),
    ("a list as text", "x = str(list(range(2e7)))"),
    ("groups", 't = table({k: range(3e6), a: range(3e6)}); x = group(t, "k", mean: "a")'),
    ("a described table", "t = table({k: range(4e6), a: map(range(4e6), str)}); x = describe(t)"),
    ("saving a table", 't = table({x: range(3e6), y: map(range(3e6), str)}); save t, "a.csv"; save t, "a.json"'),
    ("nested lists", "a = []; while true { a = [a] }"),
    ("steps of slices", "a = list(range(2e6)); b = []; while true { push(b, a[::-1]) }"),
    ("a long literal", 'write_text "a.pxb", "x = [" + "1, " * 5e6 + "1]"; run "a.pxb"'),
    ("a long string literal", 'write_text "a.pxb", "x = \\"" + "a" * 6e7 + "\\""; run "a.pxb"'),
    ("words of a long script", 'write_text "a.pxb", "x = y + z * 2\\n" * 2e6; import "a.pxb" as a'),
    ("nested JSON", 'write_text "a.json", "[" * 400 + "]" * 400; write_text "b.json", "{" + join(map(range(1e6), fn(i) = f"\\"k{i}\\": [{{}}]"), ",") + "}"; x = read_json("b.json")'),
    ("filter with a tape", "w = parameter(ones(100)); x = map(range(1e7), fn(i) = w * i)"),
    ("reduce of a tape", "w = parameter(ones(1000)); x = reduce(range(1e7), fn(a, i) = a * w, w)"),
    ("errors with long messages", 'a = []; while true { try { raise "x" * 100000 } catch e { push(a, e) } }'),
    ("conversion of types", 'x = tensor(list(range(2e7)), dtype: "int32")'),
    ("caught errors", 'a = []; while true { try { push(a, zeros(1000000)) } catch e { } }'),
]


def measured(program, folder, text, budget):
    words = [program, "--max-memory", f"{budget}M", "--max-time", str(SECONDS), "--quiet", "-e", text]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024, process.returncode, (errors.strip().splitlines() or ["ended well"])[0]


def main():
    program, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    heads = "".join(f" peak at {budget} MB | status |" for budget in BUDGETS)
    print(f"| Program |{heads} how it ended |\n| --- |{' ---: | ---: |' * len(BUDGETS)} --- |")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in PROGRAMS:
            if names and name not in names:
                continue
            row = ""
            for budget in BUDGETS:
                peak, status, end = measured(program, folder, text, budget)
                row += f" {peak:.0f} | {status} |"
            print(f"| {name} |{row} {end[:90]} |", flush=True)


main()
