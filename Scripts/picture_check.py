"""Reads pictures with the program and with Pillow, PNG by the rules of its standard, and compares every pixel.

    python Scripts/picture_check.py [PROGRAM]

PNG of every type and depth with chunks that must change nothing, animated PNG and WebP, JPEG of every color space and sampling, with bytes
where none belong and without an end, GIF, WebP, BMP of every depth. What Exif notes is turned. Files that differ are told with how many pixels do, by how much.
"""
import io, os, random, struct, subprocess, sys, tempfile, zlib

import numpy as np
from PIL import Image, ImageOps

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/pixelbytes")
rng = np.random.default_rng(3)
# The pixels that the PNG files made here hold, in the order in which they are made.
RIGHT = {}


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, depth, kind, extra=b"", seed=0, interlaced=False):
    """A PNG of a color type (0 gray, 2 color, 3 palette, 4 gray and alpha, 6 color and alpha) with random samples."""
    own = np.random.default_rng(seed)
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    limit = min(1 << depth, 5) if kind == 3 else 1 << depth
    samples = own.integers(0, limit, (height, width, channels))
    def rows(part):
        out = b""
        for row in part:
            bits = "".join(format(int(s), f"0{depth}b") for s in row.reshape(-1))
            bits += "0" * (-len(bits) % 8)
            out += b"\0" + (int(bits, 2).to_bytes(len(bits) // 8, "big") if bits else b"")
        return out
    if interlaced:
        data = b"".join(rows(samples[y::dy, x::dx]) for y, x, dy, dx in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)) if samples[y::dy, x::dx].size)
    else:
        data = rows(samples)
    table = own.integers(0, 256, (min(5, 1 << depth), 3), dtype=np.uint8)
    palette = chunk(b"PLTE", table.tobytes()) if kind == 3 else b""
    # What the samples stand for, by the rules of the standard.
    key = clear = None
    if b"tRNS" in extra:
        body = extra[extra.index(b"tRNS") + 4:-4]
        clear, key = np.frombuffer(body, np.uint8), (None if kind == 3 else np.frombuffer(body, ">u2").astype(int))
    scaled = (samples.astype(np.int64) * 255 * 2 + (1 << depth) - 1) // (2 * ((1 << depth) - 1))
    right = np.full((height, width, 4), 255, np.uint8)
    if kind == 3:
        right[..., :3] = table[samples[..., 0]]
        if clear is not None:
            right[..., 3] = np.concatenate([clear, np.full(256, 255, np.uint8)])[samples[..., 0]]
    else:
        right[..., :3] = scaled[..., :1] if kind in (0, 4) else scaled[..., :3]
        if kind in (4, 6):
            right[..., 3] = scaled[..., -1]
        elif key is not None:
            right[..., 3] = np.where((samples == key).all(-1), 0, 255)
    RIGHT[len(RIGHT)] = right
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)) + extra.replace(b"@PLTE@", palette)
            + (palette if b"@PLTE@" not in extra else b"") + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def exif(turn, big=False):
    order = ">" if big else "<"
    return (b"MM\0*" if big else b"II*\0") + struct.pack(order + "IHHHIHHI", 8, 1, 0x112, 3, 1, turn, 0, 0)


def files():
    photo = Image.fromarray(np.clip(rng.normal(128, 40, (37, 53, 3)) + np.linspace(-80, 80, 53)[None, :, None], 0, 255).astype(np.uint8))
    soft = photo.resize((20, 14)).resize((53, 37), Image.BICUBIC)
    clear = soft.copy().convert("RGBA")
    clear.putalpha(Image.fromarray((np.add.outer(np.arange(37), np.arange(53)) * 3 % 256).astype(np.uint8)))
    def saved(image, form, **options):
        out = io.BytesIO()
        image.save(out, form, **options)
        return out.getvalue()
    made = {}
    facts = {"gama": chunk(b"gAMA", struct.pack(">I", 30000)), "chrm": chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 70000, 25000, 33000, 60000, 12000, 6000)), "srgb": chunk(b"sRGB", b"\0"),
             "text": chunk(b"tEXt", b"Comment\0x"), "time": chunk(b"tIME", struct.pack(">HBBBBB", 2024, 1, 31, 12, 0, 0)), "phys": chunk(b"pHYs", struct.pack(">IIB", 2835, 2835, 1)), "own": chunk(b"prVt", b"abc"),
             "sbit": b"", "iccp": chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile at all"))}
    for kind, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))):
        for depth in depths:
            for interlaced in (False, True):
                made[f"png-{kind}-{depth}-{interlaced}.png"] = png(13, 11, depth, kind, seed=depth, interlaced=interlaced)
            for name, body in facts.items():
                made[f"png-{kind}-{depth}-{name}.png"] = png(9, 7, depth, kind, body, seed=depth)
    for depth in (1, 2, 4, 8):
        made[f"png-clear-{depth}.png"] = png(9, 7, depth, 3, b"@PLTE@" + chunk(b"tRNS", b"\0\x80\xff"[: 1 << depth]), seed=4)
        made[f"png-key-{depth}.png"] = png(9, 7, depth, 0, chunk(b"tRNS", struct.pack(">H", 1)), seed=4)
    made["png-key-rgb.png"] = png(9, 7, 8, 2, chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3)), seed=4)
    for turn in range(1, 9):
        made[f"turn-{turn}.png"] = saved(soft, "PNG", exif=exif(turn))
        made[f"turn-{turn}.webp"] = saved(soft, "WEBP", exif=exif(turn, True), lossless=True)
        made[f"turn-{turn}.jpg"] = saved(soft, "JPEG", exif=b"Exif\0\0" + exif(turn, turn % 2 == 0), quality=95)
    for quality in (10, 75, 95, 100):
        for sampling in (0, 1, 2):
            for progressive in (False, True):
                made[f"jpeg-{quality}-{sampling}-{progressive}.jpg"] = saved(soft, "JPEG", quality=quality, subsampling=sampling, progressive=progressive)
        made[f"jpeg-gray-{quality}.jpg"] = saved(soft.convert("L"), "JPEG", quality=quality)
        made[f"jpeg-print-{quality}.jpg"] = saved(soft.convert("CMYK"), "JPEG", quality=quality)
    plain = saved(soft, "JPEG", quality=90)
    made["jpeg-behind.jpg"] = plain + b"bytes behind"
    made["jpeg-between.jpg"] = plain[:2] + b"\xff\xfe\0\x05abc" + plain[2:-2] + b"\0\0\0" + plain[-2:]
    made["jpeg-zeros.jpg"] = plain + bytes(4000)
    made["jpeg-open.jpg"] = plain[:-2]
    made["jpeg-restart.jpg"] = saved(soft, "JPEG", quality=90, restart_marker_rows=1)
    made["jpeg-comment.jpg"] = saved(soft, "JPEG", quality=90, comment=b"x" * 60000, optimize=True)
    frames = [Image.fromarray(np.roll(np.asarray(clear), 5 * n, 1)) for n in range(4)]
    sprites = [f.convert("RGB").quantize(16) for f in frames]
    for disposal in (0, 1, 2, 3):
        made[f"gif-{disposal}.gif"] = saved(sprites[0], "GIF", save_all=True, append_images=sprites[1:], disposal=disposal, duration=50)
        holes = [Image.fromarray((np.arange(25).reshape(5, 5) % 3 == n).astype(np.uint8) * (n + 1)).convert("P") for n in range(3)]
        made[f"gif-holes-{disposal}.gif"] = saved(holes[0], "GIF", save_all=True, append_images=holes[1:], disposal=disposal, transparency=0, duration=50)
    made["gif-interlaced.gif"] = saved(sprites[0], "GIF", interlace=1)
    made["gif-open.gif"] = made["gif-1.gif"][:-1]
    made["gif-behind.gif"] = made["gif-1.gif"] + b"bytes behind"
    made["gif-gray.gif"] = saved(soft.convert("L"), "GIF")
    for lossless in (False, True):
        for quality in (20, 80):
            made[f"webp-{lossless}-{quality}.webp"] = saved(soft, "WEBP", lossless=lossless, quality=quality)
            made[f"webp-clear-{lossless}-{quality}.webp"] = saved(clear, "WEBP", lossless=lossless, quality=quality, exact=True)
            made[f"webp-moving-{lossless}-{quality}.webp"] = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=lossless, quality=quality, duration=50)
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        made[f"bmp-{mode}.bmp"] = saved(clear.convert("RGB").quantize(200) if mode == "P" else clear.convert(mode), "BMP")
    top = bytearray(made["bmp-RGB.bmp"])
    struct.pack_into("<i", top, 22, -37)
    made["bmp-down.bmp"] = bytes(top)
    for bits in (1, 4, 8):
        width, height, colors = 13, 7, 1 << min(bits, 4)
        rows = b"".join(bytes(int(v) for v in rng.integers(0, 256 if bits < 8 else colors, (width * bits + 31) // 32 * 4)) for _ in range(height))
        table = b"".join(bytes(int(v) for v in rng.integers(0, 256, 3)) + b"\0" for _ in range(colors))
        made[f"bmp-{bits}.bmp"] = b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54 + len(table) + len(rows), 0, 0, 54 + len(table), 40, width, height, 1, bits, 0, len(rows), 2835, 2835, colors, 0) + table + rows
    words = bytes(int(v) for v in rng.integers(0, 256, 16 * 7 * 2))
    made["bmp-16.bmp"] = b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54 + len(words), 0, 0, 54, 40, 16, 7, 1, 16, 0, len(words), 0, 0, 0, 0) + words
    for name, masks in (("565", (0xF800, 0x7E0, 0x1F)), ("555", (0x7C00, 0x3E0, 0x1F))):
        made[f"bmp-{name}.bmp"] = b"BM" + struct.pack("<IHHIIiiHHIIiiII", 66 + len(words), 0, 0, 66, 40, 16, 7, 1, 16, 3, len(words), 0, 0, 0, 0) + struct.pack("<III", *masks) + words
    for count in (1, 3):
        own = [f.copy() for f in frames[:count]]
        for disposal in (0, 1, 2):
            for blend in (0, 1):
                made[f"apng-{count}-{disposal}-{blend}.png"] = saved(own[0], "PNG", save_all=True, append_images=own[1:], disposal=disposal, blend=blend, duration=50)
    return made


SCRIPT = """
for name in list_files("in") {
  try { save read_image("in/" + name), "out/" + name + ".png" } catch e { write_text "out/" + name + ".txt", e.message }
  try { frames = read_frames("in/" + name); for i in range(len(frames)) { save frames[i], "out/" + name + "-" + str(i) + ".png" } } catch e { write_text "out/" + name + ".frames.txt", e.message }
}
"""


def right(data):
    image = Image.open(io.BytesIO(data))
    frames = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        frame = image.copy()
        turned = ImageOps.exif_transpose(frame) if "exif" in image.info or image.getexif() else frame
        frames.append(np.asarray(turned.convert("RGBA")))
    return frames


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/in"), os.makedirs(f"{folder}/out")
        made = files()
        for name, data in made.items():
            with open(f"{folder}/in/{name}", "wb") as file:
                file.write(data)
        with open(f"{folder}/read.pxb", "w") as file:
            file.write(SCRIPT)
        run = subprocess.run([PROGRAM, "run", "read.pxb"], cwd=folder, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        counts = {}
        own = dict(zip([n for n in made if n.startswith("png-")], RIGHT.values()))
        for name, data in sorted(made.items()):
            kind = name.split("-")[0] if not name.startswith("turn") else "turn"
            equal, total = counts.get(kind, (0, 0))
            faults = []
            for text in (f"{folder}/out/{name}.txt", f"{folder}/out/{name}.frames.txt"):
                if os.path.exists(text):
                    faults.append(open(text).read())
            try:
                expected = [own[name]] if name in own else right(data)
            except Exception as error:
                expected = []
                faults.append(f"Pillow refuses it ({str(error)[:60]})")
            for number, frame in enumerate(expected if not faults else []):
                for path in [f"{folder}/out/{name}-{number}.png"] + ([f"{folder}/out/{name}.png"] if number == 0 and not faults else []):
                    if not os.path.exists(path):
                        faults.append(f"frame {number} is not read")
                        continue
                    found = np.asarray(Image.open(path).convert("RGBA"))
                    if found.shape != frame.shape:
                        faults.append(f"frame {number} has the shape {found.shape}, not {frame.shape}")
                    elif not np.array_equal(found, frame):
                        seen = (found != frame).any(-1) & ~((found[..., 3] == 0) & (frame[..., 3] == 0))
                        if seen.any():
                            faults.append(f"frame {number}: {int(seen.sum())} of {seen.size} pixels differ by up to {int(np.abs(found.astype(int) - frame)[seen].max())}")
            if os.path.exists(f"{folder}/out/{name}-{len(expected)}.png") and not faults:
                faults.append(f"more than {len(expected)} frames")
            counts[kind] = (equal + (not faults), total + 1)
            for fault in faults[:3]:
                print(f"{name}: {fault}")
        for kind, (equal, total) in sorted(counts.items()):
            print(f"{kind}: {equal} of {total} equal")


main()
