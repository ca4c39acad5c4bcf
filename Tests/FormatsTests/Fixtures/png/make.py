"""Writes a PNG of every color type and depth, plain and interlaced, with and without a transparent color, and rgba.json: what
each holds as 8-bit red, green, blue, alpha. The samples are random; Pillow must decode every file to the same (16-bit samples
differ by one where it cuts and the standard rounds)."""
import io, json, os, random, struct, zlib
from PIL import Image

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random.seed(3)
W, H = 9, 7
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
NAMES = {0: "gray", 2: "rgb", 3: "palette", 4: "gray-alpha", 6: "rgba"}


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(samples, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", s) for s in samples)
    bits = "".join(format(s, f"0{depth}b") for s in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def filtered(row, before, width):
    kind = random.randrange(5)
    out = []
    for i, value in enumerate(row):
        left = row[i - width] if i >= width else 0
        up = before[i] if before else 0
        corner = before[i - width] if before and i >= width else 0
        p = left + up - corner
        paeth = min((left, up, corner), key=lambda c: abs(p - c))
        out.append((value - (0, left, up, (left + up) // 2, paeth)[kind]) % 256)
    return bytes([kind]) + bytes(out)


def data(pixels, color, depth, interlaced):
    width = max(1, CHANNELS[color] * depth // 8)
    raw = b""
    for x0, y0, dx, dy in PASSES if interlaced else [(0, 0, 1, 1)]:
        before = None
        for y in range(y0, H, dy):
            row = packed([s for x in range(x0, W, dx) for s in pixels[y][x]], depth)
            if row:
                raw += filtered(row, before, width)
                before = row
    return zlib.compress(raw)


def eight(sample, depth):
    return (sample * 255 * 2 + 2**depth - 1) // (2 * (2**depth - 1))


expected = {}
for color, depths in {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}.items():
    for depth in depths:
        for transparent in [False, True] if color in (0, 2, 3) else [False]:
            for interlaced in [False, True]:
                pixels = [[tuple(random.randrange(2**depth) for _ in range(CHANNELS[color])) for _ in range(W)] for _ in range(H)]
                palette = [tuple(random.randrange(256) for _ in range(3)) for _ in range(2**depth)] if color == 3 else []
                alphas = [random.randrange(256) for _ in palette[::2]] if transparent and color == 3 else []
                clear = pixels[2][3] if transparent and color != 3 else None
                name = f"{NAMES[color]}{depth}{'-clear' if transparent else ''}{'-interlaced' if interlaced else ''}.png"
                out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, depth, color, 0, 0, interlaced))
                if palette:
                    out += chunk(b"PLTE", bytes(sum(palette, ())))
                if alphas:
                    out += chunk(b"tRNS", bytes(alphas))
                if clear:
                    out += chunk(b"tRNS", b"".join(struct.pack(">H", s) for s in clear))
                out += chunk(b"IDAT", data(pixels, color, depth, interlaced)) + chunk(b"IEND", b"")
                with open(name, "wb") as file:
                    file.write(out)

                rgba = []
                for pixel in sum(pixels, []):
                    alpha = 0 if clear and pixel == clear else 255
                    if color == 3:
                        rgba += [*palette[pixel[0]], alphas[pixel[0]] if pixel[0] < len(alphas) else 255]
                    else:
                        samples = [eight(s, depth) for s in pixel]
                        if color in (4, 6):
                            alpha = samples.pop()
                        rgba += (samples * 3 if len(samples) == 1 else samples) + [alpha]
                expected[name] = rgba
                image = Image.open(io.BytesIO(out))
                if image.mode == "I;16":
                    theirs = [v for s in image.getdata() for v in [s >> 8] * 3 + [0 if clear and s == clear[0] else 255]]
                else:
                    theirs = list(image.convert("RGBA").tobytes())
                if clear and depth in (2, 4, 16):  # Pillow compares the transparent color with samples brought to 8 bits.
                    theirs[3::4] = rgba[3::4]
                worst = max(abs(a - b) for a, b in zip(rgba, theirs))
                assert len(theirs) == len(rgba) and worst <= (1 if depth == 16 else 0), (name, worst)

with open("rgba.json", "w") as file:
    file.write("{\n" + ",\n".join(f'"{name}": {json.dumps(rgba)}' for name, rgba in expected.items()) + "\n}\n")
print(len(expected), "pictures")
