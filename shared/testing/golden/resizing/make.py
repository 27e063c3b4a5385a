"""Draws images and lets Pillow resize them, with the geometry of open_clip's evaluation transforms: python3 make.py"""
import random

import PIL
from PIL import Image, ImageDraw, ImageOps

SIZE = 24
FILTERS = {"bicubic": Image.BICUBIC, "bilinear": Image.BILINEAR}


def drawn(width, height, seed):
    rng = random.Random(seed)
    image = Image.new("RGB", (width, height), (rng.randrange(256), 255, 0))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        corners = [(rng.randrange(width), rng.randrange(height)) for _ in range(3)]
        draw.polygon(corners, fill=tuple(rng.randrange(256) for _ in range(3)))
    for _ in range(width * height // 8):
        image.putpixel((rng.randrange(width), rng.randrange(height)), tuple(rng.randrange(256) for _ in range(3)))
    return image


def shortest(image, how):
    w, h = image.size
    longer = int(SIZE * max(w, h) / min(w, h))
    w, h = (SIZE, longer) if w <= h else (longer, SIZE)
    left, top = round((w - SIZE) / 2), round((h - SIZE) / 2)
    return image.resize((w, h), how).crop((left, top, left + SIZE, top + SIZE))


def squash(image, how):
    return image.resize((SIZE, SIZE), how)


def longest(image, how):
    ratio = max(image.height / SIZE, image.width / SIZE)
    w, h = round(image.width / ratio), round(image.height / ratio)
    left, top = (SIZE - w) // 2, (SIZE - h) // 2
    return ImageOps.expand(image.resize((w, h), how), (left, top, SIZE - w - left, SIZE - h - top), (77, 77, 77))


print("Pillow", PIL.__version__)
for name, image in {"wide": drawn(97, 40, 1), "tall": drawn(33, 140, 2), "small": drawn(17, 12, 3), "same": drawn(24, 24, 4)}.items():
    image.save(f"{name}.png")
    for mode in (shortest, squash, longest):
        for filter_name, how in FILTERS.items():
            mode(image, how).save(f"expected-{name}-{mode.__name__}-{filter_name}.png")
