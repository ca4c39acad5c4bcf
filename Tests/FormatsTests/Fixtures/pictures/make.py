"""Writes the pictures of this folder and, as PNG, what Pillow decodes from each; the frames of a GIF stand side by side."""
import os, struct, zlib
from PIL import Image, ImageDraw, ImageOps, ImageSequence

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def gradient(width, height):
    image = Image.new("RGB", (width, height))
    image.putdata([(9 * x % 256, 11 * y % 256, (x * y) % 256) for y in range(height) for x in range(width)])
    return image


def decoded(name):
    with Image.open(name) as image:
        if name.endswith((".jpg", "turned.webp", "turned.png")):
            image = ImageOps.exif_transpose(image)
        frames = [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]
    width, height = frames[0].size
    sheet = Image.new("RGBA", (width * len(frames), height))
    for number, frame in enumerate(frames):
        sheet.paste(frame, (number * width, 0))
    sheet.save(name + ".png")


gradient(19, 13).save("color.jpg", quality=85)
gradient(19, 13).save("full.jpg", quality=95, subsampling=0)
gradient(19, 13).save("progressive.jpg", quality=70, progressive=True)
gradient(19, 13).convert("L").save("gray.jpg", quality=90)
for orientation in range(2, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    gradient(7, 5).save(f"turned-{orientation}.jpg", quality=95, subsampling=0, exif=exif)
gradient(8, 8).convert("CMYK").save("print.jpg")

gradient(17, 11).quantize(13).save("still.gif", interlace=True)
frames = []
for number in range(4):
    frame = Image.new("P", (12, 9), 0)
    frame.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255])
    ImageDraw.Draw(frame).rectangle((2 * number, number, 2 * number + 3, number + 4), fill=1 + number % 3)
    frames.append(frame)
for disposal in [1, 2, 3]:
    frames[0].save(f"moving-{disposal}.gif", save_all=True, append_images=frames[1:], transparency=0, disposal=disposal,
                   duration=[100, 200, 300, 400], optimize=False)
# The transparent color 255 of a palette of two.
codes = [256, 0, 1, 255, 255, 1, 0, 257]
packed = sum(code << 9 * place for place, code in enumerate(codes)).to_bytes(9, "little")
with open("sparse.gif", "wb") as file:
    file.write(b"GIF89a\3\0\2\0\x80\0\0" + bytes([10, 20, 30, 40, 50, 60]) + b"\x21\xf9\4\1\0\0\xff\0"
               + b"\x2c\0\0\0\0\3\0\2\0\0\x08\x09" + packed + b"\0\x3b")


def clear(width, height):
    image = gradient(width, height).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((width, height)))
    return image


clear(9, 7).save("alpha.webp", lossless=True, exact=True)
gradient(19, 13).save("lossy.webp", quality=80)
turn = Image.Exif()
turn[0x0112] = 6
clear(7, 5).save("turned.webp", lossless=True, exact=True, exif=turn)
clear(7, 5).save("turned.png", exif=turn)
moving = [Image.new("RGBA", (6, 4), color) for color in [(255, 0, 0, 255), (0, 255, 0, 128), (0, 0, 255, 255)]]
moving[1].paste((9, 9, 9, 255), (1, 1, 3, 3))
moving[2].paste((0, 0, 0, 0), (2, 0, 5, 2))
moving[0].save("moving.webp", save_all=True, append_images=moving[1:], duration=[100, 200, 300], lossless=True, exact=True)
moving[0].save("moving.apng", format="PNG", save_all=True, append_images=moving[1:], duration=[100, 200, 300], blend=0)
moving[0].save("over.apng", format="PNG", save_all=True, append_images=moving[1:], duration=100, blend=1, disposal=[0, 1, 2])
gradient(9, 7).quantize(13).save("palette.tif")
gradient(19, 13).save("color.tif", compression="tiff_lzw", tiffinfo={317: 2, 278: 4})
clear(9, 7).save("alpha.tif", compression="tiff_adobe_deflate")
gradient(9, 7).convert("L").save("gray.tif", compression="packbits")
gradient(9, 7).convert("1").save("one.tif", compression="group4")
gradient(9, 7).convert("CMYK").save("print.tif")
gradient(9, 7).convert("YCbCr").save("light.tif")
gradient(7, 5).save("turned.tif", tiffinfo={274: 6})
gradient(9, 7).save("rgb.bmp")
gradient(9, 7).quantize(13).save("palette.bmp")
gradient(9, 7).convert("1").save("one.bmp")
# Runs of eight bits with a jump, and masks of 5, 6 and 5 bits from the top down.
runs = bytes([3, 1, 0, 3, 2, 1, 2, 0, 0, 0, 0, 2, 2, 1, 1, 2, 0, 0, 4, 1, 2, 0, 0, 1])
palette = bytes([0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0])
info = struct.pack("<IiiHHIIiiII", 40, 6, 4, 1, 8, 1, len(runs), 0, 0, 3, 0)
with open("runs.bmp", "wb") as file:
    file.write(struct.pack("<2sIHHI", b"BM", 54 + 12 + len(runs), 0, 0, 66) + info + palette + runs)
pixels = b"".join(struct.pack("<3H", *(x << 11 | (10 * x + y) % 64 << 5 | 31 - y for x in range(3))) + b"\0\0" for y in range(2))
info = struct.pack("<IiiHHIIiiII", 40, 3, -2, 1, 16, 3, len(pixels), 0, 0, 0, 0) + struct.pack("<III", 0xF800, 0x7E0, 0x1F)
with open("masks.bmp", "wb") as file:
    file.write(struct.pack("<2sIHHI", b"BM", 66 + len(pixels), 0, 0, 66) + info + pixels)


def part(kind, body):
    return struct.pack("<IH", 6 + len(body), kind) + body


def text(string):
    return struct.pack("<H", len(string)) + string.encode()


def layer(name, flags=1, kind=0, level=0, mode=0, opacity=255):
    return part(0x2004, struct.pack("<HHHHHHB3x", flags, kind, level, 0, 0, mode, opacity) + text(name) + (struct.pack("<I", 0) if kind == 2 else b""))


def cel(layer, x, y, kind, body, opacity=255, order=0):
    return part(0x2005, struct.pack("<HhhBHh5x", layer, x, y, opacity, kind, order) + body)


def pixels_of(image):
    return struct.pack("<HH", *image.size) + zlib.compress(image.tobytes())


def sprite(name, width, height, depth, frames, transparent=0, flags=1):
    body = b""
    for duration, parts in frames:
        whole = b"".join(parts)
        body += struct.pack("<IHHH2xI", 16 + len(whole), 0xF1FA, len(parts), duration, len(parts)) + whole
    head = struct.pack("<IHHHHHIHIIB3xHBB", 128 + len(body), 0xA5E0, len(frames), width, height, depth, flags, 100, 0, 0, transparent, 4, 1, 1)
    with open(name, "wb") as file:
        file.write(head.ljust(128, b"\0") + body)


# Two frames of color: a hidden group, a cel that sticks out, half-clear layers, a linked cel, an order of its own, tags.
back, spot = Image.new("RGBA", (6, 5), (200, 100, 50, 255)), Image.new("RGBA", (4, 4), (0, 80, 250, 128))
tags = part(0x2018, struct.pack("<H8x", 1) + struct.pack("<HHBH6x4x", 0, 1, 0, 0) + text("walk"))
layers = [layer("back"), layer("group", flags=0, kind=1), layer("hidden", level=1), layer("spot", opacity=128), layer("low")]
low = Image.new("RGBA", (2, 2), (1, 2, 3, 255))
sprite("color.aseprite", 6, 5, 32, [
    (100, layers + [tags, cel(0, 0, 0, 2, pixels_of(back)), cel(2, 0, 0, 2, pixels_of(low)), cel(3, -1, 2, 2, pixels_of(spot), opacity=200),
                    cel(4, 0, 2, 0, struct.pack("<HH", 2, 2) + low.tobytes(), order=-2)]),
    (250, [cel(0, 0, 0, 1, struct.pack("<H", 0)), cel(3, 4, 3, 2, pixels_of(spot))]),
])
sheets = []
for lowest, at, strength in [(low, (-1, 2), 200), (None, (4, 3), 255)]:
    frame = back.copy()
    if lowest:
        frame.paste(lowest, (0, 2))
    over = Image.new("RGBA", frame.size)
    faint = spot.copy()
    alpha = round(128 * round(strength * 128 / 255) / 255)
    faint.putalpha(alpha)
    over.paste(faint, at)
    sheets.append(Image.alpha_composite(frame, over))
sheet = Image.new("RGBA", (12, 5))
for number, frame in enumerate(sheets):
    sheet.paste(frame, (6 * number, 0))
sheet.save("color.aseprite.png")
# Palette colors with a clear one, and tiles, one of them turned.
colors = [(0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)]
table = part(0x2019, struct.pack("<III8x", 4, 0, 3) + b"".join(struct.pack("<HBBBB", 0, *color, 255) for color in colors))
tiles = bytes([0, 0, 0, 0, 1, 2, 3, 1])
squeezed = zlib.compress(tiles)
tileset = part(0x2023, struct.pack("<IIIHHh14x", 0, 2, 2, 2, 2, 1) + text("tiles") + struct.pack("<I", len(squeezed)) + squeezed)
places = zlib.compress(struct.pack("<IIII", 1, 1 | 0x20000000, 0, 1 | 0x40000000))
tilemap = cel(0, 0, 0, 3, struct.pack("<HHHIIII10x", 2, 2, 32, 0x1FFFFFFF, 0x20000000, 0x40000000, 0x80000000) + places)
sprite("tiles.aseprite", 4, 4, 8, [(100, [table, tileset, layer("map", kind=2), tilemap])])
grid = [[1, 2, 2, 1], [3, 1, 1, 3], [0, 0, 3, 1], [0, 0, 1, 2]]
shown = Image.new("RGBA", (4, 4))
shown.putdata([(0, 0, 0, 0) if index == 0 else colors[index] + (255,) for row in grid for index in row])
shown.save("tiles.aseprite.png")
# Groups that are drawn by themselves, one of them in another and half clear.
layers = [layer("back"), layer("outer", kind=1, opacity=128), layer("spot", level=1), layer("inner", kind=1, level=1, opacity=200),
          layer("low", level=2), layer("top")]
sprite("groups.aseprite", 6, 5, 32, [
    (100, layers + [cel(0, 0, 0, 2, pixels_of(back)), cel(2, 1, 1, 2, pixels_of(spot)), cel(4, 2, 2, 2, pixels_of(low)),
                    cel(5, 5, 4, 2, pixels_of(low))]),
    (100, [cel(0, 0, 0, 1, struct.pack("<H", 0)), cel(4, -1, -1, 1, struct.pack("<H", 0), opacity=128)]),
], flags=3)


def faded(image, opacity):
    image = image.copy()
    image.putalpha(image.getchannel("A").point(lambda alpha: round(alpha * opacity / 255)))
    return image


def placed(*parts):
    whole = Image.new("RGBA", (6, 5))
    for image, at in parts:
        over = Image.new("RGBA", whole.size)
        over.paste(image, at)
        whole = Image.alpha_composite(whole, over)
    return whole


inner = faded(placed((low, (2, 2))), 200)
first = placed((back, (0, 0)), (faded(placed((spot, (1, 1)), (inner, (0, 0))), 128), (0, 0)), (low, (5, 4)))
second = placed((back, (0, 0)), (faded(placed((faded(placed((faded(low, 128), (-1, -1))), 200), (0, 0))), 128), (0, 0)))
sheet = Image.new("RGBA", (12, 5))
sheet.paste(first, (0, 0))
sheet.paste(second, (6, 0))
sheet.save("groups.aseprite.png")
# A palette that changes, in part and anew, under a cel that is that of the frame before.
def palette(first, colors, size):
    entries = b"".join(struct.pack("<HBBBB", 0, *color, 255) for color in colors)
    return part(0x2019, struct.pack("<III8x", size, first, first + len(colors) - 1) + entries)


cells = Image.frombytes("L", (2, 2), bytes([1, 2, 3, 0]))
following = [cel(0, 0, 0, 1, struct.pack("<H", frame)) for frame in (0, 1)]
changed = [[(0, 0, 0), (9, 9, 9), (0, 255, 0), (0, 0, 255)], [(5, 5, 5), (6, 6, 6), (7, 7, 7), (8, 8, 8)]]
sprite("changes.aseprite", 2, 2, 8, [
    (100, [table, layer("cells"), cel(0, 0, 0, 2, pixels_of(cells))]), (100, [palette(1, [(9, 9, 9)], 4), following[0]]),
    (100, [palette(0, changed[1], 4), following[1]]),
])
sheet = Image.new("RGBA", (6, 2))
for number, shades in enumerate([colors, *changed]):
    for place, index in enumerate([1, 2, 3]):
        sheet.putpixel((2 * number + place % 2, place // 2), shades[index] + (255,))
sheet.save("changes.aseprite.png")

for name in sorted(os.listdir(".")):
    if name.endswith((".jpg", ".gif", ".webp", ".apng", ".bmp", ".tif")) or name == "turned.png":
        decoded(name)
# Pillow mixes the opacities too where a frame lies over another, which is not what the format says.
with Image.open("over.apng.png") as sheet:
    sheet = sheet.copy()
sheet.paste(Image.alpha_composite(moving[0], moving[1]), (6, 0))
sheet.save("over.apng.png")
