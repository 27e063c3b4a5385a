package dev.promptgate.experiments.data;

import java.io.IOException;
import java.net.URI;

/** Where a listed image is kept, such as a file; {@code toString} is what people call it. May be asked from any thread, and may block. */
public interface ImageLocation {
    /** The same for programs: absolute, in ASCII. */
    URI uri();

    /** Whether it is there, as far as is known without reading it. */
    boolean exists();

    /** In bytes. */
    long size() throws IOException;

    /** The first bytes; all of them if there are fewer than {@code count}. */
    byte[] start(int count) throws IOException;
}
