package dev.promptgate.clip.image.format;

import java.io.EOFException;

/** What a JPEG file says of its colours in several places that may contradict each other; libjpeg's order of them decides. */
final class JpegColors {
    private static final int RGB_OR_CMYK = 0;
    private static final int YCC = 1;
    private static final int YCCK = 2;
    private static final int NONE = -1;

    private boolean jfif;
    private int adobe = NONE;
    private int components;
    private boolean namedRgb;

    /** A segment APP0: JFIF promises YCbCr. */
    void jfif(Bytes segment) {
        jfif |= segment.has(4, "JFIF\0") && segment.length() >= 18;
    }

    /** A segment APP14, which names the transform. */
    void adobe(Bytes segment) throws EOFException {
        if (segment.has(4, "Adobe") && segment.length() >= 16) {
            adobe = segment.uint8(15);
        }
    }

    /** The header of the frame, with the components' ids. */
    void frame(Bytes segment) throws EOFException {
        components = segment.uint8(9);
        namedRgb = components == 3 && segment.uint8(10) == 'R' && segment.uint8(13) == 'G' && segment.uint8(16) == 'B';
    }

    /** Grey, three colours or four inks. */
    boolean known() {
        return components == 1 || components == 3 || components == 4;
    }

    /** An Adobe segment that says the same in the one place where every reader looks first; empty for grey. */
    byte[] segment() {
        return components == 1 ? new byte[0]
                : new byte[] {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform()};
    }

    private int transform() {
        if (components == 4) {
            return adobe == NONE || adobe == RGB_OR_CMYK ? RGB_OR_CMYK : YCCK;
        }
        boolean rgb = !jfif && (adobe == NONE ? namedRgb : adobe == RGB_OR_CMYK);
        return rgb ? RGB_OR_CMYK : YCC;
    }
}
