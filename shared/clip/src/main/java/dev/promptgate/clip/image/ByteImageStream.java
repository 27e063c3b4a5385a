package dev.promptgate.clip.image;

import java.io.EOFException;
import java.io.UncheckedIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An image file in memory. Some decoders take the end of a file for zeros and read on for as many pixels as a damaged header promises,
 * hours if need be: here whoever has read far beyond the end is stopped by an exception that no decoder expects. Not thread-safe.
 */
final class ByteImageStream extends ImageInputStreamImpl {
    /** A sound decoder looks a few bytes ahead. */
    private static final int MOST_READS_BEYOND_END = 4096;

    private final byte[] file;
    private int beyondEnd;

    ByteImageStream(byte[] file) {
        this.file = file;
    }

    @Override
    public int read() {
        bitOffset = 0;
        return streamPos < file.length ? file[(int) streamPos++] & 0xFF : end();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        if (streamPos >= file.length) {
            return end();
        }
        int count = (int) Math.min(length, file.length - streamPos);
        System.arraycopy(file, (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    private int end() {
        if (++beyondEnd > MOST_READS_BEYOND_END) {
            throw new UncheckedIOException(new EOFException("the end of the file is reached long before the last pixel"));
        }
        return -1;
    }

    @Override
    public long length() {
        return file.length;
    }
}
