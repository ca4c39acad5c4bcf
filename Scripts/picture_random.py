"""Reads random pictures with the program and with Pillow, and compares every pixel of every frame.

    python Scripts/picture_random.py [PROGRAM] [FILES] [SEED]

PNG, animated PNG, GIF, WebP, BMP, TIFF and JPEG of random sizes, modes, palettes, transparency, frames, disposals, durations and settings of the writer.
A file that differs is kept in the folder `differ`. Colors below wholly transparent pixels do not count.
"""
import io, os, random, shutil, subprocess, sys, tempfile
import numpy as np
from PIL import Image


def noise(rng, mode, size):
    width, height = size
    own = np.random.default_rng(rng.randrange(2**32))
    style = rng.randrange(4)
    channels = {"1": 1, "L": 1, "LA": 2, "P": 1, "RGB": 3, "RGBA": 4, "I;16": 1, "CMYK": 4}[mode]
    if style == 0:
        data = own.integers(0, 256, (height, width, channels), dtype=np.uint8)
    elif style == 1:
        data = np.full((height, width, channels), own.integers(0, 256, channels), np.uint8)
    elif style == 2:
        data = (np.add.outer(np.arange(height) * 7, np.arange(width) * 5)[..., None] + own.integers(0, 256, channels)).astype(np.uint8)
    else:
        few = own.integers(0, 256, (rng.choice([2, 3, 9]), channels), dtype=np.uint8)
        data = few[own.integers(0, len(few), (height, width))]
    if mode in ("LA", "RGBA"):
        data[..., -1] = own.choice(rng.choice([[0, 255], [255], [0, 1, 128, 254, 255], list(range(256))]), (height, width))
    if mode == "1":
        return Image.fromarray(data[..., 0] > 127)
    if mode == "I;16":
        return Image.fromarray((data[..., 0].astype(np.uint16) * 257 + own.integers(0, 200, (height, width))).clip(0, 65535).astype(np.uint16))
    if mode == "P":
        colors = rng.choice([1, 2, 4, 15, 16, 17, 200, 256])
        image = Image.fromarray((data[..., 0].astype(int) % colors).astype(np.uint8), "P")
        image.putpalette(own.integers(0, 256, colors * 3, dtype=np.uint8).tobytes())
        return image
    return Image.fromarray(data[..., 0] if channels == 1 else data, mode)


def make(rng, form):
    size = rng.choice([1, 2, 3, 7, 8, 9, 31, 33, 100]), rng.choice([1, 2, 5, 8, 17, 64])
    out, options = io.BytesIO(), {}
    modes = {"png": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"], "apng": ["L", "RGB", "RGBA", "P"], "gif": ["1", "L", "P", "RGB", "RGBA"], "webp": ["RGB", "RGBA", "L", "P"], "bmp": ["1", "L", "P", "RGB", "RGBA"],
             "jpg": ["L", "RGB", "CMYK"], "tif": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"]}[form]
    mode = rng.choice(modes)
    image = noise(rng, mode, size)
    count = rng.choice([1, 2, 5]) if form in ("apng", "gif", "webp") else 1
    rest = [noise(rng, mode, size) if rng.random() < 0.7 else image.copy() for _ in range(count - 1)]
    if count > 1:
        options |= {"save_all": True, "append_images": rest, "duration": rng.choice([0, 20, 100, [10 * (n + 1) for n in range(count)]]), "loop": rng.choice([0, 1, 3])}
    if form in ("png", "apng"):
        options |= {"compress_level": rng.choice([0, 1, 9]), "optimize": rng.random() < 0.3}
        if mode == "P" and rng.random() < 0.5:
            options["transparency"] = rng.choice([0, bytes(rng.randrange(256) for _ in range(rng.choice([1, 3])))]) if form == "png" else 0
        if mode == "P" and form == "png" and rng.random() < 0.4:
            colors = len(image.getpalette()) // 3
            options["bits"] = rng.choice([b for b in (1, 2, 4, 8) if 2**b >= colors])
        if form == "png" and mode in ("L", "RGB") and rng.random() < 0.3:
            options["transparency"] = image.getpixel((0, 0))
        if count > 1:
            options |= {"disposal": rng.choice([0, 1, 2]), "blend": rng.choice([0, 1]) if mode not in ("RGBA",) else 0, "default_image": rng.random() < 0.2}
        if options.get("dpi") is None and rng.random() < 0.3:
            options["dpi"] = (72, 300)
        image.save(out, "PNG", **options)
    elif form == "gif":
        options |= {"interlace": rng.randrange(2), "optimize": rng.random() < 0.4, "comment": b"x" * rng.choice([0, 300])}
        if count > 1:
            options["disposal"] = rng.choice([0, 1, 2])
        if mode in ("P", "L") and rng.random() < 0.4:
            options["transparency"] = 0
        image.save(out, "GIF", **options)
    elif form == "webp":
        options |= {"lossless": rng.random() < 0.6, "quality": rng.choice([0, 30, 80, 100]), "method": rng.choice([0, 4, 6]), "exact": True}
        if count > 1:
            options |= {"minimize_size": rng.random() < 0.4, "allow_mixed": rng.random() < 0.3, "kmax": rng.choice([1, 9])}
            options.pop("allow_mixed") if options["lossless"] else None
        image.save(out, "WEBP", **options)
    elif form == "bmp":
        image.save(out, "BMP")
    elif form == "tif":
        packed = [None, "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "zstd", "lzma"]
        options["compression"] = rng.choice(packed + (["group3", "group4", "tiff_ccitt"] if mode == "1" else []) + (["jpeg", "webp"] if mode == "RGB" else []))
        tags = {278: rng.choice([1, 3, 8, 1000])} if options["compression"] else {}
        if mode not in ("1", "P") and rng.random() < 0.5 and options["compression"] in packed[1:4]:
            tags[317] = 2
        if rng.random() < 0.3:
            tags[274] = rng.randint(1, 8)
        if options["compression"] == "webp":
            options["quality"] = 101
        image.save(out, "TIFF", tiffinfo=tags, big_tiff=rng.random() < 0.3, **options)
    else:
        options |= {"quality": rng.choice([1, 30, 75, 95, 100]), "progressive": rng.random() < 0.4, "optimize": rng.random() < 0.3, "restart_marker_blocks": rng.choice([0, 0, 3])}
        if mode == "RGB":
            options["subsampling"] = rng.choice([0, 1, 2])
        image.save(out, "JPEG", **options)
    return out.getvalue()


def right_frames(data):
    image, frames = Image.open(io.BytesIO(data)), []
    count = getattr(image, "n_frames", 1)
    # A picture that is not part of its animation is no frame.
    for number in range(1 if getattr(image, "default_image", False) and count > 1 else 0, count):
        image.seek(number)
        if image.mode.startswith("I"):
            samples = (np.asarray(image).astype(np.int64) * 255 * 2 + 65535) // (2 * 65535)
            frames.append(np.asarray(Image.fromarray(samples.astype(np.uint8)).convert("RGBA")))
        else:
            frames.append(np.asarray(image.convert("RGBA")))
    return frames


SCRIPT = """
for name in list_files("in") {
  try { frames = read_frames("in/" + name); for i in range(len(frames)) { save frames[i], "out/" + name + "-" + str(i) + ".png" } } catch e { write_text "out/" + name + ".txt", e.message }
}
"""


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/pixelbytes")
    files, first = (int(sys.argv[i]) if len(sys.argv) > i else d for i, d in ((2, 600), (3, 1)))
    forms = ("png", "apng", "gif", "webp", "bmp", "jpg", "tif")
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/in"), os.makedirs(f"{folder}/out")
        made, refused = {}, {}
        for number in range(first, first + files):
            rng, form = random.Random(number), forms[number % len(forms)]
            try:
                data = make(rng, form)
            except Exception as error:
                refused.setdefault(f"{form}: {type(error).__name__} {error}"[:150], []).append(number)
                continue
            name = f"{form}-{number}.{'png' if form == 'apng' else form}"
            made[name] = data
            with open(f"{folder}/in/{name}", "wb") as file:
                file.write(data)
        for fault, numbers in refused.items():
            print(f"not written: {fault} ({len(numbers)})")
        with open(f"{folder}/read.pxb", "w") as file:
            file.write(SCRIPT)
        run = subprocess.run([program, "run", "read.pxb"], cwd=folder, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        counts = {}
        for name, data in made.items():
            form = name.split("-")[0]
            equal, total = counts.get(form, (0, 0))
            faults = []
            if os.path.exists(f"{folder}/out/{name}.txt"):
                faults.append(open(f"{folder}/out/{name}.txt").read())
            try:
                rights = right_frames(data)
            except Exception as error:
                print(f"{name}: Pillow does not read it ({error}); here: {faults or 'read'}")
                continue
            for number, right in enumerate(rights if not faults else []):
                path = f"{folder}/out/{name}-{number}.png"
                if not os.path.exists(path):
                    faults.append(f"frame {number} is not read")
                    continue
                found = np.asarray(Image.open(path).convert("RGBA"))
                if found.shape != right.shape:
                    faults.append(f"frame {number} has the shape {found.shape}, not {right.shape}")
                    continue
                seen = (found != right).any(-1) & ~((found[..., 3] == 0) & (right[..., 3] == 0))
                if seen.any():
                    faults.append(f"frame {number}: {int(seen.sum())} of {seen.size} pixels differ by up to {int(np.abs(found.astype(int) - right)[seen].max())}")
            if os.path.exists(f"{folder}/out/{name}-{len(rights)}.png") and not faults:
                faults.append(f"more than {len(rights)} frames")
            counts[form] = (equal + (not faults), total + 1)
            if faults:
                os.makedirs("differ", exist_ok=True)
                shutil.copy(f"{folder}/in/{name}", "differ")
                print(f"{name}: " + "; ".join(faults[:2]))
        for form, (equal, total) in sorted(counts.items()):
            print(f"{form}: {equal} of {total} equal")
        sys.exit(0 if all(e == t for e, t in counts.values()) else 1)


if __name__ == "__main__":
    main()
