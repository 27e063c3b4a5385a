package dev.promptgate.clip.image.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOException;

/**
 * The blocks of a GIF file (GIF89a specification) up to its first frame. What comes out is that frame alone with a full table of colours,
 * so that readers need not agree about what the file leaves open. It is done as in Pillow: numbers beyond the table are black, without a
 * table they are greys, and the canvas around the frame has the transparent colour or else the first one.
 */
final class GifBlocks {
    static final int SCREEN_BYTES = 13;
    static final int DESCRIPTOR_BYTES = 10;
    static final int INTERLACED = 0x40;
    private static final int COLORS = 256;
    /** Where the frame's descriptor begins in what comes out, after the table. */
    static final int FRAME_AT = SCREEN_BYTES + 3 * COLORS;
    private static final int HAS_TABLE = 0x80;
    private static final int FULL_TABLE = HAS_TABLE | 7;
    private static final int EXTENSION = '!';
    private static final int IMAGE = ',';
    private static final int TRAILER = ';';
    private static final int GRAPHIC_CONTROL = 0xF9;

    private final Bytes file;
    private final byte[] table = greys();
    /** The number of the transparent colour, or of the first. */
    private int around;

    private GifBlocks(byte[] file) {
        this.file = Bytes.littleEndian(file);
    }

    static ImageParts parts(byte[] file) throws IOException {
        return new GifBlocks(file).parts();
    }

    private ImageParts parts() throws IOException {
        int flags = file.uint8(10);
        int at = firstFrame(SCREEN_BYTES + tableBytes(flags));
        int frameFlags = file.uint8(at + 9);
        if ((frameFlags & HAS_TABLE) != 0) {
            fillTable(at + DESCRIPTOR_BYTES, frameFlags);
        } else if ((flags & HAS_TABLE) != 0) {
            fillTable(SCREEN_BYTES, flags);
        }
        ImageParts.Size size = new ImageParts.Size(file.uint16(at + 5), file.uint16(at + 7));
        int left = file.uint16(at + 1);
        int top = file.uint16(at + 3);
        ImageParts.Size canvas = new ImageParts.Size(Math.max(file.uint16(6), left + size.width()),
                Math.max(file.uint16(8), top + size.height()));
        byte[] frame = frame(size, frameFlags, at + DESCRIPTOR_BYTES + tableBytes(frameFlags));
        return new ImageParts(frame, canvas, new ImageParts.Place(left, top, size, background()), ExifOrientation.UPRIGHT);
    }

    private static byte[] greys() {
        byte[] table = new byte[3 * COLORS];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) (i / 3);
        }
        return table;
    }

    private static int tableBytes(int flags) {
        return (flags & HAS_TABLE) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    private void fillTable(int at, int flags) throws IOException {
        Bytes colors = file.part(at, tableBytes(flags));
        boolean greys = Arrays.equals(colors.file(), colors.from(), colors.to(), table, 0, colors.length());
        if (!greys) {
            Arrays.fill(table, (byte) 0);
            System.arraycopy(colors.file(), colors.from(), table, 0, colors.length());
        }
    }

    private int background() {
        return (table[3 * around] & 0xFF) << 16 | (table[3 * around + 1] & 0xFF) << 8 | table[3 * around + 2] & 0xFF;
    }

    /** Where the descriptor of the first frame begins. Bytes between blocks are passed over, as in Pillow. */
    private int firstFrame(int start) throws IOException {
        int at = start;
        for (int kind = file.uint8(at); kind != IMAGE; kind = file.uint8(at)) {
            if (kind == TRAILER) {
                throw new IIOException("There is no frame in the file");
            }
            at = kind == EXTENSION ? afterExtension(at) : at + 1;
        }
        return at;
    }

    private int afterExtension(int at) throws IOException {
        if (file.uint8(at + 1) == GRAPHIC_CONTROL && file.uint8(at + 2) >= 4 && (file.uint8(at + 3) & 1) != 0) {
            around = file.uint8(at + 6);
        }
        return afterSubBlocks(at + 2);
    }

    private int afterSubBlocks(int start) throws IOException {
        int at = start;
        while (file.uint8(at) != 0) {
            at += 1 + file.uint8(at);
        }
        return at + 1;
    }

    private byte[] frame(ImageParts.Size size, int flags, int data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(file.length() - data + 1024);
        bytes.writeBytes("GIF89a".getBytes(StandardCharsets.US_ASCII));
        write16(bytes, size.width(), size.height());
        bytes.writeBytes(new byte[] {(byte) FULL_TABLE, 0, 0});
        bytes.writeBytes(table);
        bytes.write(IMAGE);
        write16(bytes, 0, 0, size.width(), size.height());
        bytes.write(flags & INTERLACED);
        bytes.write(file.file(), data, file.length() - data);
        return bytes.toByteArray();
    }

    private static void write16(ByteArrayOutputStream bytes, int... values) {
        for (int value : values) {
            bytes.write(value);
            bytes.write(value >> 8);
        }
    }
}
