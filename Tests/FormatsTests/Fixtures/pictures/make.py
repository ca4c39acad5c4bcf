"""Writes the pictures of this folder and, as PNG, what Pillow decodes from each; the frames of a GIF stand side by side."""
import os
from PIL import Image, ImageDraw, ImageOps, ImageSequence

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def gradient(width, height):
    image = Image.new("RGB", (width, height))
    image.putdata([(9 * x % 256, 11 * y % 256, (x * y) % 256) for y in range(height) for x in range(width)])
    return image


def decoded(name):
    with Image.open(name) as image:
        if name.endswith(".jpg"):
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
for name in sorted(os.listdir(".")):
    if name.endswith((".jpg", ".gif")) and name != "print.jpg":
        decoded(name)
