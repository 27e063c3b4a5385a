package dev.promptgate.clip.image.format;

import dev.promptgate.clip.image.format.BmpHeader.Compression;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOException;

/** Runs of pixels of the same colour, as BMP files write them; what no run covers has the first colour. */
final class BmpRuns {
    private static final int END_OF_ROW = 0;
    private static final int END = 1;
    private static final int MOVE = 2;

    private final Bytes runs;
    private final boolean nibbles;
    private final int width;
    private final byte[] indices;
    private int at;
    private int x;
    private int y;

    BmpRuns(Bytes runs, BmpHeader header) {
        this.runs = runs;
        nibbles = header.compression() == Compression.RUNS_OF_NIBBLES;
        width = header.size().width();
        indices = new byte[width * header.size().height()];
    }

    /** The number of each pixel's colour, in the order of the file's rows. */
    byte[] indices() throws IOException {
        boolean more = true;
        while (more && (long) y * width + x < indices.length) {
            int count = runs.uint8(at);
            int value = runs.uint8(at + 1);
            at += 2;
            if (count > 0) {
                run(count, value);
            } else {
                more = command(value);
            }
        }
        return indices;
    }

    private void run(int count, int value) {
        int fits = Math.min(count, width - x); // programs write more; it is cut off, as in Pillow
        int from = y * width + x;
        Arrays.fill(indices, from, from + fits, (byte) (nibbles ? value >> 4 : value));
        for (int i = 1; nibbles && i < fits; i += 2) {
            indices[from + i] = (byte) (value & 0xF);
        }
        x += fits;
    }

    /** Does what one command says, and tells whether more follow. */
    private boolean command(int value) throws IOException {
        switch (value) {
            case END_OF_ROW -> {
                x = 0;
                y++;
            }
            case END -> {
                return false;
            }
            case MOVE -> {
                x += runs.uint8(at);
                y += runs.uint8(at + 1);
                at += 2;
            }
            default -> literal(value);
        }
        if (x > width) {
            throw new IIOException("A run goes beyond its row [width: %d]".formatted(width));
        }
        return true;
    }

    private void literal(int count) throws IOException {
        int bytes = nibbles ? (count + 1) / 2 : count;
        runs.checkHolds(at, bytes);
        if (count > width - x) {
            throw new IIOException("A run goes beyond its row [width: %d]".formatted(width));
        }
        for (int i = 0; i < count; i++) {
            int value = runs.uint8(at + (nibbles ? i / 2 : i));
            indices[y * width + x++] = (byte) (nibbles ? value >> (i % 2 == 0 ? 4 : 0) & 0xF : value);
        }
        at += bytes + (bytes & 1);
    }
}
