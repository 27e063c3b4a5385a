"""Makes image files of every accepted format and asks Pillow for their pixels: python3 make.py

One zip a format: the files, and expected.txt with name, width, height and SHA-256 of the upright RGB pixels; of JPEG, whose decoders may
round differently, the pixels themselves beside each file. Needs Pillow 12.3 and numpy. Bit fields that Pillow refuses are computed here.
"""
import hashlib
import io
import random
import struct
import zipfile
import zlib

import numpy
from PIL import Image, ImageDraw, ImageOps

import bmp
import gif

LONGEST = 40
KINDS = ["flat", "scene", "gradient", "noise", "blurred"]


def size(rng):
    return rng.choice([(1, 1), (1, 7), (8, 8), (16, 16), (17, 1), (15, 33)] + [(rng.randint(1, LONGEST), rng.randint(1, LONGEST))] * 12)


def color(rng):
    return tuple(rng.randrange(256) for _ in range(3))


def drawn(rng, width, height, kind=None):
    kind = kind or rng.choice(KINDS)
    if kind == "noise" or kind == "blurred":
        side = (width, height) if kind == "noise" else (max(1, width // 5), max(1, height // 5))
        return Image.frombytes("RGB", side, rng.randbytes(3 * side[0] * side[1])).resize((width, height), Image.BICUBIC)
    if kind == "gradient":
        slopes = [(rng.uniform(-9, 9), rng.uniform(-9, 9), rng.randrange(256)) for _ in range(3)]
        y, x = numpy.mgrid[0:height, 0:width]
        return Image.fromarray(numpy.stack([(a * x + b * y + c) % 256 for a, b, c in slopes], 2).astype("uint8"))
    image = Image.new("RGB", (width, height), color(rng))
    for _ in range(0 if kind == "flat" else rng.randint(1, 8)):
        ImageDraw.Draw(image).polygon([(rng.randrange(width), rng.randrange(height)) for _ in range(3)], fill=color(rng))
    return image


def with_alpha(rng, image):
    alpha = image.copy()
    alpha.putalpha(Image.frombytes("L", image.size, rng.randbytes(image.width * image.height)))
    return alpha


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation):
    data = Image.Exif()
    data[0x112] = orientation
    return data.tobytes()


def pixels(file):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(file)))
    if image.mode == "I;16":  # of grey of 16 bits Pillow makes white whatever is above 255; here the high byte counts, as it does in colours
        return Image.fromarray((numpy.asarray(image) >> 8).astype("uint8")).convert("RGB")
    return image.convert("RGB")


def jpeg(rng):
    image = drawn(rng, *size(rng))
    options = {"quality": rng.choice([1, 5, 20, 50, 75, 75, 90, 95, 100]), "subsampling": rng.randrange(3)}
    options |= rng.choice([{}, {"progressive": True}, {"optimize": True}, {"restart_marker_blocks": rng.randint(1, 5)}])
    options |= rng.choice([{}, {}, {"comment": b"a comment"}, {"icc_profile": rng.randbytes(300)}, {"exif": exif(rng.randrange(10))}])
    kind = rng.choice(["RGB"] * 6 + ["L", "CMYK", "YCCK", "rgb"])
    if kind == "L" or kind == "CMYK":
        return saved(image.convert(kind), "JPEG", **options)
    if kind == "YCCK":
        return saved(image.convert("CMYK"), "JPEG", **options).replace(b"Adobe\0d\0\0\0\0\0", b"Adobe\0d\0\0\0\0\2")
    return saved(image, "JPEG", **options | ({"keep_rgb": True, "subsampling": 0} if kind == "rgb" else {}))


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def raw_png(rng, width, height, bits, color_type, palette):
    """PNG of samples that Pillow does not write: 16 bits, and fewer than eight; each row with another filter."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color_type]
    row = (width * bits * samples + 7) // 8
    data = bytearray(b"".join(bytes([rng.randrange(5)]) + rng.randbytes(row) for _ in range(height)))
    body = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, 0))
    body += png_chunk(b"PLTE", palette) if palette else b""
    return b"\x89PNG\r\n\x1a\n" + body + png_chunk(b"IDAT", zlib.compress(bytes(data))) + png_chunk(b"IEND", b"")


def png(rng):
    width, height = size(rng)
    if rng.random() < 0.5:
        bits, color_type = rng.choice([(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (8, 4), (16, 4), (8, 6), (16, 6),
                                       (1, 3), (2, 3), (4, 3), (8, 3)])
        return raw_png(rng, width, height, bits, color_type, rng.randbytes(3 << bits) if color_type == 3 else b"")
    image = drawn(rng, width, height)
    image = rng.choice([image, image.convert("L"), image.convert("1"), image.quantize(rng.randint(2, 256)), with_alpha(rng, image),
                        with_alpha(rng, image).convert("LA")])
    options = rng.choice([{}, {"optimize": True}, {"exif": exif(rng.randrange(10))}, {"icc_profile": rng.randbytes(50)}, {"bits": 8}])
    if image.mode == "P":
        options = rng.choice([{}, {"transparency": rng.randrange(2)}, {"transparency": bytes([0, 128])}])
    elif image.mode == "RGB" and rng.random() < 0.3:
        options = {"transparency": image.getpixel((0, 0))}
    return saved(image, "PNG", **options)


def webp_options(rng):
    options = {"quality": rng.choice([0, 1, 10, 50, 75, 75, 90, 100]), "method": rng.randrange(7)}
    options |= rng.choice([{}, {}, {"use_sharp_yuv": True}, {"exact": True}, {"alpha_quality": rng.randrange(101)}])
    return options | rng.choice([{}, {}, {"lossless": True}])


def webp(rng):
    image = drawn(rng, *size(rng))
    image = with_alpha(rng, image) if rng.random() < 0.3 else image
    options = webp_options(rng)
    if rng.random() < 0.25:
        more = [drawn(rng, *image.size) for _ in range(2)]
        options |= {"save_all": True, "append_images": more, "minimize_size": rng.random() < 0.5, "background": (9, 99, 199, 255)}
    file = saved(image, "WEBP", **options | rng.choice([{}, {"exif": exif(rng.randrange(10))}, {"xmp": b"<x/>"}]))
    return webp_part(rng, image, options) if rng.random() < 0.15 else file


def webp_part(rng, image, options):
    """An animation whose first frame is a part of its canvas."""
    body = saved(image, "WEBP", **{k: v for k, v in options.items() if k not in ("save_all", "append_images")})[12:]
    if body[:4] == b"VP8X":
        body = body[18:]
    left, top = 2 * rng.randrange(10), 2 * rng.randrange(10)
    u24 = lambda n: struct.pack("<I", n)[:3]
    width, height = left + image.width + rng.randrange(9), top + image.height + rng.randrange(9)
    chunk = lambda kind, data: kind + struct.pack("<I", len(data)) + data + bytes(len(data) & 1)
    frame = u24(left // 2) + u24(top // 2) + u24(image.width - 1) + u24(image.height - 1) + u24(100) + bytes([rng.randrange(4)]) + body
    flags = bytes([rng.choice([0x02, 0x12]), 0, 0, 0])
    file = chunk(b"VP8X", flags + u24(width - 1) + u24(height - 1)) + chunk(b"ANIM", rng.randbytes(4) + b"\0\0") + chunk(b"ANMF", frame)
    return b"RIFF" + struct.pack("<I", 4 + len(file)) + b"WEBP" + file


def write(name, make, count, seed, keep_pixels=False, expected=pixels):
    rng = random.Random(seed)
    lines = []
    with zipfile.ZipFile(f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        def add(entry, data):
            out.writestr(zipfile.ZipInfo(entry), data, zipfile.ZIP_DEFLATED, 9)

        while len(lines) < count:
            made = make(rng)
            file, image = made if isinstance(made, tuple) else (made, None)
            image = image or expected(file)
            entry = f"{len(lines):03}.{name}"
            add(entry, file)
            if keep_pixels:
                add(entry + ".rgb", image.tobytes())
            lines.append(f"{entry} {image.width} {image.height} {hashlib.sha256(image.tobytes()).hexdigest()}")
        add("expected.txt", "\n".join(lines) + "\n")


if __name__ == "__main__":
    write("jpeg", jpeg, 320, 1, keep_pixels=True)
    write("png", png, 320, 2)
    write("webp", webp, 400, 3)
    write("gif", lambda rng: gif.file(rng, drawn), 320, 4)
    write("bmp", bmp.file, 400, 5)
