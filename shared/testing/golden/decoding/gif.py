"""GIF files as they are found, byte by byte: the first frame a part of its screen, or beyond it; odd tables and numbers of colours."""
import io
import struct

from PIL import Image


def lzw(indices, bits):
    """Codes without compression: the table is cleared before it grows beyond its first width."""
    clear, width = 1 << bits, bits + 1
    codes, since = [clear], 0
    for index in indices:
        if since == (1 << bits) - 2:
            codes, since = codes + [clear], 0
        codes.append(index)
        since += 1
    number, length, out = 0, 0, bytearray()
    for code in codes + [clear + 1]:
        number |= code << length
        length += width
        while length >= 8:
            out.append(number & 0xFF)
            number >>= 8
            length -= 8
    out.append(number & 0xFF)
    return bytes([bits]) + b"".join(bytes([len(out[i:i + 255])]) + out[i:i + 255] for i in range(0, len(out), 255)) + b"\0"


def by_hand(rng):
    width, height = rng.randint(1, 30), rng.randint(1, 30)
    left, top = (rng.randrange(12), rng.randrange(12)) if rng.random() < 0.7 else (0, 0)
    screen = rng.choice([(left + width, top + height), (left + width + rng.randrange(9), top + height + rng.randrange(9)), (0, 0),
                         (max(0, left + width - 3), top + height + 2)])
    bits = rng.randint(2, 8)
    table = rng.choice(["global", "local", "both", "none", "greys"])
    data = b"GIF89a" + struct.pack("<HH", *screen)
    data += bytes([0x80 | bits - 1 if table in ("global", "both", "greys") else 0, rng.randrange(1 << bits), 0])
    data += rng.randbytes(3 << bits) if table in ("global", "both") else b""
    data += b"".join(bytes([i] * 3) for i in range(1 << bits)) if table == "greys" else b""
    data += rng.choice([b"", b"!\xfe\x05hello\0", b"!\xff\x0bNETSCAPE2.0\x03\1\0\0\0"])
    if rng.random() < 0.6:
        data += b"!\xf9\4" + bytes([rng.randrange(4) << 2 | rng.randrange(2), 5, 0, rng.randrange(1 << bits)]) + b"\0"
    interlaced = 0x40 if rng.random() < 0.3 else 0
    data += b"," + struct.pack("<HHHH", left, top, width, height) + bytes([interlaced | (0x80 | bits - 1 if table in ("local", "both") else 0)])
    data += rng.randbytes(3 << bits) if table in ("local", "both") else b""
    code_bits = min(8, bits + rng.choice([0, 0, 0, 1, 2]))  # may name colours beyond the table
    return data + lzw([rng.randrange(1 << code_bits) for _ in range(width * height)], code_bits) + rng.choice([b";", b";", b""])


def by_pillow(rng, drawn):
    width, height = rng.randint(1, 40), rng.randint(1, 40)
    images = [drawn(rng, width, height).quantize(rng.randint(2, 256)) for _ in range(rng.randint(1, 3))]
    options = {"save_all": True, "append_images": images[1:], "interlace": rng.randrange(2), "disposal": rng.randrange(4)}
    options |= rng.choice([{}, {"transparency": 0}, {"comment": b"a comment"}, {"optimize": True}])
    out = io.BytesIO()
    images[0].save(out, "GIF", **options)
    return out.getvalue()


def file(rng, drawn):
    return by_hand(rng) if rng.random() < 0.6 else by_pillow(rng, drawn)
