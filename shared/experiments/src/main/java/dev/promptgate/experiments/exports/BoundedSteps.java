package dev.promptgate.experiments.exports;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 text, a byte order mark left out, of which a parser may read so much before it comes to its next event, and no more: this bounds
 * the memory that one element takes, whatever a few bytes of an archive unpack to.
 */
final class BoundedSteps extends FilterReader {
    /** Characters; far more than the outline of any shape takes. */
    static final int LIMIT = 16 << 20;

    private long sinceEvent;

    BoundedSteps(InputStream in) throws IOException {
        super(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder())));
        this.in.mark(1);
        if (this.in.read() != '\uFEFF') {
            this.in.reset();
        }
    }

    void onEvent() {
        sinceEvent = 0;
    }

    /** @throws java.nio.charset.CharacterCodingException if it is not UTF-8 */
    @Override
    public int read(char[] to, int offset, int length) throws IOException {
        int read = super.read(to, offset, length);
        sinceEvent += Math.max(read, 0);
        if (sinceEvent > LIMIT) {
            throw new IOException("one element is longer than %d characters".formatted(LIMIT));
        }
        return read;
    }
}
