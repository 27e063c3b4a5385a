"""BMP files of every kind, byte by byte: Windows' headers of 40 to 124 bytes and OS/2's, all depths, bit fields, runs."""
import struct

from PIL import Image

FIELDS = {16: [(0xF800, 0x7E0, 0x1F, 0), (0x7C00, 0x3E0, 0x1F, 0), (0x7C00, 0x3E0, 0x1F, 0x8000), (0xF00, 0xF0, 0xF, 0xF000),
               (0x1F, 0x7E0, 0xF800, 0), (0xE0, 0x1C, 3, 0)],
          32: [(0xFF0000, 0xFF00, 0xFF, 0), (0xFF0000, 0xFF00, 0xFF, 0xFF000000), (0xFF, 0xFF00, 0xFF0000, 0xFF000000),
               (0xFF000000, 0xFF0000, 0xFF00, 0xFF), (0xFF000000, 0xFF0000, 0xFF00, 0), (0x3FF00000, 0xFFC00, 0x3FF, 0),
               (0x3FF, 0xFFC00, 0x3FF00000, 0xC0000000), (0xF800, 0x7E0, 0x1F, 0), (0x7F0000, 0x7F00, 0x7F, 0)]}


def header(size, width, height, bits, compression, data_size, colors, masks):
    if size == 12:
        return struct.pack("<IHHHH", 12, width, height, 1, bits)
    start = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, data_size, 2835, 2835, colors, 0)
    fields = b"".join(struct.pack("<I", mask) for mask in masks) if masks else b""
    return (start + (fields if size > 40 else b"")).ljust(size, b"\0")[:size] + (fields[:12] if masks and size == 40 else b"")


def whole(head, palette, data, gap=b""):
    offset = 14 + len(head) + len(palette) + len(gap)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + head + palette + gap + data


def sample(value, mask):
    shift = (mask & -mask).bit_length() - 1
    most = mask >> shift
    number = (value & mask) >> shift
    return number >> 2 if most == 1023 else number * 255 // most


def fields(rng, width, height):
    bits = rng.choice([16, 32])
    masks = rng.choice(FIELDS[bits])
    size = rng.choice([40, 52, 56, 108, 124] if not masks[3] else [56, 108, 124])
    values = [[rng.getrandbits(bits) for _ in range(width)] for _ in range(height)]
    row = (width * bits + 31) // 32 * 4
    down = rng.random() < 0.4
    rows = [b"".join(struct.pack("<H" if bits == 16 else "<I", value) for value in line).ljust(row, b"\0") for line in values]
    head = header(size, width, -height if down else height, bits, 3, row * height, 0, masks)
    file = whole(head, b"", b"".join(rows if down else rows[::-1]), rng.choice([b"", b"\0\0\0\0"]))
    image = Image.frombytes("RGB", (width, height), bytes(sample(v, mask) for line in values for v in line for mask in masks[:3]))
    return file, image


def plain(rng, width, height):
    bits = rng.choice([1, 4, 8, 16, 24, 32])
    size = rng.choice([12, 40, 52, 56, 64, 108, 124]) if bits not in (16, 32) else rng.choice([40, 56, 108, 124])
    if size == 12 and bits in (16, 32):
        size = 40
    colors = 0 if bits > 8 or size == 12 or rng.random() < 0.5 else rng.randint(2, 1 << bits)
    entry = 3 if size == 12 else 4
    palette = rng.randbytes(entry * (colors or 1 << bits)) if bits <= 8 else b""
    if bits in (1, 8) and rng.random() < 0.3:
        palette = b"".join(bytes([255 * i if bits == 1 else i] * 3) + b"\0" * (entry - 3) for i in range(len(palette) // entry))
    row = (width * bits + 31) // 32 * 4
    down = size != 12 and rng.random() < 0.3
    most = colors - 1 if colors else (1 << min(bits, 8)) - 1
    data = b"".join(indices(rng, width, bits, most).ljust(row, b"\0") for _ in range(height)) if bits <= 8 else rng.randbytes(row * height)
    return whole(header(size, width, -height if down else height, bits, 0, rng.choice([0, len(data)]), colors, None), palette, data)


def indices(rng, width, bits, most):
    return packed([rng.randint(0, most) for _ in range(width)], bits)


def packed(numbers, bits):
    text = "".join(f"{number:0{bits}b}" for number in numbers)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))


def runs(rng, width, height):
    """Pixels are computed here: of an odd number of nibbles as they are Pillow leaves one out."""
    bits = rng.choice([4, 8])
    palette = rng.randbytes(4 << bits)
    out, rows = bytearray(), []
    for y in range(height):
        row = []
        while len(row) < width:
            count = rng.randint(1, min(width - len(row), 20))
            if rng.random() < 0.05:
                break
            if count >= 3 and rng.random() < 0.5:
                part = [rng.randrange(1 << bits) for _ in range(count)]
                data = packed(part, bits)
                out += bytes([0, count]) + data + bytes(len(data) & 1)
            else:
                value = rng.randrange(256)
                part = [value if bits == 8 else (value >> 4, value & 15)[i % 2] for i in range(count)]
                out += bytes([count, value])
            row += part
        rows.append(row + [0] * (width - len(row)))
        out += b"\0\0"
    out += b"\0\1"
    head = header(rng.choice([40, 108, 124]), width, height, bits, 1 if bits == 8 else 2, len(out), 0, None)
    colors = [palette[i + 2:i - 1 if i else None:-1] if i else palette[2::-1] for i in range(0, len(palette), 4)]
    image = Image.frombytes("RGB", (width, height), b"".join(colors[i] for row in rows[::-1] for i in row))
    return whole(head, palette, bytes(out)), image


def file(rng):
    width, height = rng.randint(1, 30), rng.randint(1, 30)
    return rng.choice([fields, plain, plain, runs])(rng, width, height)
